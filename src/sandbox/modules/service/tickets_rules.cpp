// What the API does beyond fields when a ticket is written.
#include "sandbox/modules/service/tickets_rules.h"

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/modules/service/tickets_notes.h"
#include "sandbox/modules/service/tickets_sla.h"
#include "sandbox/records/collation.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// After a move: the new board's record of the same name, else its default, else nothing.
void carry_over(const WriteContext& context, Record& ticket, std::string_view field,
                bool has_default) {
  if (context.was_given(field)) return;
  Cell& cell = context.table.at(ticket, field);
  const FieldSpec& declared = context.table.fields()[context.table.column(field)];
  const Table& children = context.db.table(declared.target);
  const std::int64_t board = id_in(context.table, ticket, "board");
  const Record* old = children.find(reference_or(cell, 0));
  if (old == nullptr || children.parent_of(*old) == board) return;
  const Record* same = children.find_by("name", text_or(children.at(*old, "name"), ""), board);
  const std::int64_t id = same != nullptr ? same->id
                          : has_default   ? default_child(children, board)
                                          : 0;
  cell = id == 0 ? Cell() : Cell(RecordReference{id});
}

bool combination_exists(const Database& db, std::int64_t board, std::int64_t type,
                        std::int64_t sub_type, std::int64_t item) {
  const Table& associations = db.table("boardAssociations");
  for (const std::int64_t id : associations.children_of(board)) {
    const Record& one = *associations.find(id);
    if (id_in(associations, one, "type") == type &&
        id_in(associations, one, "subType") == sub_type &&
        (item == 0 || id_in(associations, one, "item") == item)) {
      return true;
    }
  }
  return false;
}

// Subtype and item that came along with a move stay only if the new board allows them together.
void drop_impossible_combination(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const std::int64_t board = id_in(table, ticket, "board");
  const std::int64_t type = id_in(table, ticket, "type");
  const std::int64_t sub_type = id_in(table, ticket, "subType");
  if (!context.was_given("subType") && sub_type != 0 &&
      !combination_exists(context.db, board, type, sub_type, 0)) {
    table.at(ticket, "subType") = Cell();
  }
  const std::int64_t kept = id_in(table, ticket, "subType");
  if (!context.was_given("item") &&
      (kept == 0 ||
       !combination_exists(context.db, board, type, kept, id_in(table, ticket, "item")))) {
    table.at(ticket, "item") = Cell();
  }
}

void fill_in_contact(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const Table& contacts = context.db.table("contacts");
  const Record* contact = contacts.find(id_in(table, ticket, "contact"));
  if (contact == nullptr) return;
  Cell scratch;
  const auto fill = [&](std::string_view field, Cell value) {
    if (is_null(table.at(ticket, field)) || context.was_given("contact")) {
      if (!context.was_given(field)) table.at(ticket, field) = std::move(value);
    }
  };
  fill("contactName", contacts.read(context.db, *contact, contacts.column("name"), scratch));
  const auto* items = std::get_if<Rows>(&contacts.at(*contact, "communicationItems"));
  if (items == nullptr) return;
  for (const Row& item : *items) {
    if (!bool_or(item.cells[4], false)) continue;
    const std::string kind = text_or(item.cells[6], "");
    if (kind == "Phone") fill("contactPhoneNumber", item.cells[2]);
    if (kind == "Email") fill("contactEmailAddress", item.cells[2]);
  }
}

// contactEmailLookup: the company's contact with that address.
void look_up_contact(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const std::string wanted = fold(text_or(table.at(ticket, "contactEmailLookup"), ""));
  if (wanted.empty() || !is_null(table.at(ticket, "contact"))) return;
  const Table& contacts = context.db.table("contacts");
  for (const auto& [id, contact] : contacts.records()) {
    if (id_in(contacts, contact, "company") != id_in(table, ticket, "company")) continue;
    const auto* items = std::get_if<Rows>(&contacts.at(contact, "communicationItems"));
    if (items == nullptr) continue;
    for (const Row& item : *items) {
      if (fold(text_or(item.cells[2], "")) == wanted) {
        table.at(ticket, "contact") = RecordReference{id};
        return;
      }
    }
  }
}

