#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "app/config.h"
#include "base/nearest.h"
#include "base/text.h"
#include "yaml/yaml.h"

namespace patchbay::app {
namespace {

constexpr std::size_t kLargestFile = 1'048'576;  // 1 MiB

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, fmt::format("Cannot read '{}'.", path));
  std::string text(kLargestFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLargestFile) {
    return fail(ErrorCode::too_large, fmt::format("'{}' is larger than 1 MiB.", path));
  }
  return text;
}

// Blank lines and comments: no settings yet, which is no problem.
bool says_nothing(std::string_view text) {
  return std::ranges::all_of(split(text, '\n'), [](std::string_view line) {
    return trim(line).empty() || trim(line).starts_with('#');
  });
}

// A setting's value as the text that flags and variables have: lists are joined by commas.
Result<std::string> as_text(const Option& option, const yaml::Node& value) {
  if (value.is_scalar()) return value.text;
  if (!option.is_list) return fail(ErrorCode::invalid_argument, "takes one plain value");
  if (value.is_mapping()) return fail(ErrorCode::invalid_argument, "takes a value or a list");
  std::vector<std::string> items;
  for (const yaml::Node& item : value.items) {
    if (!item.is_scalar()) return fail(ErrorCode::invalid_argument, "takes a list of plain values");
    items.push_back(item.text);
  }
  return join(items, ",");
}

std::string unknown_setting(std::string_view name) {
  std::vector<std::string> known;
  for (const Option& option : options()) {
    known.emplace_back(option.name);
    std::ranges::replace(known.back(), '-', '_');
  }
  const auto near = nearest(name, known, 1);
  return near.empty() ? "is no setting" : fmt::format("is no setting; did you mean {}?", near[0]);
}

Result<> set_from(Config& config, const yaml::Node::Entry& entry) {
  const Option* const option = find_option(entry.key);
  if (option == nullptr) return fail(ErrorCode::invalid_argument, unknown_setting(entry.key));
  const auto text = as_text(*option, entry.value);
  if (!text) return std::unexpected(text.error());
  return option->set(config, *text);
}

}  // namespace

void read_config_file(Config& config, const std::string& path, Faults& faults) {
  const auto text = read_file(path);
  if (!text) return faults.add(text.error());
  if (says_nothing(*text)) return;
  const auto root = yaml::parse(*text);
  if (!root) {
    return faults.add({ErrorCode::invalid_argument,
                       fmt::format("{}:{}: {}", path, root.error().line, root.error().message),
                       root.error().fix});
  }
  if (!root->is_mapping()) {
    return faults.add({ErrorCode::invalid_argument,
                       fmt::format("{}:{}: settings are lines of `name: value`", path, root->line),
                       ""});
  }
  for (const yaml::Node::Entry& entry : root->entries) {
    if (auto set = set_from(config, entry); !set) {
      faults.add({set.error().code,
                  fmt::format("{}:{}: {} {}", path, entry.line, entry.key, set.error().message),
                  set.error().hint});
    }
  }
}

}  // namespace patchbay::app
