// How values and rules are called in messages for a model.
#include <algorithm>

#include "base/blanks.h"
#include "base/text.h"
#include "json/write.h"
#include "schema/plan.h"

namespace patchbay::schema {
namespace {

constexpr std::size_t kShownBytes = 60;   // of a value that is quoted back
constexpr std::size_t kShownValues = 25;  // of an enumeration

std::string shortened(std::string_view text) {
  if (text.size() <= kShownBytes) return std::string(text);
  return std::string(cut_utf8(text, kShownBytes)) + "…";
}

}  // namespace

std::string describe_types(Types types) {
  std::vector<std::string> names;
  if ((types & kNumber) != 0) {
    names.emplace_back("a number");
  } else if ((types & kInteger) != 0) {
    names.emplace_back("an integer");
  }
  if ((types & kString) != 0) names.emplace_back("a text");
  if ((types & kBoolean) != 0) names.emplace_back("true or false");
  if ((types & kArray) != 0) names.emplace_back("an array");
  if ((types & kObject) != 0) names.emplace_back("an object");
  if ((types & kNull) != 0) names.emplace_back("null");
  return join(names, " or ");
}

std::string describe_value(const json::Value& value) {
  if (const std::string* text = value.if_string()) {
    if (trim_blanks(*text).empty()) return text->empty() ? "an empty text" : "a blank text";
    return "the text '" + shortened(*text) + "'";
  }
  if (const json::Array* list = value.if_array()) {
    return "an array of " + std::to_string(list->size());
  }
  if (const json::Object* object = value.if_object()) {
    std::vector<std::string> names;
    for (const auto& member : *object) {
      if (names.size() == 5) {
        names.emplace_back("…");
        break;
      }
      names.push_back(shortened(member.first));
    }
    return names.empty() ? "an empty object" : "an object with " + join(names);
  }
  return shortened(json::to_string(value));
}

std::string describe_values(const ValueRule& rule) {
  std::vector<std::string> names;
  for (const json::Value& value : rule.values) {
    if (names.size() == kShownValues) {
      names.push_back("… (" + std::to_string(rule.values.size()) + " in all)");
      break;
    }
    const std::string* text = value.if_string();
    names.push_back(shortened(text != nullptr ? *text : json::to_string(value)));
  }
  return join(names);
}

}  // namespace patchbay::schema
