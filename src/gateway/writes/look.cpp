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

// What only its record has, or few others: what a duplicate is told by, else what a create must be
// given. Not more: what an API rewrites or decides by itself would hide the record.
std::vector<dialect::FilterTerm> terms_of(const Call& call, const Prepared& prepared,
                                          const integration::DuplicateGuard* guard) {
  std::vector<dialect::FilterTerm> terms;
  const auto wanted = guard != nullptr ? guard->fields.size() : 0;
  for (std::size_t i = 0; i < wanted; ++i) {
    if (auto term = term_of(call, prepared, guard->fields[i])) terms.push_back(std::move(*term));
  }
  if (terms.size() == wanted && !terms.empty()) return terms;
  terms.clear();
  for (const auto& argument : call.method().arguments) {
    if (argument.place != integration::ArgumentPlace::body || !argument.required) continue;
    const auto* field = call.resource().find_field(argument.field());
    const bool compares = field != nullptr && field->filterable && field->returned &&
                          !field->in_info && field->type != integration::FieldType::object &&
                          field->type != integration::FieldType::array;
    auto term = compares ? term_of(call, prepared, argument.name) : std::nullopt;
    if (term) terms.push_back(std::move(*term));
  }
  return terms;
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
  auto terms = terms_of(call, prepared, guard);
  if (terms.empty()) co_return CannotTell{"No filter finds what it would have made."};
  const std::string created = guard != nullptr ? guard->created : "";
  if (!created.empty()) {
    terms.push_back({created, integration::FilterOperator::greater_or_equal,
                     integration::FieldType::date_time, format_utc(since - kClocksApart)});
  }
  auto found = co_await list_alike(call, prepared, call.resource(), terms, "", 2);
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
