// What the API does with project tickets and their notes beyond the fields.
#include "sandbox/modules/project/tickets_rules.h"

#include <fmt/core.h>

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

bool is_closed(const Database& db, const Table& table, const Record& ticket) {
  const Table& statuses = db.table("boardStatuses");
  const Record* status = statuses.find(id_in(table, ticket, "status"));
  return status != nullptr && bool_or(statuses.at(*status, "closedStatus"), false);
}

// A status given by name may have been found on another board: the project decides which board.
void bring_status_to_board(const Database& db, const Table& table, Record& ticket) {
  const Table& statuses = db.table("boardStatuses");
  const std::int64_t board = id_in(table, ticket, "board");
  const Record* status = statuses.find(id_in(table, ticket, "status"));
  if (status == nullptr) {
    const std::int64_t fallback = default_child(statuses, board);
    if (fallback != 0) table.at(ticket, "status") = RecordReference{fallback};
  } else if (statuses.parent_of(*status) != board) {
    const Record* same = statuses.find_by("name", text_or(statuses.at(*status, "name"), ""), board);
    if (same != nullptr) table.at(ticket, "status") = RecordReference{same->id};
  }
}

void fill_project_ticket(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  Database& db = context.db;
  const Table& phases = db.table("projectPhases");
  const Record* phase = phases.find(id_in(table, ticket, "phase"));
  if (phase == nullptr) return;
  fill_if_null(table, ticket, "project", phases.at(*phase, "project"));
  const Table& projects = db.table("projects");
  if (const Record* project = projects.find(id_in(table, ticket, "project"))) {
    for (const std::string_view field :
         {"company", "site", "contact", "board", "location", "department", "agreement"}) {
      fill_if_null(table, ticket, field, projects.at(*project, field));
    }
  }
  if (context.before == nullptr) {
    int place = 1;
    for (const auto& [id, other] : table.records()) {
      if (id_in(table, other, "phase") == phase->id) ++place;
    }
    table.at(ticket, "wbsCode") =
        fmt::format("{}.{}", text_or(phases.at(*phase, "wbsCode"), "1"), place);
  }
  bring_status_to_board(db, table, ticket);
  const std::string owner = member_identifier(db, id_in(table, ticket, "owner"));
  const std::string resources = text_or(table.at(ticket, "resources"), "");
  if (!owner.empty() && resources.find(owner) == std::string::npos) {
    table.at(ticket, "resources") = resources.empty() ? owner : owner + ", " + resources;
  }
  const bool was = context.before != nullptr && is_closed(db, table, *context.before);
  const bool is = is_closed(db, table, ticket);
  if (was == is) return;
  table.at(ticket, "closedDate") = is ? Cell(context.now) : Cell();
  table.at(ticket, "closedBy") = is ? Cell(member_identifier(db, context.member)) : Cell();
}

void check_project_ticket(const WriteContext& context, const Record& ticket,
                          std::vector<InvalidField>& errors) {
  const Table& table = context.table;
  const Table& phases = context.db.table("projectPhases");
  const std::int64_t project = id_in(table, ticket, "project");
  const Record* phase = phases.find(id_in(table, ticket, "phase"));
  if (phase != nullptr && phases.parent_of(*phase) != project) {
    errors.push_back({"NotFound", fmt::format("Project Phase not found for Project {}", project),
                      "projectTicket", "phase/id"});
  }
  const Table& statuses = context.db.table("boardStatuses");
  const std::int64_t board = id_in(table, ticket, "board");
  const Record* status = statuses.find(id_in(table, ticket, "status"));
  if (status != nullptr && statuses.parent_of(*status) != board) {
    errors.push_back({"NotFound",
                      fmt::format("Service Status not found for Service Board {}", board),
                      "projectTicket", "status/id"});
  }
}

