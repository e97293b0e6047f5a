#include "gateway/arguments/bind.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "dialect/filter.h"
#include "gateway/arguments/bind_body.h"
#include "gateway/arguments/bind_filter.h"
#include "gateway/arguments/contradiction.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"

namespace patchbay::gateway {

namespace {

// Query parameters; those that hold expressions are checked like conditions. `query` holds what is
// there already, `children` what typed filters say of arrays' members.
Outcome<std::string> bind_query(const Call& call, const Arguments& arguments, const Names& names,
                                std::string query, std::string children) {
  const auto* dialect = call.filter_dialect();
  struct Said {
    std::string by;  // the argument
    std::string value;
  };
  std::map<std::string, Said> said;  // by parameter
  const auto say = [&](const std::string& by, std::string_view name,
                       const std::string& value) -> Outcome<> {
    const auto [before, fresh] = said.try_emplace(std::string(name), by, value);
    if (fresh) add_parameter(query, name, value);
    if (before->second.value == value) return {};
    return refuse_contradiction(before->second.by, by, name);
  };
  for (const auto& argument : call.method().arguments) {
    const auto* given = arguments.find(argument.name);
    if (given == nullptr || argument.place != integration::ArgumentPlace::query) continue;
    const auto& target = argument.field();
    auto kind = dialect != nullptr ? dialect->expression_of(target) : std::nullopt;
    if (kind && call.method().own_columns) kind = dialect::ExpressionKind::columns;
    const auto* text = given->if_string();
    if (kind && text != nullptr) {
      auto checked = dialect->check(*text, call.resource(), *kind);
      if (!checked) return refuse_argument(argument.name, checked.error());
      if (*kind == dialect::ExpressionKind::children) {
        *checked = dialect->both(std::exchange(children, {}), *checked);
      }
      if (auto ok = say(argument.name, target, *checked); !ok) {
        return std::unexpected(std::move(ok.error()));
      }
    } else if (auto ok = say(argument.name, target, as_text(bound_value(names, argument, *given)));
               !ok) {
      return std::unexpected(std::move(ok.error()));
    }
    for (const auto& [name, value] : argument.also) {
      if (auto ok = say(argument.name, name, as_text(value)); !ok) {
        return std::unexpected(std::move(ok.error()));
      }
    }
  }
  for (const auto& [name, value] : call.method().constants) {
    if (!said.contains(name)) add_parameter(query, name, value);
  }
  if (!children.empty()) {
    add_parameter(query, dialect->parameter_of(dialect::ExpressionKind::children), children);
  }
  if (std::ssize(query) > call.integration().max_query_bytes) {
    return refuse(ErrorCode::invalid_argument, "The arguments are too long for one request.",
                  "Ask in several calls, each with part of the values.");
  }
  return query;
}

// Needed parameters and fields that no argument gave, each with the arguments that would.
Outcome<> check_needs(const Call& call, const Arguments& arguments) {
  ToolError error;
  for (const auto& needed : call.method().needs) {
    bool given = false;
    std::vector<std::string> ways;
    for (const auto& argument : call.method().arguments) {
      const bool gives = argument.place == integration::ArgumentPlace::query ||
                         argument.place == integration::ArgumentPlace::body;
      if (!gives || (argument.field() != needed && !argument.also.contains(needed))) continue;
      ways.push_back(argument.name);
      given = given || arguments.find(argument.name) != nullptr;
    }
    if (!given) error.field_errors.push_back({needed, "give " + join(ways, " or ")});
  }
  if (error.field_errors.empty()) return {};
  error.code = ErrorCode::invalid_argument;
  error.message = "Nothing says what " + error.field_errors.front().field +
                  " is: " + error.field_errors.front().message + ".";
  error.hint = "Nothing was sent. See the tool's description for which of them belong together.";
  return std::unexpected(std::move(error));
}

}  // namespace

Outcome<Bound> bind(const Call& call, const Arguments& arguments, const Names& names,
                    CustomFieldValues custom) {
  Bound bound;
  auto path = fill_path(call.method(), arguments, names, call.method().path);
  if (!path) return std::unexpected(std::move(path.error()));
  bound.path = std::move(*path);
  if (auto needed = check_needs(call, arguments); !needed) {
    return std::unexpected(std::move(needed.error()));
  }
  auto filter = bind_filter(call, arguments, names);
  if (!filter) return std::unexpected(std::move(filter.error()));
  bound.filter = std::move(filter->own);
  auto query =
      bind_query(call, arguments, names, std::move(custom.query), std::move(filter->children));
  if (!query) return std::unexpected(std::move(query.error()));
  bound.query = std::move(*query);
  auto body = bind_body(call, arguments, names, custom.body);
  if (!body) return std::unexpected(std::move(body.error()));
  bound.has_body = body->has_value();
  if (*body) bound.body = std::move(**body);
  return bound;
}

}  // namespace patchbay::gateway
