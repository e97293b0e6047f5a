#include "gateway/names/scopes.h"

#include <map>
#include <optional>
#include <string>

#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"

namespace patchbay::gateway {

namespace {

// What one scope's argument is in this call.
struct Found {
  enum class Kind : std::uint8_t { value, none, waiting };
  Kind kind = Kind::none;
  Named named;
};

Found find_value(const Call& call, const Arguments& arguments, const Names& names,
                 const integration::Scope& scope) {
  const auto* argument = call.find_argument(scope.argument);
  const json::Value* given = argument != nullptr ? arguments.find(argument->name) : nullptr;
  // A path or a filter may have it under the list's own name for it: boardId.
  const auto* by_parameter = call.find_argument(scope.parameter);
  if (given == nullptr && by_parameter != nullptr && arguments.has(by_parameter->name) &&
      (by_parameter->place == integration::ArgumentPlace::path ||
       by_parameter->place == integration::ArgumentPlace::filter)) {
    argument = by_parameter;
    given = arguments.find(argument->name);
  }
  if (given != nullptr && !given->is_null()) {
    if (!argument->reference) {
      if (given->is_array() || given->is_object()) return {};
      return {Found::Kind::value, {*given, "", ""}};
    }
    const auto* resolution = names.find(*argument);
    if (resolution == nullptr) return {Found::Kind::waiting, {}};
    if (!resolution->looked_up || resolution->records.size() != 1) return {};
    return {Found::Kind::value, resolution->records.front()};
  }
  // Of the record that it is to hang on; of an update: the record as it stands.
  const std::string_view field = argument != nullptr ? argument->field() : scope.argument;
  const auto* value = names.inherited.find(scope.argument);
  if (value == nullptr || value->is_null()) {
    value = names.current.find(field.substr(0, field.find('/')));
  }
  if (value == nullptr) return {};
  if (const auto* id = value->find("id")) {
    return {Found::Kind::value, {*id, std::string(label_in(call.integration(), *value)), ""}};
  }
  if (value->is_number() || value->is_string()) return {Found::Kind::value, {*value, "", ""}};
  return {};
}

}  // namespace

ScopeValues scope_values(const Call& call, const Arguments& arguments, const Names& names,
                         const std::vector<integration::Scope>& scopes) {
  ScopeValues out;
  for (const auto& scope : scopes) {
    auto found = find_value(call, arguments, names, scope);
    if (found.kind == Found::Kind::waiting) {
      out.state = ScopeValues::State::waiting;
      return out;
    }
    if (found.kind == Found::Kind::value) {
      out.values.emplace_back(&scope, std::move(found.named));
    } else if (scope.required) {
      out.state = ScopeValues::State::missing;
      out.missing = scope.argument;
    }
  }
  return out;
}

std::optional<LookupQuery> lookup_query(const Call& call, const integration::Resource& resource,
                                        const ScopeValues& scopes,
                                        const std::vector<std::string>& fields) {
  const auto* list = resource.find_method("list");
  if (list == nullptr) return std::nullopt;
  LookupQuery query;
  query.resource = &resource;
  std::map<std::string, std::string> in_path;
  std::vector<dialect::FilterTerm> terms;
  for (const auto& [scope, value] : scopes.values) {
    const integration::Argument* parameter = nullptr;
    for (const auto& argument : list->arguments) {
      if (argument.name == scope->parameter) parameter = &argument;
    }
    const std::string& target =
        parameter != nullptr && !parameter->target.empty() ? parameter->target : scope->parameter;
    if (list->path.has(target)) {
      in_path[target] = as_text(value.id);
    } else if (parameter != nullptr && parameter->place == integration::ArgumentPlace::filter) {
      const bool names_record =
          parameter->reference.has_value() || parameter->type == integration::FieldType::reference;
      terms.push_back(
          {names_record && !target.contains('/') ? target + "/id" : target,
           integration::FilterOperator::equal,
           value.id.is_number() ? integration::FieldType::integer : integration::FieldType::string,
           value.id});
    } else if (parameter != nullptr && parameter->place == integration::ArgumentPlace::query) {
      add_parameter(query.query, target, as_text(value.id));
    }
  }
  auto path = list->path.fill([&](const std::string& name) -> std::optional<std::string> {
    const auto found = in_path.find(name);
    return found == in_path.end() ? std::nullopt : std::optional(found->second);
  });
  if (!path) return std::nullopt;
  query.path = std::move(*path);
  if (const auto* dialect = call.filter_dialect(); dialect != nullptr && !terms.empty()) {
    auto filter = dialect->write(terms);
    if (!filter) return std::nullopt;
    query.filter = std::move(*filter);
  }
  // Only what the definition knows is asked for; where it knows nothing, everything.
  for (const auto& field : fields) {
    const auto head = std::string_view(field).substr(0, field.find('/'));
    for (const auto& known : resource.fields) {
      if (known.returned && equal_ignoring_case(known.name, head)) {
        query.fields.push_back(field);
        break;
      }
    }
  }
  return query;
}

std::string scope_phrase(const ScopeValues& scopes) {
  std::string phrase;
  for (const auto& [scope, value] : scopes.values) {
    phrase += (phrase.empty() ? " on " : ", ") + scope->argument + ' ';
    phrase += value.name.empty() ? as_text(value.id) : '\'' + value.name + '\'';
  }
  return phrase;
}

}  // namespace patchbay::gateway
