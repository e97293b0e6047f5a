#include "gateway/explain.h"

#include "gateway/names/lookups.h"
#include "gateway/names/resolve_references.h"
#include "gateway/names/siblings.h"
#include "gateway/sending/refusal.h"

namespace patchbay::gateway {

namespace {

io::Task<> name_candidates(Call& inquiry, const Prepared& prepared, ToolError& error) {
  for (const auto& unknown : error.leads.unknown_references) {
    const auto* argument = prepared.arguments.of_field(unknown.field);
    if (argument == nullptr) continue;
    auto& message = error.field_errors[unknown.field_error].message;
    message += co_await candidates_for(inquiry, prepared.arguments, prepared.names, *argument);
    const auto* named =
        argument->reference ? nullptr : resource_of_id(inquiry.integration(), argument->name);
    const auto* id = prepared.arguments.find(argument->name);
    if (named == nullptr || id == nullptr) continue;
    const auto kind = co_await sibling_that_has(inquiry, *named, *id);
    if (!kind.empty()) message += ": it is one of the " + kind;
  }
}

}  // namespace

io::Task<> explain(Call& call, const Prepared& prepared, ToolError& error) {
  const auto& leads = error.leads;
  if (leads.unknown_references.empty() && !leads.record_not_found) co_return;
  // What was believed of the names was wrong: it is asked afresh, now and for the next call.
  if (!leads.unknown_references.empty()) call.loop.lookups.drop(call.lookup_keys);
  // A call of its own, so that what is found out does not pass for what was asked.
  Call inquiry(call.services, call.loop, call.tool, call.context);
  inquiry.waited = call.waited;
  co_await name_candidates(inquiry, prepared, error);
  if (leads.record_not_found) co_await look_at_sibling(inquiry, prepared.arguments, error);
  call.upstream_bytes += inquiry.upstream_bytes;
}

}  // namespace patchbay::gateway