void fill_in_place(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const Table& boards = context.db.table("boards");
  const Record* board = boards.find(id_in(table, ticket, "board"));
  const auto fill = [&](std::string_view field, const Cell& value) {
    if (is_null(table.at(ticket, field))) table.at(ticket, field) = value;
  };
  if (board != nullptr) {
    fill("location", boards.at(*board, "location"));
    fill("department", boards.at(*board, "department"));
  }
  const Table& companies = context.db.table("companies");
  const Record* company = companies.find(id_in(table, ticket, "company"));
  if (company == nullptr || context.before != nullptr) return;
  fill("site", companies.at(*company, "site"));
  fill("addressLine1", companies.at(*company, "addressLine1"));
  fill("city", companies.at(*company, "city"));
  fill("stateIdentifier", companies.at(*company, "state"));
  fill("zip", companies.at(*company, "zip"));
  fill("country", companies.at(*company, "country"));
}

bool is_closed(const Database& db, const Table& table, const Record& ticket) {
  const Table& statuses = db.table("boardStatuses");
  const Record* status = statuses.find(id_in(table, ticket, "status"));
  return status != nullptr && bool_or(statuses.at(*status, "closedStatus"), false);
}

void note_closing(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const bool was_closed =
      context.before != nullptr && is_closed(context.db, table, *context.before);
  const bool closed = is_closed(context.db, table, ticket);
  if (closed == was_closed) return;
  const Table& members = context.db.table("members");
  const Record* member = members.find(context.member);
  for (const std::string_view field : {"closedDate", "dateResolved"}) {
    table.at(ticket, field) = closed ? Cell(context.now) : Cell();
  }
  table.at(ticket, "closedBy") =
      closed && member != nullptr ? members.at(*member, "identifier") : Cell();
}

// `resources` is a flat text: "jdoe, asmith". The owner is always among them.
void list_owner_among_resources(const WriteContext& context, Record& ticket) {
  const Table& members = context.db.table("members");
  const Record* owner = members.find(id_in(context.table, ticket, "owner"));
  if (owner == nullptr) return;
  const std::string identifier = text_or(members.at(*owner, "identifier"), "");
  const std::string resources = text_or(context.table.at(ticket, "resources"), "");
  for (const std::string_view one : split(resources, ',')) {
    if (trim(one) == identifier) return;
  }
  context.table.at(ticket, "resources") =
      resources.empty() ? identifier : identifier + ", " + resources;
}

// Whoever takes a ticket up has responded to it.
void note_response(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const Table& statuses = context.db.table("boardStatuses");
  const Record* status = statuses.find(id_in(table, ticket, "status"));
  if (status == nullptr || !is_null(table.at(ticket, "dateResponded"))) return;
  const std::string stage = text_or(statuses.at(*status, "escalationStatus"), "");
  if (stage != "Responded" && stage != "ResolutionPlan" && stage != "Resolved") return;
  const Record* member = context.db.table("members").find(context.member);
  table.at(ticket, "dateResponded") = context.now;
  if (member != nullptr) {
    table.at(ticket, "respondedBy") = context.db.table("members").at(*member, "identifier");
  }
}

