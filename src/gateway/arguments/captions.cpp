#include "gateway/arguments/captions.h"

#include <utility>

#include "base/blanks.h"
#include "base/text.h"
#include "json/parse.h"

namespace patchbay::gateway {

namespace {

constexpr std::string_view kForm = "takes texts, each a caption with its value: \"Region: South\"";

std::string about(std::string_view said) {
  return '\'' + std::string(cut_utf8(said, 80)) + "' ";
}

// A caption may hold a colon, and then a blank does not follow it as a rule.
std::optional<std::pair<std::string, json::Value>> parted(std::string_view text) {
  auto at = text.find(": ");
  if (at == std::string_view::npos) at = text.find(':');
  if (at == std::string_view::npos) return std::nullopt;
  std::string caption(trim_blanks(text.substr(0, at)));
  if (caption.empty()) return std::nullopt;
  return std::pair(std::move(caption), json::Value(trim_blanks(text.substr(at + 1))));
}

// As the API has it, {"caption": "Region", "value": "South"}; else its members are captions
// themselves.
void take_object(const integration::CustomFields& words, const json::Object& entry,
                 json::Object& fields) {
  const auto* caption = entry.find(words.caption);
  const auto* value = entry.find(words.value);
  if (caption != nullptr && caption->is_string() && value != nullptr) {
    fields[*caption->if_string()] = *value;
    return;
  }
  for (const auto& [name, given] : entry) fields[name] = given;
}

}  // namespace

bool takes_captions(const Call& call, const integration::Argument& argument) {
  const auto& field = call.integration().custom_fields.field;
  return argument.place == integration::ArgumentPlace::platform && !field.empty() &&
         (argument.name == field || argument.name == integration::kCustomFieldFilter);
}

std::optional<std::string> gather_captions(const integration::CustomFields& words,
                                           json::Value& value) {
  if (const auto* text = value.if_string()) {
    const auto said = trim_blanks(*text);
    if (said.empty() || said.starts_with('{')) return std::nullopt;
    // Several clients write a list as its JSON text.
    auto list = said.starts_with('[') ? json::parse(said) : json::parse("");
    value =
        list && list->is_array() ? std::move(*list) : json::Value(json::Array{json::Value(said)});
  }
  const auto* entries = value.if_array();
  if (entries == nullptr || entries->empty()) return std::nullopt;
  json::Object fields;
  for (const auto& entry : *entries) {
    if (const auto* object = entry.if_object()) {
      take_object(words, *object, fields);
      continue;
    }
    const auto* text = entry.if_string();
    auto one = text != nullptr ? parted(*text) : std::nullopt;
    if (!one)
      return (text != nullptr ? about(*text) + "has no value; it " : "") + std::string(kForm);
    if (fields.contains(one->first)) return about(one->first) + "is given twice";
    fields.append(std::move(one->first), std::move(one->second));
  }
  value = json::Value(std::move(fields));
  return std::nullopt;
}

}  // namespace patchbay::gateway
