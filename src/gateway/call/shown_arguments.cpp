#include "gateway/call/shown_arguments.h"

#include <string>
#include <utility>

#include "integration/model.h"
#include "json/parse.h"

namespace patchbay::gateway {
namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::FieldType;

// Beyond it a result is none whose members are worth reading again.
constexpr std::size_t kLargestSummarised = 256 * 1024;
constexpr int kDeepest = 8;

// What stands in lists and objects is no choice of the tool's.
json::Value without_texts(const json::Value& value, int depth) {
  if (const std::string* const text = value.if_string()) {
    return json::Object{{"redacted", "text"}, {"characters", text->size()}};
  }
  if (depth == kDeepest) return json::Object{{"redacted", "nested"}};
  if (const json::Array* const array = value.if_array()) {
    json::Array shown;
    for (const json::Value& one : *array) shown.push_back(without_texts(one, depth + 1));
    return shown;
  }
  if (const json::Object* const object = value.if_object()) {
    json::Object shown;
    for (const auto& [name, member] : *object) {
      shown.append(std::string(name), without_texts(member, depth + 1));
    }
    return shown;
  }
  return value;
}

// Those that choose among what the tool's schema lists, or are written as dates.
bool is_plain(const Argument& argument) {
  return argument.type == FieldType::date || argument.type == FieldType::date_time ||
         argument.schema.find("enum") != nullptr;
}

json::Value shown(const Argument* argument, const json::Value& value) {
  // Nobody knows what it means; it is refused as a rule.
  if (argument == nullptr) return json::Object{{"redacted", "unknown"}};
  if (argument->place == ArgumentPlace::file) return json::Object{{"redacted", "file"}};
  return value.is_string() && is_plain(*argument) ? value : without_texts(value, 0);
}

}  // namespace

json::Value shown_arguments(const Call& call, const json::Object& arguments) {
  json::Object all;
  for (const auto& [name, value] : arguments) {
    all.append(std::string(name), shown(call.find_argument(name), value));
  }
  return all;
}

json::Value shown_summary(std::string_view result) {
  json::Object summary;
  if (result.size() > kLargestSummarised) return summary;
  const auto parsed = json::parse(result);
  const json::Object* const members = parsed ? parsed->if_object() : nullptr;
  if (members == nullptr) return summary;
  for (const auto& [name, value] : *members) {
    if (value.as_int64() || value.if_bool() != nullptr) summary.append(std::string(name), value);
  }
  return summary;
}

}  // namespace patchbay::gateway
