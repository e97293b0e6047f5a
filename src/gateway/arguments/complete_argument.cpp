#include "gateway/arguments/complete_argument.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "gateway/arguments/bounds.h"
#include "gateway/arguments/validate.h"
#include "gateway/names/complete.h"
#include "gateway/names/current_record.h"
#include "gateway/names/resolve_references.h"
#include "gateway/names/scopes.h"

namespace patchbay::gateway {
namespace {

// One of a few values.
NamesFound among_values(const integration::Argument& argument, std::string_view typed) {
  NamesFound found;
  const json::Value* const values = argument.schema.find("enum");
  if (values == nullptr || values->if_array() == nullptr) return found;
  const std::string wanted = to_lower(typed);
  for (const json::Value& value : *values->if_array()) {
    const std::string* const text = value.if_string();
    if (text != nullptr && to_lower(*text).contains(wanted)) found.names.push_back(*text);
  }
  return found;
}

// The arguments that say within what the reference is looked up, theirs before them, and those of
// the path, which say of which record an update is.
void add_needed(const Call& call, const integration::Argument& argument,
                std::set<std::string, std::less<>>& needed) {
  if (!argument.reference) return;
  for (const integration::Scope& scope : argument.reference->scopes) {
    for (const std::string& name : {scope.argument, scope.parameter}) {
      const integration::Argument* const other = call.find_argument(name);
      if (other == nullptr || !needed.insert(other->name).second) continue;
      add_needed(call, *other, needed);
    }
  }
}

json::Object only_needed(const Call& call, const integration::Argument& argument,
                         json::Object others) {
  std::set<std::string, std::less<>> needed;
  add_needed(call, argument, needed);
  for (const integration::Argument& known : call.method().arguments) {
    if (known.place == integration::ArgumentPlace::path) needed.insert(known.name);
  }
  needed.erase(argument.name);
  json::Object kept;
  for (auto& [name, value] : others) {
    if (needed.contains(name)) kept.append(name, std::move(value));
  }
  return kept;
}

// What the scopes are in this call. Nothing: they are not to be had.
io::Task<Outcome<ScopeValues>> find_scopes(Call& call, const integration::Argument& argument,
                                           std::string_view typed, json::Object others) {
  const auto& scopes = argument.reference->scopes;
  if (scopes.empty()) co_return ScopeValues{};
  Arguments arguments = validate(call, only_needed(call, argument, std::move(others)));
  // That something is missing is no wonder: it is being written.
  arguments.violations.clear();
  auto names = co_await resolve_references(call, arguments);
  if (!names) co_return std::unexpected(std::move(names.error()));
  if (!call.method().record_path.empty()) {
    // As if it were said, so that what it hangs on is read of the record.
    json::Object with = arguments.values();
    with[argument.name] = json::Value(typed);
    if (auto current = co_await read_current(call, Arguments(call.tool, std::move(with)), *names)) {
      names->current = std::move(*current);
    }
  }
  co_return scope_values(call, arguments, *names, scopes);
}

}  // namespace

io::Task<Outcome<NamesFound>> complete_argument(Call& call, std::string_view argument,
                                                std::string_view typed, json::Object others) {
  const integration::Argument* const known = call.find_argument(argument);
  if (known == nullptr) co_return NamesFound{};
  if (!known->reference) co_return among_values(*known, typed);
  const auto* const resource = call.integration().find_resource(known->reference->resource);
  if (resource == nullptr || call.may_not_list(*resource)) co_return NamesFound{};
  if (auto within = check_bounds(call.method(), others); !within) {
    co_return std::unexpected(std::move(within.error()));
  }
  const auto scopes = co_await find_scopes(call, *known, typed, std::move(others));
  if (!scopes) co_return std::unexpected(scopes.error());
  if (scopes->state != ScopeValues::State::complete) co_return NamesFound{};
  auto query = lookup_query(call, *resource, *scopes, label_fields(call, *resource));
  if (!query) co_return NamesFound{};
  query->page_through = call.filter_dialect() == nullptr;
  co_return co_await complete_among(call, std::move(*query), typed);
}

}  // namespace patchbay::gateway
