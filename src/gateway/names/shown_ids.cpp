#include "gateway/names/shown_ids.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/names/distinct.h"
#include "gateway/names/lookups.h"
#include "gateway/names/scopes.h"
#include "gateway/names/siblings.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/refusal.h"

namespace patchbay::gateway {

namespace {

using integration::ArgumentPlace;
using integration::MethodKind;

// Of the ids in one argument: more make an address too long.
constexpr std::size_t kMostAtOnce = 200;

// What an argument's ids are ids of.
struct IdsOf {
  const integration::Resource* resource = nullptr;  // null: none that is known
  // Another argument chooses the kind, or it is the record's own: an API that takes any number
  // there makes something of nothing.
  bool is_doubtful = false;
  // The kinds to choose from tell it from its sibling: a service ticket from a project's. Else
  // either is meant.
  bool is_strict = true;
};

// What the call, or the record as it stands, says of a field with a choice of values.
std::string_view chosen_by(const Arguments& arguments, const Names& names,
                           const integration::Argument& argument, const std::string& field) {
  // "ticketId" says itself that it is one of a service ticket.
  const auto implied = argument.also.find(field);
  if (implied != argument.also.end()) {
    if (const auto* text = implied->second.if_string()) return *text;
  }
  if (const auto* said = arguments.text(field)) return *said;
  const auto* stands = names.current.find(field);
  const auto* text = stands != nullptr ? stands->if_string() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

// By what the definition says of it: where a field is inherited from, and what is looked at.
template <class Rule>
std::optional<IdsOf> named_by(const Call& call, const Arguments& arguments, const Names& names,
                              const integration::Argument& argument, const Rule& rule) {
  if (rule.by.empty()) return IdsOf{call.integration().find_resource(rule.resource), false, true};
  const auto found =
      rule.resources.find(std::string(chosen_by(arguments, names, argument, rule.by)));
  if (found == rule.resources.end()) return std::nullopt;
  const auto* resource = call.integration().find_resource(found->second);
  if (resource == nullptr) return std::nullopt;
  const bool is_strict =
      resource->sibling.empty() || std::ranges::any_of(rule.resources, [&](const auto& kind) {
        return kind.second == resource->sibling;
      });
  return IdsOf{resource, !argument.also.contains(rule.by), is_strict};
}

std::optional<IdsOf> named_by_definition(const Call& call, const Arguments& arguments,
                                         const Names& names,
                                         const integration::Argument& argument) {
  for (const auto& rule : call.resource().inherits) {
    if (rule.from != argument.field()) continue;
    if (auto named = named_by(call, arguments, names, argument, rule)) return named;
  }
  for (const auto& looked : call.method().looks_at) {
    if (std::ranges::find(looked.ids, argument.name) == looked.ids.end()) continue;
    if (auto named = named_by(call, arguments, names, argument, looked)) return named;
  }
  return std::nullopt;
}

// "parentTicketId" of a ticket is the id of another one.
bool names_another_of_its_own(const Call& call, std::string_view name) {
  return name.ends_with("Id") && equal_ignoring_case(name.substr(0, 6), "parent") &&
         resource_of_id(call.integration(), name.substr(6)) == &call.resource();
}

// The resource whose record the argument names by id alone; null: it names none.
const integration::Resource* resource_by_name(const Call& call,
                                              const integration::Argument& argument) {
  const bool sent = argument.place == ArgumentPlace::path ||
                    argument.place == ArgumentPlace::body || argument.place == ArgumentPlace::query;
  if (!sent || argument.reference) return nullptr;
  const auto kind = call.method().kind;
  const bool own = argument.place == ArgumentPlace::path &&
                   argument.field() == call.integration().pagination.id_field;
  if (own) return kind != MethodKind::create ? &call.resource() : nullptr;
  // "/project/tickets/{ticketId}/notes": the path knows better than the name whose id that is.
  if (argument.place == ArgumentPlace::path) {
    const auto& path = call.method().path.text();
    const auto before = path.substr(0, path.find("/{" + argument.field() + '}'));
    for (const auto& resource : call.integration().resources) {
      if (resource.path.text() == before) return &resource;
    }
  }
  return resource_of_id(call.integration(), argument.name);
}

// Those of the ids that no record has; none where that cannot be told.
io::Task<std::vector<std::int64_t>> absent(Call& call, const integration::Resource& resource,
                                           std::vector<std::int64_t> ids) {
  const auto& id_field = call.integration().pagination.id_field;
  const auto* dialect = call.filter_dialect();
  auto query = dialect != nullptr ? lookup_query(call, resource, {}, {id_field}) : std::nullopt;
  if (ids.empty() || !query) co_return std::vector<std::int64_t>();
  if (ids.size() > kMostAtOnce) ids.resize(kMostAtOnce);
  json::Array wanted;
  for (const auto id : ids) wanted.push_back(id);
  const auto op =
      ids.size() == 1 ? integration::FilterOperator::equal : integration::FilterOperator::in;
  json::Value value = ids.size() == 1 ? wanted.front() : json::Value(wanted);
  auto filter = dialect->write({{id_field, op, integration::FieldType::integer, std::move(value)}});
  if (!filter) co_return std::vector<std::int64_t>();
  query->filter = std::move(*filter);
  // Afresh: it may have been made a moment ago.
  const auto found = co_await call.loop.lookups.get(call, std::move(*query), Freshness::own);
  if (!found) co_return std::vector<std::int64_t>();
  co_await off_loop(call, (*found)->bytes, [&] {
    for (const auto& record : (*found)->records) std::erase(ids, record.int64_or(id_field, 0));
  });
  co_return ids;
}

IdsOf named_by_argument(const Call& call, const Arguments& arguments, const Names& names,
                        const integration::Argument& argument) {
  const bool sent = argument.place == ArgumentPlace::path ||
                    argument.place == ArgumentPlace::body || argument.place == ArgumentPlace::query;
  if (!sent || argument.reference) return {};
  const bool in_body = argument.place == ArgumentPlace::body;
  if (in_body && names_another_of_its_own(call, argument.name))
    return {&call.resource(), true, true};
  if (in_body) {
    if (const auto named = named_by_definition(call, arguments, names, argument)) return *named;
  }
  return {resource_by_name(call, argument), false, true};
}

}  // namespace

io::Task<> check_shown_ids(Call& call, Arguments& arguments, const Names& names) {
  if (!call.is_write()) co_return;
  const bool is_shown = arguments.flag("dry_run");
  for (const auto& argument : call.method().arguments) {
    if (!arguments.has(argument.name)) continue;
    const auto named = named_by_argument(call, arguments, names, argument);
    if (named.resource == nullptr || !(is_shown || named.is_doubtful)) continue;
    auto given = ids_given(call, arguments, names, argument.name);
    for (const auto id : co_await absent(call, *named.resource, std::move(given))) {
      const auto kind = co_await sibling_that_has(call, *named.resource, json::Value(id));
      if (!kind.empty() && !named.is_strict) continue;
      std::string message = argument.name + ' ' + std::to_string(id) + " does not exist";
      if (!kind.empty()) message += ": it is one of the " + kind;
      arguments.violations.push_back({argument.name, std::move(message)});
    }
  }
}

}  // namespace patchbay::gateway
