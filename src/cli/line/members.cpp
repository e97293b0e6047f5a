#include "cli/line/members.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/terminal/prompt.h"
#include "json/parse.h"

namespace patchbay::cli {
namespace {

Result<> add_file(json::Object& members, const std::string& file) {
  const auto text = read_input(file);
  if (!text) return std::unexpected(text.error());
  auto value = json::parse(text->reveal());
  if (!value || !value->is_object()) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("'@{}' holds no JSON object{}", file,
                            value ? "." : ": " + value.error().message));
  }
  for (auto& [name, each] : *value->if_object()) members[name] = std::move(each);
  return {};
}

void add_text(json::Object& members, std::string_view name, std::string_view text, bool again) {
  json::Value& member = members[name];
  if (!again) {
    member = json::Value(text);
  } else if (json::Array* const list = member.if_array()) {
    list->emplace_back(text);
  } else {
    member = json::Array{std::move(member), json::Value(text)};
  }
}

}  // namespace

Result<json::Object> read_members(std::span<const std::string> words) {
  json::Object members;
  std::vector<std::string_view> typed;
  for (const std::string& word : words) {
    if (word.starts_with('@')) {
      if (auto added = add_file(members, word.substr(1)); !added) {
        return std::unexpected(added.error());
      }
      continue;
    }
    const std::size_t equals = word.find('=');
    const bool is_json = equals != std::string::npos && equals > 0 && word[equals - 1] == ':';
    const std::string_view name =
        std::string_view(word).substr(0, is_json ? equals - 1 : std::min(equals, word.size()));
    if (equals == std::string::npos || name.empty()) {
      return fail(ErrorCode::invalid_argument, fmt::format("'{}' names no value.", word),
                  "Write name=text, name:=json or @file.");
    }
    const std::string_view text = std::string_view(word).substr(equals + 1);
    if (!is_json) {
      add_text(members, name, text, std::ranges::find(typed, name) != typed.end());
      typed.push_back(name);
      continue;
    }
    auto value = json::parse(text);
    if (!value) {
      return fail(ErrorCode::invalid_argument,
                  fmt::format("What follows '{}:=' is no JSON: {}", name, value.error().message),
                  fmt::format("A text is written {}=text.", name));
    }
    members[name] = std::move(*value);
  }
  return members;
}

Error with_hint_on_types(Error refused, std::span<const std::string> words) {
  if (refused.code != ErrorCode::invalid_argument) return refused;
  for (const std::string_view word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0 || word[equals - 1] == ':') continue;
    const auto value = json::parse(word.substr(equals + 1));
    if (!value || value->is_string()) continue;
    if (!refused.hint.empty()) refused.hint += ' ';
    refused.hint +=
        fmt::format("{}={} is a text; what is none is written {}:={}.", word.substr(0, equals),
                    word.substr(equals + 1), word.substr(0, equals), word.substr(equals + 1));
    return refused;
  }
  return refused;
}

}  // namespace patchbay::cli
