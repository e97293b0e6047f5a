#include "gateway/arguments/limits.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "dialect/filter.h"
#include "reach/reach.h"

namespace patchbay::gateway {

namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::MethodKind;

std::unexpected<ToolError> refuse_value(const Argument& argument, const reach::Limit& limit) {
  const std::string rule = limit.fixed() ? "is always " + limit.told() + " here"
                                         : "takes only " + limit.told() + " here";
  return std::unexpected(
      ToolError{.code = ErrorCode::permission_denied,
                .message = argument.name + " " + rule + ": this MCP server is held to it.",
                .hint = limit.fixed() ? "Leave " + argument.name + " out." : "Give one of these.",
                .field_errors = {{argument.name, rule}}});
}

// Whether what the call is about has the value from another record that it names.
bool has_it_from_another(const Call& call, const json::Object& given) {
  for (const auto& inherited : call.resource().inherits) {
    for (const auto& argument : call.method().arguments) {
      if (argument.place == ArgumentPlace::body && argument.field() == inherited.from &&
          given.contains(argument.name)) {
        return true;
      }
    }
  }
  return false;
}

// A filter needs none: every list's conditions have the limit (sending/held.h). An update that says
// nothing leaves what is there.
bool is_always_sent(const Call& call, const Argument& argument, const reach::Limit& limit,
                    const json::Object& given) {
  switch (argument.place) {
    case ArgumentPlace::path:
      return true;
    case ArgumentPlace::body:
      if (argument.required) return true;
      return call.method().kind == MethodKind::create &&
             !(limit.owner && has_it_from_another(call, given));
    case ArgumentPlace::filter:
      return !limit.owner;
    default:
      return argument.required || !limit.owner;
  }
}

Outcome<> apply(const Call& call, const Argument& argument, const reach::Limit& limit,
                json::Object& given) {
  std::vector<std::string> names = {argument.name};
  names.insert(names.end(), argument.aliases.begin(), argument.aliases.end());
  // companyId is taken under `company` as well, where nothing else is called that (validate.cpp).
  if (argument.name.ends_with("Id"))
    names.push_back(argument.name.substr(0, argument.name.size() - 2));
  std::erase_if(names, [&](const std::string& name) {
    return name != argument.name && call.find_argument(name) != nullptr;
  });
  bool said = false;
  for (const auto& name : names) {
    const auto* value = given.find(name);
    if (value == nullptr || value->is_null()) continue;
    const auto* text = value->if_string();
    if (text != nullptr && trim(*text).empty()) continue;
    said = true;
    // Of several owners one may be named as well: who is meant is looked up among them.
    const bool is_name = text != nullptr && !parse_int64(trim(*text));
    const bool looked_up = limit.owner && !limit.fixed() && is_name && argument.reference;
    if (!limit.allows(*value) && !looked_up) return refuse_value(argument, limit);
  }
  if (!limit.fixed()) {
    const bool must_say = call.method().kind == MethodKind::create &&
                          argument.place == ArgumentPlace::body && !limit.owner;
    if (said || !must_say) return {};
    return refuse(ErrorCode::invalid_argument, argument.name + " must be given.",
                  "It takes " + limit.told() + '.');
  }
  const bool sent = said || is_always_sent(call, argument, limit, given);
  for (const auto& name : names) given.erase(name);
  if (sent && !(said && argument.place == ArgumentPlace::filter && limit.owner)) {
    given[argument.name] = limit.values.front();
  }
  return {};
}

// What is cut from answers is not learnt by comparing it either.
Outcome<> check_expressions(const Call& call, const json::Object& given) {
  const auto* dialect = call.filter_dialect();
  const auto hidden = call.reach()->hidden(call.resource());
  for (const auto& argument : call.method().arguments) {
    const auto* value = given.find(argument.name);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    if (text == nullptr) continue;
    const bool expression = argument.place == ArgumentPlace::platform ||
                            (dialect != nullptr && dialect->expression_of(argument.field()));
    if (!expression) continue;
    for (const auto& name : hidden) {
      if (!contains_ignoring_case(*text, name + '/')) continue;
      return refuse_argument(argument.name, Error{ErrorCode::permission_denied,
                                                  "this MCP server does not compare by " + name +
                                                      ", whose records may be another owner's.",
                                                  "Leave that condition out."});
    }
  }
  return {};
}

}  // namespace

Outcome<> apply_limits(const Call& call, json::Object& given) {
  for (const auto& argument : call.method().arguments) {
    const auto* limit = call.reach()->limit_of(call.resource(), call.method(), argument);
    if (limit == nullptr) continue;
    if (auto ok = apply(call, argument, *limit, given); !ok) return ok;
  }
  return check_expressions(call, given);
}

}  // namespace patchbay::gateway
