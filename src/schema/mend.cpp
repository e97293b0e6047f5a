// Harmless misfits: values whose meaning is plain, but whose JSON kind is not the one asked for.
// Models write "5" for 5 and "high" for High all day; refusing costs a turn and teaches nothing.
#include <algorithm>

#include "base/blanks.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "schema/plan.h"

namespace patchbay::schema {
namespace {

bool is_structure_text(std::string_view text) {
  text = trim_blanks(text);
  return text.size() >= 2 && ((text.front() == '[' && text.back() == ']') ||
                              (text.front() == '{' && text.back() == '}'));
}

bool mend_string(json::Value& value, Types types) {
  const std::string text(trim_blanks(*value.if_string()));
  if ((types & (kInteger | kNumber)) != 0 && is_number_token(text)) {
    json::Value number{json::Number(text)};
    if ((types & kNumber) == 0) {
      const auto whole = number.as_int64();
      if (!whole) return false;
      number = json::Value(*whole);
    }
    value = std::move(number);
    return true;
  }
  if ((types & kBoolean) != 0) {
    const std::string lower = to_lower(text);
    if (lower == "true" || lower == "false") {
      value = json::Value(lower == "true");
      return true;
    }
  }
  // A whole array or object as JSON text.
  if ((types & (kArray | kObject)) != 0 && is_structure_text(text)) {
    if (auto parsed = json::parse(text); parsed && (types_of(*parsed) & types) != 0) {
      value = std::move(*parsed);
      return true;
    }
  }
  return false;
}

}  // namespace

void mend_integer(json::Value& value) {
  const json::Number* number = value.if_number();
  if (number == nullptr || number->token().find_first_of(".eE") == std::string::npos) return;
  if (const auto whole = value.as_int64()) value = json::Value(*whole);
}

bool mend_type(json::Value& value, Types types) {
  if (value.is_string() && mend_string(value, types)) return true;
  if (const json::Number* number = value.if_number(); number != nullptr && (types & kString) != 0) {
    value = json::Value(std::string(number->token()));
    return true;
  }
  // One entry where a list is asked for. Null is no entry.
  if ((types & kArray) != 0 && !value.is_array() && !value.is_null()) {
    json::Array list;
    list.push_back(std::move(value));
    value = json::Value(std::move(list));
    return true;
  }
  return false;
}

bool mend_spelling(json::Value& value, const ValueRule& rule) {
  const std::string* text = value.if_string();
  if (text == nullptr) return false;
  const std::string wanted(trim_blanks(*text));
  const json::Value* match = nullptr;
  for (const json::Value& known : rule.values) {
    const std::string* name = known.if_string();
    if (name == nullptr || !equal_ignoring_case(*name, wanted)) continue;
    if (match != nullptr) return false;  // two that differ by case only: not ours to choose
    match = &known;
  }
  if (match == nullptr) return false;
  value = *match;
  return true;
}

}  // namespace patchbay::schema
