// A ticket is written once more: /service/tickets/{}/copy.
#include "sandbox/modules/service/tickets_copies.h"

#include "json/value.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/actions_write.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

// What is the same of a copy. Its status is its board's first, as of any new ticket.
constexpr std::string_view kCopied[] = {
    "board",   "type",   "subType",   "item",  "team", "priority", "company",   "site",
    "contact", "source", "agreement", "owner", "sla",  "location", "department"};
constexpr std::string_view kCopiedChoices[] = {"severity", "impact"};

ApiResult<const Record*> find_ticket(const ApiCall& call) {
  const Table& tickets = call.db.table("tickets");
  if (const Record* ticket = tickets.find(call.ids.front())) return ticket;
  return std::unexpected(
      record_not_found(tickets.resource().label, std::to_string(call.ids.front())));
}

ApiResult<ApiResponse> copy(const ApiCall& call) {
  const auto ticket = find_ticket(call);
  if (!ticket) return std::unexpected(ticket.error());
  Table& tickets = call.db.table("tickets");
  json::Object body{{"summary", text_or(tickets.at(**ticket, "summary"), "")}};
  for (const std::string_view field : kCopied) {
    const std::int64_t id = id_in(tickets, **ticket, field);
    if (id != 0) body[field] = json::Object{{"id", id}};
  }
  for (const std::string_view field : kCopiedChoices) {
    const std::string value = text_or(tickets.at(**ticket, field), "");
    if (!value.empty()) body[field] = value;
  }
  body["budgetHours"] = number_in(tickets, **ticket, "budgetHours");
  const auto made = create_record(call, tickets, std::nullopt, std::move(body));
  if (!made) return std::unexpected(made.error());
  auto response = get(call, tickets, **made);
  if (response) response->status = 201;
  return response;
}

}  // namespace

void add_ticket_copy_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::post, "service/tickets/{}/copy", copy});
}

}  // namespace patchbay::sandbox
