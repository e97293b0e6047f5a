#include "gateway/call/shown_arguments.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "integration/model.h"
#include "json/parse.h"

namespace patchbay::gateway {
namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::Field;
using integration::FieldType;
using integration::Personal;

// Beyond it a result is none whose members are worth reading again.
constexpr std::size_t kLargestSummarised = 256 * 1024;
constexpr std::size_t kMostIds = 100;  // of a list, told in its summary
constexpr int kDeepest = 8;
constexpr std::size_t kLongestText = 1'000;  // bytes; of a longer one its beginning
constexpr std::size_t kDigitsOfANumber = 5;  // that one could be called at

json::Value redacted(std::string_view why) {
  return json::Object{{"redacted", why}};
}
json::Value redacted_text(std::string_view why, std::string_view text) {
  return json::Object{{"redacted", why}, {"characters", text.size()}};
}

json::Value as_text(const std::string& text) {
  if (text.size() <= kLongestText) return text;
  return json::Object{{"begins", cut_utf8(text, kLongestText)}, {"characters", text.size()}};
}

// What stands in lists and objects is no choice of the tool's.
json::Value without_texts(const json::Value& value, std::string_view why, int depth = 0) {
  if (const std::string* const text = value.if_string()) return redacted_text(why, *text);
  if (depth == kDeepest) return redacted("nested");
  if (const json::Array* const array = value.if_array()) {
    json::Array shown;
    for (const json::Value& one : *array) shown.push_back(without_texts(one, why, depth + 1));
    return shown;
  }
  if (const json::Object* const object = value.if_object()) {
    json::Object shown;
    for (const auto& [name, member] : *object) {
      shown.append(std::string(name), without_texts(member, why, depth + 1));
    }
    return shown;
  }
  return value;
}

// Neither numbers nor dates: a birthday is one.
json::Value without_anything(const json::Value& value, std::string_view why) {
  const std::string* const text = value.if_string();
  return text != nullptr ? redacted_text(why, *text) : redacted(why);
}

// What the definition says of a value, at every depth. What it does not describe is not shown.
json::Value described(const json::Value& value, const Field* field, int depth = 0) {
  const bool is_personal = field != nullptr && field->personal.value_or(false);
  const bool is_reference = field != nullptr && field->type == FieldType::reference;
  if (is_personal && !is_reference) return without_anything(value, "personal");
  if (const std::string* const text = value.if_string()) {
    if (field == nullptr) return redacted_text("text", *text);
    return is_personal ? redacted_text("personal", *text) : as_text(*text);
  }
  if (depth == kDeepest) return redacted("nested");
  if (const json::Array* const array = value.if_array()) {
    json::Array shown;
    for (const json::Value& one : *array) shown.push_back(described(one, field, depth + 1));
    return shown;
  }
  if (const json::Object* const object = value.if_object()) {
    json::Object shown;
    for (const auto& [name, member] : *object) {
      const Field* const child =
          field != nullptr ? integration::find_field_in(field->children, name) : nullptr;
      shown.append(std::string(name), described(member, child, depth + 1));
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

bool may_be_a_mark(std::string_view text) {
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text.contains('@') || static_cast<std::size_t>(digits) >= kDigitsOfANumber;
}

// A raw expression of the API's own language.
bool is_expression(const Call& call, const Argument& argument) {
  if (argument.name == "conditions" && argument.place == ArgumentPlace::platform) return true;
  const auto* const dialect = call.filter_dialect();
  return dialect != nullptr && dialect->expression_of(argument.field()).has_value();
}

// Whether all that stands outside of quotes in an expression is a word of such languages, a number,
// or a field that is not personal. Whatever else is told as nothing.
bool compares_nothing_personal(const Call& call, std::string_view expression) {
  constexpr std::string_view kWords[] = {"and", "or",   "not",   "contains", "like",
                                         "in",  "true", "false", "null",     "is"};
  const auto is_of_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '/';
  };
  while (!expression.empty()) {
    const char first = expression.front();
    if (first == '"' || first == '\'' || first == '[') {
      const auto end = expression.find(first == '[' ? ']' : first, 1);
      if (end == std::string_view::npos) return false;
      expression.remove_prefix(end + 1);
    } else if (is_of_word(first)) {
      const auto end = std::ranges::find_if_not(expression, is_of_word);
      const std::string_view word(expression.begin(), end);
      expression.remove_prefix(word.size());
      const bool is_number = word.find_first_not_of("0123456789") == std::string_view::npos;
      const bool is_word = std::ranges::any_of(
          kWords, [&](std::string_view one) { return equal_ignoring_case(one, word); });
      if (is_number || is_word) continue;
      const auto& fields = call.resource().fields;
      if (integration::find_field_in(fields, word) == nullptr) return false;
      if (integration::is_personal(fields, word)) return false;
    } else {
      expression.remove_prefix(1);
    }
  }
  return true;
}

json::Value shown_expression(const Call& call, const Argument& argument,
                             const std::string& expression) {
  const auto* const dialect = call.filter_dialect();
  const bool is_of_fields =
      dialect != nullptr && argument.name == "conditions" &&
      dialect->check(expression, call.resource(), dialect::ExpressionKind::conditions).has_value();
  return is_of_fields && compares_nothing_personal(call, expression)
             ? as_text(expression)
             : redacted_text("expression", expression);
}

// Of one that is not personal itself, its texts among the others.
json::Value with_texts(const Call& call, const Argument& argument, const json::Value& value) {
  const std::string* const text = value.if_string();
  if (text != nullptr && is_expression(call, argument)) {
    return shown_expression(call, argument, *text);
  }
  if (text != nullptr) {
    if (argument.personal == Personal::texts) return redacted_text("personal", *text);
    if (argument.personal == Personal::marks && may_be_a_mark(*text)) {
      return redacted_text("personal", *text);
    }
    return argument.name == "next_cursor" ? redacted_text("cursor", *text) : as_text(*text);
  }
  if (argument.place == ArgumentPlace::platform && value.is_array()) {
    json::Array shown;  // names of fields
    for (const json::Value& one : *value.if_array()) {
      const std::string* const name = one.if_string();
      shown.push_back(name != nullptr ? as_text(*name) : without_texts(one, "text"));
    }
    return shown;
  }
  const Field* const field = call.resource().find_field(argument.field());
  if (field == nullptr || argument.personal != Personal::nothing) {
    return without_texts(value, argument.personal != Personal::nothing ? "personal" : "text");
  }
  return described(value, field);
}

json::Value shown(const Call& call, const Argument* argument, const json::Value& value,
                  audit::Arguments kept) {
  // Nobody knows what it means; it is refused as a rule.
  if (argument == nullptr) return redacted("unknown");
  if (argument->place == ArgumentPlace::file) return redacted("file");
  if (argument->personal == Personal::all) return without_anything(value, "personal");
  const auto& custom = call.integration().custom_fields;
  const bool is_custom =
      argument->place == ArgumentPlace::platform &&
      (argument->name == custom.field || argument->name == integration::kCustomFieldFilter);
  // Whoever defined them knows what they hold.
  if (is_custom) return redacted("custom fields");
  if (value.is_string() && is_plain(*argument)) {
    return argument->personal == Personal::nothing ? value : without_texts(value, "personal");
  }
  if (kept == audit::Arguments::all && call.integration().tells_personal) {
    return with_texts(call, *argument, value);
  }
  return without_texts(value, "text");
}

json::Array ids_of(const json::Array& records, std::string_view id_field) {
  json::Array ids;
  for (const json::Value& record : records) {
    const json::Value* const id = record.find(id_field);
    if (ids.size() == kMostIds || id == nullptr || !id->as_int64()) break;
    ids.push_back(*id);
  }
  return ids;
}

}  // namespace

json::Value shown_arguments(const Call& call, const json::Object& arguments,
                            audit::Arguments kept) {
  json::Object all;
  for (const auto& [name, value] : arguments) {
    all.append(std::string(name), shown(call, call.find_argument(name), value, kept));
  }
  return all;
}

json::Value shown_summary(const Call& call, std::string_view result, audit::Arguments kept) {
  json::Object summary;
  if (result.size() > kLargestSummarised) return summary;
  const auto parsed = json::parse(result);
  const json::Object* const members = parsed ? parsed->if_object() : nullptr;
  if (members == nullptr) return summary;
  const bool texts = kept == audit::Arguments::all && call.integration().tells_personal;
  const bool is_record = texts && !call.method().composite && !call.is_list();
  for (const auto& [name, value] : *members) {
    const Field* const field = is_record ? call.resource().find_field(name) : nullptr;
    const bool is_personal = call.resource().find_field(name) != nullptr &&
                             integration::is_personal(call.resource().fields, name);
    if (value.as_int64() || value.if_bool() != nullptr) {
      summary.append(std::string(name), is_personal ? redacted("personal") : value);
    } else if (field != nullptr && (value.is_string() || value.is_object())) {
      summary.append(std::string(name), described(value, field));
    } else if (texts && call.is_list() && name == "result" && value.is_array()) {
      summary.append("ids", ids_of(*value.if_array(), call.integration().pagination.id_field));
    }
  }
  return summary;
}

}  // namespace patchbay::gateway