void add_note(const WriteContext& context, const Record& ticket, std::string_view from,
              std::string_view flag) {
  const std::string words = text_or(context.table.at(ticket, from), "");
  if (words.empty()) return;
  Table& notes = context.db.table("projectTicketNotes");
  Record note = with_fallbacks(context.db, notes);
  notes.at(note, "ticket") = RecordReference{ticket.id};
  notes.at(note, "text") = words;
  notes.at(note, flag) = true;
  notes.at(note, "member") = RecordReference{context.member};
  notes.at(note, "internalFlag") = flag == "internalAnalysisFlag";
  notes.at(note, "externalFlag") = flag != "internalAnalysisFlag";
  notes.at(note, "dateEntered") = context.now;
  notes.at(note, "lastUpdated") = context.now;
  notes.at(note, "enteredBy") = member_identifier(context.db, context.member);
  notes.at(note, "updatedBy") = member_identifier(context.db, context.member);
  notes.insert(std::move(note));
}

}  // namespace

const Rules kProjectTicketRules = {
    .fill = fill_project_ticket,
    .check = check_project_ticket,
    .stored =
        [](const WriteContext& context, const Record& ticket) {
          if (context.before != nullptr) return;
          add_note(context, ticket, "initialDescription", "detailDescriptionFlag");
          add_note(context, ticket, "initialInternalAnalysis", "internalAnalysisFlag");
          add_note(context, ticket, "initialResolution", "resolutionFlag");
        },
    .deleted =
        [](Database& db, const Record& ticket) {
          erase_children(db, "projectTicketNotes", ticket.id);
          erase_children(db, "projectTicketTasks", ticket.id);
        },
};

const Rules kProjectTicketNoteRules = {
    .fill =
        [](const WriteContext& context, Record& note) {
          const Table& table = context.table;
          if (is_null(table.at(note, "contact"))) {
            fill_if_null(table, note, "member", RecordReference{context.member});
          }
          table.at(note, "internalFlag") = bool_or(table.at(note, "internalAnalysisFlag"), false);
          table.at(note, "externalFlag") =
              bool_or(table.at(note, "detailDescriptionFlag"), false) ||
              bool_or(table.at(note, "resolutionFlag"), false);
        },
    .check =
        [](const WriteContext& context, const Record& note, std::vector<InvalidField>& errors) {
          for (const std::string_view flag :
               {"detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag"}) {
            if (bool_or(context.table.at(note, flag), false)) return;
          }
          errors.push_back({"MissingRequiredField",
                            "At least one of detailDescriptionFlag, internalAnalysisFlag and "
                            "resolutionFlag is required.",
                            "ticketNote", "detailDescriptionFlag"});
        },
};

void sum_up_project_ticket(Database& db, std::int64_t ticket) {
  Table& tickets = db.table("projectTickets");
  const Record* found = tickets.find(ticket);
  if (found == nullptr) return;
  const Table& entries = db.table("timeEntries");
  double hours = 0;
  for (const auto& [id, entry] : entries.records()) {
    if (int_or(entries.at(entry, "chargeToId"), 0) != ticket) continue;
    if (text_or(entries.at(entry, "chargeToType"), "") != "ProjectTicket") continue;
    hours += number_in(entries, entry, "actualHours");
  }
  Record changed = *found;
  tickets.at(changed, "actualHours") = to_cents(hours);
  tickets.put(changed);
  // Up the hierarchy, each the sum of its tickets.
  for (const auto& [field, above] :
       {std::pair("phase", "projectPhases"), std::pair("project", "projects")}) {
    Table& table = db.table(above);
    const std::int64_t id = id_in(tickets, changed, field);
    const Record* record = table.find(id);
    if (record == nullptr) continue;
    double sum = 0;
    for (const auto& [other_id, other] : tickets.records()) {
      if (id_in(tickets, other, field) == id) sum += number_in(tickets, other, "actualHours");
    }
    Record total = *record;
    table.at(total, "actualHours") = to_cents(sum);
    table.put(std::move(total));
  }
}

}  // namespace patchbay::sandbox
