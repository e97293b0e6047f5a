// A service ticket becomes one of a project. It is an endpoint of service tickets, and stands here
// since projects know of tickets and not the other way round.
#include "sandbox/modules/project/tickets_conversion.h"

#include <fmt/core.h>

#include "json/parse.h"
#include "sandbox/modules/project/tickets_rules.h"
#include "sandbox/operations/api_response.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

ApiResult<const Record*> find_service_ticket(const ApiCall& call) {
  const Table& tickets = call.db.table("tickets");
  if (const Record* ticket = tickets.find(call.ids.front())) return ticket;
  return std::unexpected(
      record_not_found(tickets.resource().label, std::to_string(call.ids.front())));
}

std::unexpected<ApiError> invalid(std::string code, std::string message, std::string field) {
  return std::unexpected(invalid_object(
      "convertToProject",
      {{std::move(code), std::move(message), "convertToProject", std::move(field)}}));
}

struct Place {
  std::int64_t project = 0;
  std::int64_t phase = 0;
  std::string wbs_code;
};

// Where in which project, all of it there.
ApiResult<Place> read_place(const ApiCall& call) {
  const auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  if (!body) return std::unexpected(unreadable("The request body is not valid JSON."));
  const auto id_of = [&](std::string_view member) -> std::int64_t {
    const json::Value* named = body->find(member);
    return named == nullptr ? 0 : named->int64_or("id", 0);
  };
  Place place{id_of("project"), id_of("phase"), std::string(body->string_or("wbsCode", ""))};
  if (place.phase == 0) return invalid("MissingRequiredField", "phase is required.", "phase");
  if (place.wbs_code.empty()) {
    return invalid("MissingRequiredField", "wbsCode is required.", "wbsCode");
  }
  const Table& phases = call.db.table("projectPhases");
  const Record* phase = phases.find(place.phase);
  const std::int64_t project = phase == nullptr ? 0 : phases.parent_of(*phase).value_or(0);
  if (phase == nullptr || (place.project != 0 && place.project != project)) {
    return invalid("NotFound", fmt::format("Project Phase {} not found", place.phase), "phase/id");
  }
  place.project = project;
  return place;
}

// What both kinds of record have by one name.
Record in_table(const Database& db, const Table& from, const Record& record, const Table& to) {
  Record made = with_fallbacks(db, to);
  for (std::size_t i = 1; i < to.fields().size(); ++i) {
    const FieldSpec& field = to.fields()[i];
    const auto column = from.find_column(field.name);
    // Custom fields of one kind are not those of the other.
    if (!column || !field.is_stored() || field.kind == FieldKind::custom_fields) continue;
    const FieldSpec& same = from.fields()[*column];
    if (same.kind == field.kind && same.is_stored()) made.cells[i] = record.cells[*column];
  }
  return made;
}

void move_below(Database& db, std::string_view from, std::string_view to, std::int64_t ticket) {
  const Table& old_table = db.table(from);
  Table& new_table = db.table(to);
  for (const std::int64_t id : old_table.children_of(ticket)) {
    Record moved = in_table(db, old_table, *old_table.find(id), new_table);
    new_table.at(moved, "ticket") = RecordReference{ticket};
    new_table.insert(std::move(moved));
  }
  erase_children(db, from, ticket);
}

void move_time(Database& db, std::int64_t ticket, const Place& place) {
  Table& entries = db.table("timeEntries");
  std::vector<Record> moved;
  for (const auto& [id, entry] : entries.records()) {
    if (id_in(entries, entry, "ticket") == ticket) moved.push_back(entry);
  }
  for (Record& entry : moved) {
    entries.at(entry, "ticket") = Cell();
    entries.at(entry, "chargeToType") = "ProjectTicket";
    entries.at(entry, "project") = RecordReference{place.project};
    entries.at(entry, "phase") = RecordReference{place.phase};
    entries.put(std::move(entry));
  }
}

// Its number, notes, tasks and time stay with it; board and status are the project's.
ApiResult<ApiResponse> convert(const ApiCall& call) {
  const auto found = find_service_ticket(call);
  if (!found) return std::unexpected(found.error());
  const auto place = read_place(call);
  if (!place) return std::unexpected(place.error());
  Table& tickets = call.db.table("tickets");
  Table& of_projects = call.db.table("projectTickets");
  const Table& projects = call.db.table("projects");
  const Table& statuses = call.db.table("boardStatuses");
  const std::int64_t id = (*found)->id;
  Record made = in_table(call.db, tickets, **found, of_projects);
  made.id = id;
  of_projects.at(made, "project") = RecordReference{place->project};
  of_projects.at(made, "phase") = RecordReference{place->phase};
  of_projects.at(made, "wbsCode") = place->wbs_code;
  const std::int64_t board = id_in(projects, *projects.find(place->project), "board");
  const std::string status = text_or(call.db.read(tickets, **found, "status/name"), "");
  const Record* same = statuses.find_by("name", status, board);
  of_projects.at(made, "board") = RecordReference{board};
  of_projects.at(made, "status") =
      RecordReference{same != nullptr ? same->id : default_child(statuses, board)};
  for (const std::string_view field : {"type", "subType", "item"}) {
    of_projects.at(made, field) = Cell();
  }
  of_projects.at(made, "lastUpdated") = call.now;
  of_projects.at(made, "updatedBy") = member_identifier(call.db, call.member);
  const Record gone = tickets.take(id);
  of_projects.insert(std::move(made));
  move_below(call.db, "ticketNotes", "projectTicketNotes", id);
  move_below(call.db, "ticketTasks", "projectTicketTasks", id);
  erase_children(call.db, "ticketAllNotes", id);
  move_time(call.db, id, *place);
  sum_up_project_ticket(call.db, id);
  call.note_change(RecordChange::Action::deleted, tickets, id, gone);
  call.note_change(RecordChange::Action::added, of_projects, id, std::nullopt);
  return ApiResponse::json(201, R"({"success":true,"message":"Success"})");
}

}  // namespace

void add_ticket_conversion_endpoint(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::post, "service/tickets/{}/convert", convert});
}

}  // namespace patchbay::sandbox
