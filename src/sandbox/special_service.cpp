#include <fmt/format.h>

#include "base/text.h"
#include "json/parse.h"
#include "sandbox/special_endpoints.h"

namespace patchbay::sandbox {
namespace {

// POST /service/tickets/search: filters in the body, everything else in the query string.
Answer<http::Response> search_tickets(const Call& call) {
  auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  if (!body || !body->is_object()) {
    return std::unexpected(
        ApiError{400, "ConnectWiseApi", "The request body is not valid JSON.", {}});
  }
  Call filtered = call;
  for (const auto& [name, value] : *body->if_object()) {
    bool known = false;
    for (const std::string_view one :
         {"conditions", "orderBy", "childConditions", "customFieldConditions"}) {
      if (!equal_ignoring_case(one, name)) continue;
      known = true;
      if (const std::string* text = value.if_string()) filtered.query.set(one, *text);
    }
    if (!known) return std::unexpected(unknown_member(name, "FilterValues", call.body));
  }
  // 200, though the vendor's document says 201.
  return list(filtered, call.db.table("tickets"), std::nullopt);
}

// The time entries of a ticket, as bare references.
Answer<http::Response> list_time_entries(const Call& call, bool only_count) {
  const Table& tickets = call.db.table("tickets");
  const std::int64_t ticket = call.ids.front();
  if (tickets.find(ticket) == nullptr) {
    return std::unexpected(record_not_found(tickets.resource().label, fmt::to_string(ticket)));
  }
  const Table& entries = call.db.table("timeEntries");
  const std::size_t of_ticket = entries.column("ticket");
  std::string body = "[";
  int found = 0;
  for (const auto& [id, entry] : entries.records()) {
    if (reference_or(entry.cells[of_ticket], 0) != ticket) continue;
    if (found++ > 0) body += ',';
    fmt::format_to(std::back_inserter(body),
                   R"({{"id":{0},"_info":{{"timeentry_href":"{1}time/entries/{0}"}}}})", id,
                   call.base_url);
  }
  if (only_count) return http::Response::json(200, fmt::format("{{\"count\":{}}}", found));
  return http::Response::json(200, body + "]");
}

// Teams of all boards.
Answer<http::Response> list_teams(const Call& call) {
  return list(call, call.db.table("boardTeams"), std::nullopt);
}

}  // namespace

void add_service_endpoints(std::vector<SpecialEndpoint>& out) {
  out.push_back({http::Method::post, "service/tickets/search", search_tickets});
  out.push_back({http::Method::get, "service/tickets/{}/timeentries",
                 [](const Call& call) { return list_time_entries(call, false); }});
  out.push_back({http::Method::get, "service/tickets/{}/timeentries/count",
                 [](const Call& call) { return list_time_entries(call, true); }});
  out.push_back({http::Method::get, "service/teams", list_teams});
}

}  // namespace patchbay::sandbox
