#include "gateway/arguments/clear.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/blanks.h"
#include "base/nearest.h"
#include "base/text.h"
#include "json/parse.h"

namespace patchbay::gateway {

using integration::Argument;
using integration::kClear;

namespace {

void complain(std::vector<FieldError>& violations, std::string message) {
  violations.push_back({std::string(kClear), std::move(message)});
}

void add_names(std::vector<std::string>& names, std::string_view text) {
  for (const auto part : split(text, ',')) {
    if (!trim_blanks(part).empty()) names.emplace_back(trim_blanks(part));
  }
}

// As a list, or as models write one: a name alone, several with commas, a list as text.
std::vector<std::string> names_in(const json::Value& value, std::vector<FieldError>& violations) {
  std::vector<std::string> names;
  if (const auto* text = value.if_string()) {
    if (trim_blanks(*text).starts_with('[')) {
      if (const auto parsed = json::parse(trim_blanks(*text)); parsed && parsed->is_array()) {
        return names_in(*parsed, violations);
      }
    }
    add_names(names, *text);
    return names;
  }
  const auto* entries = value.if_array();
  if (entries == nullptr) {
    if (const auto* object = value.if_object(); object == nullptr || !object->empty()) {
      complain(violations, "must be a list of names of fields");
    }
    return names;
  }
  for (const auto& entry : *entries) {
    const auto* name = entry.if_string();
    if (name == nullptr) {
      complain(violations, "must be a list of names of fields");
    } else {
      add_names(names, *name);
    }
  }
  return names;
}

// By its name or one of its other names, without regard to case.
const Argument* argument_called(const Call& call, std::string_view name) {
  const auto is = [&](const std::string& known) { return equal_ignoring_case(known, name); };
  for (const auto& argument : call.method().arguments) {
    if (is(argument.name) || std::ranges::any_of(argument.aliases, is)) return &argument;
  }
  return nullptr;
}

std::string refusal_of(const Call& call, const Argument* argument, std::string_view name) {
  const auto& clearable = call.method().clearable;
  std::string message = '\'' + std::string(cut_utf8(name, 80)) + '\'';
  if (argument != nullptr) return message + " cannot be cleared; what can be: " + join(clearable);
  const auto near = nearest(name, clearable, 3);
  message += " is no field that can be cleared";
  return message + (near.empty() ? "; what can be: " + join(clearable)
                                 : "; did you mean " + join(near, " or ") + '?');
}

}  // namespace

bool is_clearable(const integration::Method& method, std::string_view argument_name) {
  return std::ranges::find(method.clearable, argument_name) != method.clearable.end();
}

std::vector<const Argument*> take_cleared(const Call& call, json::Object& given,
                                          std::vector<FieldError>& violations) {
  std::vector<const Argument*> cleared;
  const auto* value = call.method().clearable.empty() ? nullptr : given.find(kClear);
  if (value == nullptr) return cleared;
  // Null by now only where the caller sent nothing else.
  const auto names = value->is_null() ? std::vector<std::string>() : names_in(*value, violations);
  given.erase(kClear);
  for (const auto& name : names) {
    const auto* argument = argument_called(call, name);
    if (argument == nullptr || !is_clearable(call.method(), argument->name)) {
      complain(violations, refusal_of(call, argument, name));
    } else if (std::ranges::find(cleared, argument) == cleared.end()) {
      cleared.push_back(argument);
    }
  }
  return cleared;
}

}  // namespace patchbay::gateway
