#include "gateway/writes/duplicates.h"

#include <utility>
#include <vector>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/names/fill_path.h"
#include "gateway/writes/alike.h"

namespace patchbay::gateway {

namespace {

// The terms that only a record like the one to be made fulfils. Empty: there is nothing to compare.
std::vector<dialect::FilterTerm> terms_of(const Call& call, const Prepared& prepared) {
  const auto& guard = call.method().duplicate_guard;
  std::vector<dialect::FilterTerm> terms;
  for (const auto& name : guard.fields) {
    auto term = term_of(call, prepared, name);
    if (!term) return {};
    terms.push_back(std::move(*term));
  }
  terms.push_back({guard.created, integration::FilterOperator::greater_or_equal,
                   integration::FieldType::date_time,
                   format_utc(call.services.clock.now() - guard.within)});
  return terms;
}

ToolError already_there(const Call& call, const json::Value& id) {
  const auto& guard = call.method().duplicate_guard;
  const auto number = as_text(id);
  ToolError error;
  error.code = ErrorCode::conflict;
  error.message = call.resource().singular + " " + number + " with the same " +
                  join(guard.fields, " and ") + " was created less than " +
                  std::to_string(guard.within.count()) + " minutes ago; nothing was sent.";
  error.hint = "Use that one, or set allow_duplicate: true if there must be two.";
  return error;
}

}  // namespace

io::Task<Outcome<>> refuse_duplicate(Call& call, const Prepared& prepared) {
  const bool guarded = !call.method().duplicate_guard.fields.empty();
  if (!guarded || prepared.arguments.flag("allow_duplicate")) co_return Outcome<>();
  const auto terms = terms_of(call, prepared);
  const auto& id_field = call.integration().pagination.id_field;
  auto found = co_await list_alike(call, prepared, terms, id_field);
  if (!found) {
    auto& error = found.error();
    // Who may create need not be allowed to read.
    if (error.code == ErrorCode::permission_denied) {
      call.add_notice("Whether the same was created moments ago could not be checked.");
      co_return Outcome<>();
    }
    error.message = "Looking for the same record failed; nothing was sent: " + error.message;
    co_return std::unexpected(std::move(error));
  }
  if (!*found || (*found)->empty()) co_return Outcome<>();
  const auto* id = (*found)->front().find(id_field);
  co_return std::unexpected(already_there(call, id != nullptr ? *id : json::Value("")));
}

}  // namespace patchbay::gateway