void fill_ticket(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const std::int64_t board = id_in(table, ticket, "board");
  if (context.before != nullptr && id_in(table, *context.before, "board") != board) {
    carry_over(context, ticket, "status", true);
    carry_over(context, ticket, "type", true);
    for (const std::string_view field : {"subType", "item", "team"}) {
      carry_over(context, ticket, field, false);
    }
    drop_impossible_combination(context, ticket);
  }
  if (is_null(table.at(ticket, "status")) && !context.was_given("status")) {
    const std::int64_t status = default_child(context.db.table("boardStatuses"), board);
    if (status != 0) table.at(ticket, "status") = RecordReference{status};
  }
  if (context.before == nullptr) {
    if (is_null(table.at(ticket, "type")) && !context.was_given("type")) {
      const std::int64_t type = default_child(context.db.table("boardTypes"), board);
      if (type != 0) table.at(ticket, "type") = RecordReference{type};
    }
    table.at(ticket, "actualHours") = 0.0;
    table.at(ticket, "isInSla") = true;
    look_up_contact(context, ticket);
  }
  fill_in_contact(context, ticket);
  fill_in_place(context, ticket);
  list_owner_among_resources(context, ticket);
  note_closing(context, ticket);
  note_response(context, ticket);
  follow_sla(context.db, table, ticket, context.now);
}

void check_ticket(const WriteContext& context, const Record& ticket,
                  std::vector<InvalidField>& errors) {
  const Table& table = context.table;
  const std::int64_t board = id_in(table, ticket, "board");
  const std::int64_t type = id_in(table, ticket, "type");
  const std::int64_t sub_type = id_in(table, ticket, "subType");
  const std::int64_t item = id_in(table, ticket, "item");
  if (is_null(table.at(ticket, "board"))) {
    errors.push_back({"MissingRequiredField", "board is required.", "ticket", "board"});
    return;
  }
  if (is_null(table.at(ticket, "status")) && errors.empty()) {
    errors.push_back({"NotFound",
                      fmt::format("Service Status not found for Service Board {}", board), "ticket",
                      "status/id"});
  }
  // Moving a time of another board along is the caller's doing only if it named one of them.
  if (sub_type != 0 && !combination_exists(context.db, board, type, sub_type, 0)) {
    errors.push_back({"NotFound",
                      fmt::format("Service SubType not found for Service Type {}", type), "ticket",
                      "subType/id"});
  } else if (item != 0 && !combination_exists(context.db, board, type, sub_type, item)) {
    errors.push_back({"NotFound",
                      fmt::format("Service Item not found for Service SubType {}", sub_type),
                      "ticket", "item/id"});
  }
}

void add_initial_note(const WriteContext& context, const Record& ticket, std::string_view from,
                      std::string_view flag) {
  const std::string words = text_or(context.table.at(ticket, from), "");
  if (words.empty()) return;
  Table& notes = context.db.table("ticketNotes");
  const Table& members = context.db.table("members");
  Record note = with_fallbacks(context.db, notes);
  notes.at(note, "ticket") = RecordReference{ticket.id};
  notes.at(note, "text") = words;
  notes.at(note, flag) = true;
  notes.at(note, "member") = RecordReference{context.member};
  notes.at(note, "internalFlag") = flag == "internalAnalysisFlag";
  notes.at(note, "externalFlag") = flag != "internalAnalysisFlag";
  for (const std::string_view date : {"dateCreated", "dateEntered", "lastUpdated"}) {
    notes.at(note, date) = context.now;
  }
  if (const Record* member = members.find(context.member)) {
    for (const std::string_view who : {"createdBy", "enteredBy", "updatedBy"}) {
      notes.at(note, who) = members.at(*member, "identifier");
    }
  }
  add_to_all_notes(context.db, notes.insert(std::move(note)));
}

void ticket_stored(const WriteContext& context, const Record& ticket) {
  if (context.before != nullptr) return;
  add_initial_note(context, ticket, "initialDescription", "detailDescriptionFlag");
  add_initial_note(context, ticket, "initialInternalAnalysis", "internalAnalysisFlag");
  add_initial_note(context, ticket, "initialResolution", "resolutionFlag");
}

}  // namespace

const Rules kTicketRules = {
    .fill = fill_ticket,
    .check = check_ticket,
    .stored = ticket_stored,
    .deleted =
        [](Database& db, const Record& ticket) {
          erase_children(db, "ticketNotes", ticket.id);
          erase_children(db, "ticketAllNotes", ticket.id);
        },
};

}  // namespace patchbay::sandbox
