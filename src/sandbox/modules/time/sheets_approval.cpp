// Time sheets and expense reports on their way: submitted, approved, rejected, taken back.
#include "sandbox/modules/time/sheets_approval.h"

#include <algorithm>

#include <fmt/core.h>

#include "json/parse.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

struct Step {
  const char* name;
  std::vector<std::string> from;
  const char* to;
};

const std::vector<Step>& steps() {
  static const std::vector<Step> kSteps = {
      {"submit", {"Open", "Rejected"}, "PendingApproval"},
      {"approve",
       {"PendingApproval", "ApprovedByTierOne", "ApprovedByTierTwo"},
       "ApprovedByTierTwo"},
      {"reject", {"PendingApproval", "ApprovedByTierOne"}, "Rejected"},
      {"reverse",
       {"PendingApproval", "ApprovedByTierOne", "ApprovedByTierTwo", "ReadyToBill"},
       "Open"},
  };
  return kSteps;
}

// What an approval by that step makes of a record; one that names no step is the last.
ApiResult<std::string> approved_by(const ApiCall& call, const Table& table) {
  const auto body = json::parse(call.body.empty() ? "{}" : call.body, {.max_depth = 64});
  if (!body) return std::unexpected(unreadable("The request body is not valid JSON."));
  const std::string step(body->string_or("approvalType", ""));
  if (step == "Tier1Update") return "ApprovedByTierOne";
  if (step == "Billing") return "ReadyToBill";
  if (step == "DataEntry") return "PendingApproval";
  if (step.empty() || step == "Tier2Update") return "ApprovedByTierTwo";
  const std::string object = object_name(table.resource());
  return std::unexpected(invalid_object(
      object,
      {{"NotFound", fmt::format("Approval type {} not found", step), object, "approvalType"}}));
}

ApiResult<ApiResponse> take_step(const ApiCall& call, const Approval& approval, const Step& step) {
  Table& table = call.db.table(approval.table);
  const Record* record = table.find(call.ids.front());
  if (record == nullptr) {
    return std::unexpected(
        record_not_found(table.resource().label, std::to_string(call.ids.front())));
  }
  const std::string status = text_or(table.at(*record, "status"), "");
  if (std::ranges::find(step.from, status) == step.from.end()) {
    const std::string object = object_name(table.resource());
    return std::unexpected(
        invalid_object(object, {{"InvalidOperation",
                                 fmt::format("{} is {}: it cannot be changed by {}.",
                                             table.resource().label, status, step.name),
                                 object, "status"}}));
  }
  std::string to = step.to;
  if (std::string_view(step.name) == "approve") {
    auto named = approved_by(call, table);
    if (!named) return std::unexpected(std::move(named.error()));
    to = std::move(*named);
  }
  const Record before = *record;
  Record changed = before;
  const std::int64_t id = changed.id;
  table.at(changed, "status") = to;
  table.at(changed, "lastUpdated") = call.now;
  table.put(std::move(changed));
  call.note_change(RecordChange::Action::updated, table, id, before);
  // The entries go the same way, except those that are billed already.
  Table& entries = call.db.table(approval.entries_of);
  std::vector<Record> followers;
  for (const auto& [entry_id, entry] : entries.records()) {
    if (reference_or(entries.at(entry, approval.field), 0) != id) continue;
    if (text_or(entries.at(entry, "status"), "").starts_with("Billed")) continue;
    followers.push_back(entry);
  }
  for (Record& entry : followers) {
    entries.at(entry, "status") = to;
    entries.put(std::move(entry));
  }
  return ApiResponse::json(201, R"({"success":true,"message":"Success"})");
}

}  // namespace

void add_approval_endpoints(std::vector<ModuleEndpoint>& out, const Approval& approval) {
  for (const Step& step : steps()) {
    out.push_back(
        {http::Method::post, fmt::format("{}/{{}}/{}", approval.path, step.name),
         [approval, &step](const ApiCall& call) { return take_step(call, approval, step); }});
  }
}

}  // namespace patchbay::sandbox
