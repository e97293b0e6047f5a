#include "gateway/writes/look.h"

#include <algorithm>
#include <utility>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/names/fill_path.h"
#include "gateway/writes/alike.h"

namespace patchbay::gateway {

namespace {

// An API's clock and ours need not agree.
constexpr std::chrono::minutes kClocksApart{2};

// What the argument sets is the same in its record. False: it is not given, or names no one record.
bool add_given(const Call& call, const Prepared& prepared, const std::string& name,
               Likeness& likeness) {
  const auto* argument = call.find_argument(name);
  const auto* given = prepared.arguments.find(name);
  if (argument == nullptr || given == nullptr || given->is_null()) return false;
  const auto* resolution = prepared.names.find(*argument);
  if (resolution != nullptr && resolution->records.size() != 1) return false;
  auto value = bound_value(prepared.names, *argument, *given);
  if (argument->reference && !value.is_object()) value = json::Object{{"id", std::move(value)}};
  likeness.add_equal(call, call.resource(), argument->field(), value);
  return true;
}

// What only its record has, or few others: what a duplicate is told by, else what a create must be
// given. Not more: what an API rewrites or decides by itself would hide the record.
Likeness likeness_of(const Call& call, const Prepared& prepared,
                     const integration::DuplicateGuard* guard) {
  Likeness likeness;
  if (guard != nullptr && !guard->fields.empty() &&
      std::ranges::all_of(guard->fields, [&](const auto& field) {
        return add_given(call, prepared, field, likeness);
      })) {
    return likeness;
  }
  likeness = {};
  for (const auto& argument : call.method().arguments) {
    if (argument.place != integration::ArgumentPlace::body || !argument.required) continue;
    const auto* field = call.resource().find_field(argument.field());
    const bool compares = field != nullptr && field->filterable && field->returned &&
                          !field->in_info && field->type != integration::FieldType::object &&
                          field->type != integration::FieldType::array;
    if (compares) add_given(call, prepared, argument.name, likeness);
  }
  return likeness;
}

std::string ids_of(const json::Array& records, const std::string& id_field) {
  std::vector<std::string> ids;
  for (const auto& record : records) {
    if (const auto* id = record.find(id_field)) ids.push_back(as_text(*id));
  }
  return join(ids, " and ");
}

io::Task<Looked> look_for_created(Call& call, const Prepared& prepared, WallTime since) {
  // What says when a record was made; not what says when it was changed last.
  const auto& guards = call.method().duplicate_guards;
  const auto dated = std::ranges::find_if(
      guards, [](const auto& guard) { return guard.resource.empty() && !guard.created.empty(); });
  const auto* guard = dated != guards.end() ? &*dated : nullptr;
  auto likeness = likeness_of(call, prepared, guard);
  if (likeness.terms.empty()) co_return CannotTell{"No filter finds what it would have made."};
  const std::string created = guard != nullptr ? guard->created : "";
  if (!created.empty()) {
    likeness.terms.push_back({created, integration::FilterOperator::greater_or_equal,
                              integration::FieldType::date_time, format_utc(since - kClocksApart)});
  }
  auto found = co_await list_alike(call, prepared, call.resource(), likeness, {}, 2);
  if (!found) co_return CannotTell{"Looking for it failed: " + found.error().message};
  if (!*found) co_return CannotTell{"No list shows what it would have made."};
  auto& records = **found;
  if (records.empty()) co_return MayBeSent{};
  if (!created.empty() && records.size() == 1) co_return WasDone{std::move(records.front())};
  const auto ids = ids_of(records, call.integration().pagination.id_field);
  co_return CannotTell{"There is " + call.resource().singular + " " + ids +
                       " with the same values: it may be the one that it made."};
}

}  // namespace

io::Task<Looked> look_for_outcome(Call& call, const Prepared& prepared, WallTime since) {
  using integration::MethodKind;
  const auto& method = call.method();
  if (method.kind == MethodKind::create) co_return co_await look_for_created(call, prepared, since);
  // The same values set again, the same record gone again.
  const bool repeatable = method.kind == MethodKind::update || method.kind == MethodKind::delete_ ||
                          method.annotations.idempotent;
  if (repeatable) co_return MayBeSent{};
  co_return CannotTell{"Doing it twice may not be the same as doing it once."};
}

}  // namespace patchbay::gateway
