// Tickets that take in others: /service/tickets/{}/merge and attachChildren.
#include "sandbox/modules/service/tickets_merge.h"

#include <fmt/core.h>

#include "json/parse.h"
#include "sandbox/modules/service/tickets.h"
#include "sandbox/modules/service/tickets_hours.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// The tickets that the body names under `member`, all of them there, or the error.
ApiResult<Ids> read_tickets(const ApiCall& call, const json::Value& body, std::string_view member,
                            std::string_view object) {
  const json::Value* list = body.find(member);
  Ids ids;
  if (list != nullptr && list->if_array() != nullptr) {
    for (const json::Value& one : *list->if_array()) ids.push_back(one.as_int64().value_or(0));
  }
  if (ids.empty()) {
    return std::unexpected(invalid_object(
        std::string(object), {{"MissingRequiredField", fmt::format("{} is required.", member),
                               std::string(object), std::string(member)}}));
  }
  for (const std::int64_t id : ids) {
    if (id != call.ids.front() && call.db.table("tickets").find(id) != nullptr) continue;
    return std::unexpected(record_not_found("Ticket", std::to_string(id)));
  }
  return ids;
}

ApiResponse success() {
  return ApiResponse::json(201, R"({"success":true,"message":"Success"})");
}

std::unexpected<ApiError> invalid(std::string code, std::string message, std::string_view object,
                                  std::string field) {
  return std::unexpected(invalid_object(
      std::string(object),
      {{std::move(code), std::move(message), std::string(object), std::move(field)}}));
}

// The status that the body names, among those of a board.
ApiResult<std::int64_t> find_status(const ApiCall& call, const json::Value& status,
                                    std::int64_t board) {
  const Table& statuses = call.db.table("boardStatuses");
  const std::int64_t id = status.int64_or("id", 0);
  const Record* found =
      id != 0 ? statuses.find(id) : statuses.find_by("name", status.string_or("name", ""), board);
  if (found != nullptr && statuses.parent_of(*found) == board) return found->id;
  return invalid("NotFound", fmt::format("Service Status not found for Service Board {}", board),
                 "ticketMerge", id != 0 ? "status/id" : "status/name");
}

void move_notes(Database& db, std::int64_t from, std::int64_t to) {
  for (const std::string_view name : {"ticketNotes", "ticketAllNotes"}) {
    Table& notes = db.table(name);
    const std::set<std::int64_t> moved = notes.children_of(from);
    for (const std::int64_t id : moved) {
      Record note = *notes.find(id);
      notes.at(note, "ticket") = RecordReference{to};
      if (notes.find_column("mergedFlag")) notes.at(note, "mergedFlag") = true;
      notes.put(std::move(note));
    }
  }
}

void move_time(Database& db, std::int64_t from, std::int64_t to) {
  Table& entries = db.table("timeEntries");
  std::vector<Record> moved;
  for (const auto& [id, entry] : entries.records()) {
    if (id_in(entries, entry, "ticket") == from) moved.push_back(entry);
  }
  for (Record& entry : moved) {
    entries.at(entry, "ticket") = RecordReference{to};
    entries.at(entry, "chargeToId") = to;
    entries.put(std::move(entry));
  }
}

void close_merged(const ApiCall& call, std::int64_t id, std::int64_t status) {
  Table& tickets = call.db.table("tickets");
  const Table& statuses = call.db.table("boardStatuses");
  const Record before = *tickets.find(id);
  Record merged = before;
  tickets.at(merged, "status") = RecordReference{status};
  tickets.at(merged, "mergedParentTicket") = RecordReference{call.ids.front()};
  if (bool_or(statuses.at(*statuses.find(status), "closedStatus"), false)) {
    tickets.at(merged, "closedDate") = call.now;
    tickets.at(merged, "closedBy") = member_identifier(call.db, call.member);
  }
  tickets.at(merged, "lastUpdated") = call.now;
  tickets.at(merged, "updatedBy") = member_identifier(call.db, call.member);
  tickets.put(std::move(merged));
  call.note_change(RecordChange::Action::updated, tickets, id, before);
}

void mark_parent(const ApiCall& call, std::string_view flag) {
  Table& tickets = call.db.table("tickets");
  const Record before = *tickets.find(call.ids.front());
  Record parent = before;
  tickets.at(parent, flag) = true;
  tickets.at(parent, "lastUpdated") = call.now;
  tickets.put(std::move(parent));
  call.note_change(RecordChange::Action::updated, tickets, before.id, before);
}

// Notes and time of the merged tickets go over; they get the status that is named. Nothing happens
// unless all of it can.
ApiResult<ApiResponse> merge(const ApiCall& call) {
  if (auto missing = missing_ticket(call)) return std::unexpected(std::move(*missing));
  const auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  if (!body) return std::unexpected(unreadable("The request body is not valid JSON."));
  auto ids = read_tickets(call, *body, "mergeTicketIds", "ticketMerge");
  if (!ids) return std::unexpected(std::move(ids.error()));
  const json::Value* status = body->find("status");
  if (status == nullptr || !status->is_object()) {
    return invalid("MissingRequiredField", "status is required.", "ticketMerge", "status");
  }
  const Table& tickets = call.db.table("tickets");
  std::vector<std::int64_t> statuses;
  for (const std::int64_t id : *ids) {
    auto found = find_status(call, *status, id_in(tickets, *tickets.find(id), "board"));
    if (!found) return std::unexpected(std::move(found.error()));
    statuses.push_back(*found);
  }
  const std::int64_t parent = call.ids.front();
  for (std::size_t i = 0; i < ids->size(); ++i) {
    move_notes(call.db, (*ids)[i], parent);
    move_time(call.db, (*ids)[i], parent);
    sum_up_ticket(call.db, (*ids)[i]);
    close_merged(call, (*ids)[i], statuses[i]);
  }
  sum_up_ticket(call.db, parent);
  mark_parent(call, "hasMergedChildTicketFlag");
  return success();
}

ApiResult<ApiResponse> attach_children(const ApiCall& call) {
  if (auto missing = missing_ticket(call)) return std::unexpected(std::move(*missing));
  const auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  if (!body) return std::unexpected(unreadable("The request body is not valid JSON."));
  auto ids = read_tickets(call, *body, "childTicketIds", "ticketBundle");
  if (!ids) return std::unexpected(std::move(ids.error()));
  Table& tickets = call.db.table("tickets");
  const Record& parent = *tickets.find(call.ids.front());
  for (const std::int64_t id : *ids) {
    if (int_or(tickets.at(parent, "parentTicketId"), 0) != id) continue;
    return invalid("InvalidOperation", "A ticket cannot be a child of its own child.",
                   "ticketBundle", "childTicketIds");
  }
  for (const std::int64_t id : *ids) {
    const Record before = *tickets.find(id);
    Record child = before;
    tickets.at(child, "parentTicketId") = call.ids.front();
    tickets.put(std::move(child));
    call.note_change(RecordChange::Action::updated, tickets, id, before);
  }
  mark_parent(call, "hasChildTicket");
  return success();
}

}  // namespace

void add_merge_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::post, "service/tickets/{}/merge", merge});
  out.push_back({http::Method::post, "service/tickets/{}/attachChildren", attach_children});
}

}  // namespace patchbay::sandbox
