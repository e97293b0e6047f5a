#include "gateway/names/shown_ids.h"

#include <string>
#include <utility>

#include "gateway/names/lookups.h"
#include "gateway/names/scopes.h"
#include "gateway/names/siblings.h"
#include "gateway/sending/refusal.h"

namespace patchbay::gateway {

namespace {

using integration::ArgumentPlace;
using integration::MethodKind;

// The resource whose record the argument names by id alone; null: it names none.
const integration::Resource* resource_of(const Call& call, const integration::Argument& argument) {
  const bool sent = argument.place == ArgumentPlace::path ||
                    argument.place == ArgumentPlace::body || argument.place == ArgumentPlace::query;
  if (!sent || argument.reference) return nullptr;
  const auto kind = call.method().kind;
  const bool own = argument.place == ArgumentPlace::path &&
                   argument.field() == call.integration().pagination.id_field;
  if (own) {
    return kind == MethodKind::update || kind == MethodKind::delete_ ? &call.resource() : nullptr;
  }
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

// Whether a record has that id; true where that cannot be told.
io::Task<bool> may_exist(Call& call, const integration::Resource& resource, std::int64_t id) {
  const auto& id_field = call.integration().pagination.id_field;
  const auto* dialect = call.filter_dialect();
  auto query = dialect != nullptr ? lookup_query(call, resource, {}, {id_field}) : std::nullopt;
  if (!query) co_return true;
  auto filter = dialect->write({{id_field, integration::FilterOperator::equal,
                                 integration::FieldType::integer, json::Value(id)}});
  if (!filter) co_return true;
  query->filter = std::move(*filter);
  // Afresh: it may have been made a moment ago.
  const auto found = co_await call.loop.lookups.get(call, std::move(*query), Freshness::own);
  co_return !found || !(*found)->records.empty();
}

}  // namespace

io::Task<> check_shown_ids(Call& call, Arguments& arguments) {
  if (!call.is_write() || !arguments.flag("dry_run")) co_return;
  for (const auto& argument : call.method().arguments) {
    const auto* given = arguments.find(argument.name);
    const auto* resource = resource_of(call, argument);
    if (given == nullptr || resource == nullptr || !given->is_number()) continue;
    const auto id = given->as_int64();
    if (!id || co_await may_exist(call, *resource, *id)) continue;
    std::string message = argument.name + ' ' + std::to_string(*id) + " does not exist";
    const auto kind = co_await sibling_that_has(call, *resource, json::Value(*id));
    if (!kind.empty()) message += ": it is one of the " + kind;
    arguments.violations.push_back({argument.name, std::move(message)});
  }
}

}  // namespace patchbay::gateway
