#include "sandbox/modules/service/tickets_rules.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sandbox/records/collation.h"

namespace patchbay::sandbox {
namespace {

std::int64_t to_id(const Table& table, const Record& record, std::string_view field) {
  return reference_or(table.at(record, field), 0);
}

// The board's child that is marked as default; 0 if none is.
std::int64_t default_of_board(const Table& children, std::int64_t board) {
  for (const std::int64_t id : children.children_of(board)) {
    if (bool_or(children.at(*children.find(id), "defaultFlag"), false)) return id;
  }
  return 0;
}

// After a move: the new board's record of the same name, else its default, else nothing.
void carry_over(const WriteContext& context, Record& ticket, std::string_view field,
                bool has_default) {
  if (context.was_given(field)) return;
  Cell& cell = context.table.at(ticket, field);
  const Field& declared = context.table.fields()[context.table.column(field)];
  const Table& children = context.db.table(declared.target);
  const std::int64_t board = to_id(context.table, ticket, "board");
  const Record* old = children.find(reference_or(cell, 0));
  if (old == nullptr || children.parent_of(*old) == board) return;
  const Record* same = children.find_by("name", text_or(children.at(*old, "name"), ""), board);
  const std::int64_t id = same != nullptr ? same->id
                          : has_default   ? default_of_board(children, board)
                                          : 0;
  cell = id == 0 ? Cell() : Cell(Reference{id});
}

bool combination_exists(const Database& db, std::int64_t board, std::int64_t type,
                        std::int64_t sub_type, std::int64_t item) {
  const Table& associations = db.table("boardAssociations");
  for (const std::int64_t id : associations.children_of(board)) {
    const Record& one = *associations.find(id);
    if (to_id(associations, one, "type") == type &&
        to_id(associations, one, "subType") == sub_type &&
        (item == 0 || to_id(associations, one, "item") == item)) {
      return true;
    }
  }
  return false;
}

// Subtype and item that came along with a move stay only if the new board allows them together.
void drop_impossible_combination(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const std::int64_t board = to_id(table, ticket, "board");
  const std::int64_t type = to_id(table, ticket, "type");
  const std::int64_t sub_type = to_id(table, ticket, "subType");
  if (!context.was_given("subType") && sub_type != 0 &&
      !combination_exists(context.db, board, type, sub_type, 0)) {
    table.at(ticket, "subType") = Cell();
  }
  const std::int64_t kept = to_id(table, ticket, "subType");
  if (!context.was_given("item") &&
      (kept == 0 ||
       !combination_exists(context.db, board, type, kept, to_id(table, ticket, "item")))) {
    table.at(ticket, "item") = Cell();
  }
}

void fill_in_contact(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const Table& contacts = context.db.table("contacts");
  const Record* contact = contacts.find(to_id(table, ticket, "contact"));
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
    if (to_id(contacts, contact, "company") != to_id(table, ticket, "company")) continue;
    const auto* items = std::get_if<Rows>(&contacts.at(contact, "communicationItems"));
    if (items == nullptr) continue;
    for (const Row& item : *items) {
      if (fold(text_or(item.cells[2], "")) == wanted) {
        table.at(ticket, "contact") = Reference{id};
        return;
      }
    }
  }
}

void fill_in_place(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const Table& boards = context.db.table("boards");
  const Record* board = boards.find(to_id(table, ticket, "board"));
  const auto fill = [&](std::string_view field, const Cell& value) {
    if (is_null(table.at(ticket, field))) table.at(ticket, field) = value;
  };
  if (board != nullptr) {
    fill("location", boards.at(*board, "location"));
    fill("department", boards.at(*board, "department"));
  }
  const Table& companies = context.db.table("companies");
  const Record* company = companies.find(to_id(table, ticket, "company"));
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
  const Record* status = statuses.find(to_id(table, ticket, "status"));
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
  const Record* owner = members.find(to_id(context.table, ticket, "owner"));
  if (owner == nullptr) return;
  const std::string identifier = text_or(members.at(*owner, "identifier"), "");
  const std::string resources = text_or(context.table.at(ticket, "resources"), "");
  for (const std::string_view one : split(resources, ',')) {
    if (trim(one) == identifier) return;
  }
  context.table.at(ticket, "resources") =
      resources.empty() ? identifier : identifier + ", " + resources;
}

void fill_ticket(const WriteContext& context, Record& ticket) {
  const Table& table = context.table;
  const std::int64_t board = to_id(table, ticket, "board");
  if (context.before != nullptr && to_id(table, *context.before, "board") != board) {
    carry_over(context, ticket, "status", true);
    carry_over(context, ticket, "type", true);
    for (const std::string_view field : {"subType", "item", "team"}) {
      carry_over(context, ticket, field, false);
    }
    drop_impossible_combination(context, ticket);
  }
  if (is_null(table.at(ticket, "status")) && !context.was_given("status")) {
    const std::int64_t status = default_of_board(context.db.table("boardStatuses"), board);
    if (status != 0) table.at(ticket, "status") = Reference{status};
  }
  if (context.before == nullptr) {
    if (is_null(table.at(ticket, "type")) && !context.was_given("type")) {
      const std::int64_t type = default_of_board(context.db.table("boardTypes"), board);
      if (type != 0) table.at(ticket, "type") = Reference{type};
    }
    table.at(ticket, "actualHours") = 0.0;
    table.at(ticket, "isInSla") = true;
    look_up_contact(context, ticket);
  }
  fill_in_contact(context, ticket);
  fill_in_place(context, ticket);
  list_owner_among_resources(context, ticket);
  note_closing(context, ticket);
}

void check_ticket(const WriteContext& context, const Record& ticket,
                  std::vector<FieldError>& errors) {
  const Table& table = context.table;
  const std::int64_t board = to_id(table, ticket, "board");
  const std::int64_t type = to_id(table, ticket, "type");
  const std::int64_t sub_type = to_id(table, ticket, "subType");
  const std::int64_t item = to_id(table, ticket, "item");
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
  Record note = notes.blank();
  for (const Field& field : notes.fields()) notes.at(note, field.name) = field.fallback;
  notes.at(note, "ticket") = Reference{ticket.id};
  notes.at(note, "text") = words;
  notes.at(note, flag) = true;
  notes.at(note, "member") = Reference{context.member};
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

void erase_children(Database& db, std::string_view table, std::int64_t parent) {
  Table& children = db.table(table);
  const std::set<std::int64_t> ids = children.children_of(parent);
  for (const std::int64_t id : ids) children.erase(id);
}

// The entry of allNotes that points to a note or a time entry; 0 if there is none.
std::int64_t find_in_all_notes(const Table& all, std::int64_t ticket, std::string_view field,
                               std::int64_t id) {
  for (const std::int64_t one : all.children_of(ticket)) {
    if (to_id(all, *all.find(one), field) == id) return one;
  }
  return 0;
}

}  // namespace

Rules ticket_rules() {
  Rules rules;
  rules.fill = fill_ticket;
  rules.check = check_ticket;
  rules.stored = ticket_stored;
  rules.deleted = [](Database& db, const Record& ticket) {
    erase_children(db, "ticketNotes", ticket.id);
    erase_children(db, "ticketAllNotes", ticket.id);
  };
  return rules;
}

Rules ticket_note_rules() {
  Rules rules;
  rules.fill = [](const WriteContext& context, Record& note) {
    const Table& table = context.table;
    if (context.before == nullptr) {
      const Table& members = context.db.table("members");
      const Record* member = members.find(context.member);
      if (is_null(table.at(note, "member")) && is_null(table.at(note, "contact"))) {
        table.at(note, "member") = Reference{context.member};
      }
      table.at(note, "dateCreated") = context.now;
      if (member != nullptr) table.at(note, "createdBy") = members.at(*member, "identifier");
    }
    const bool internal = bool_or(table.at(note, "internalAnalysisFlag"), false);
    table.at(note, "internalFlag") = internal;
    table.at(note, "externalFlag") = bool_or(table.at(note, "detailDescriptionFlag"), false) ||
                                     bool_or(table.at(note, "resolutionFlag"), false);
  };
  rules.check = [](const WriteContext& context, const Record& note,
                   std::vector<FieldError>& errors) {
    const auto flagged = [&](std::string_view name) {
      return bool_or(context.table.at(note, name), false);
    };
    if (!flagged("detailDescriptionFlag") && !flagged("internalAnalysisFlag") &&
        !flagged("resolutionFlag")) {
      errors.push_back({"MissingRequiredField",
                        "At least one of detailDescriptionFlag, internalAnalysisFlag and "
                        "resolutionFlag is required.",
                        "serviceNote", "detailDescriptionFlag"});
    }
  };
  rules.stored = [](const WriteContext& context, const Record& note) {
    if (context.before == nullptr) add_to_all_notes(context.db, note);
    Table& tickets = context.db.table("tickets");
    const Record* ticket = tickets.find(to_id(context.table, note, "ticket"));
    if (ticket == nullptr) return;
    Record touched = *ticket;
    tickets.at(touched, "lastUpdated") = context.now;
    tickets.at(touched, "updatedBy") = context.table.at(note, "updatedBy");
    tickets.put(std::move(touched));
  };
  rules.deleted = [](Database& db, const Record& note) {
    Table& all = db.table("ticketAllNotes");
    const std::int64_t ticket = to_id(db.table("ticketNotes"), note, "ticket");
    if (const std::int64_t id = find_in_all_notes(all, ticket, "note", note.id)) all.erase(id);
  };
  return rules;
}

void add_to_all_notes(Database& db, const Record& note) {
  Table& all = db.table("ticketAllNotes");
  const Table& notes = db.table("ticketNotes");
  Record entry = all.blank();
  entry.id = note.id;
  all.at(entry, "note") = Reference{note.id};
  all.at(entry, "noteType") = "TicketNote";
  for (const std::string_view flag :
       {"isMarkdownFlag", "bundledFlag", "mergedFlag", "createdByParentFlag"}) {
    all.at(entry, flag) = false;
  }
  for (const std::string_view field :
       {"ticket", "member", "contact", "dateEntered", "enteredBy", "lastUpdated", "updatedBy"}) {
    all.at(entry, field) = notes.at(note, field);
  }
  all.put(std::move(entry));
}

void add_time_entry_to_all_notes(Database& db, const Record& time_entry) {
  const Table& entries = db.table("timeEntries");
  const std::int64_t ticket = to_id(entries, time_entry, "ticket");
  if (ticket == 0 || is_null(entries.at(time_entry, "notes"))) return;
  Table& all = db.table("ticketAllNotes");
  Record entry = all.blank();
  entry.id = time_entry.id;
  all.at(entry, "timeEntry") = Reference{time_entry.id};
  all.at(entry, "noteType") = "TimeEntryNote";
  all.at(entry, "ticket") = Reference{ticket};
  all.at(entry, "member") = entries.at(time_entry, "member");
  for (const std::string_view flag :
       {"isMarkdownFlag", "bundledFlag", "mergedFlag", "createdByParentFlag"}) {
    all.at(entry, flag) = false;
  }
  for (const std::string_view field : {"dateEntered", "enteredBy", "lastUpdated", "updatedBy"}) {
    all.at(entry, field) = entries.at(time_entry, field);
  }
  all.put(std::move(entry));
}

void remove_time_entry_from_all_notes(Database& db, const Record& time_entry) {
  Table& all = db.table("ticketAllNotes");
  const std::int64_t ticket = to_id(db.table("timeEntries"), time_entry, "ticket");
  const std::int64_t id = find_in_all_notes(all, ticket, "timeEntry", time_entry.id);
  if (id != 0) all.erase(id);
}

namespace {

// What an entry of allNotes points to: a note, or else a time entry.
struct Source {
  const Table* table = nullptr;
  const Record* record = nullptr;
  bool is_note = false;
};

Source source_of(const Database& db, const Record& entry) {
  const Table& all = db.table("ticketAllNotes");
  const Table& notes = db.table("ticketNotes");
  if (const Record* note = notes.find(to_id(all, entry, "note"))) return {&notes, note, true};
  const Table& entries = db.table("timeEntries");
  return {&entries, entries.find(to_id(all, entry, "timeEntry")), false};
}

}  // namespace

Cell all_notes_text(const Database& db, const Record& record) {
  const Source source = source_of(db, record);
  if (source.record == nullptr) return {};
  return source.table->at(*source.record, source.is_note ? "text" : "notes");
}

Cell all_notes_author(const Database& db, const Record& record) {
  const Source source = source_of(db, record);
  if (source.record == nullptr) return {};
  const Cell name = db.read(*source.table, *source.record, "member/name");
  return is_null(name) ? db.read(*source.table, *source.record, "member/identifier") : name;
}

std::function<Cell(const Database&, const Record&)> all_notes_flag(std::string of_note,
                                                                   std::string of_time_entry) {
  return [of_note = std::move(of_note), of_time_entry = std::move(of_time_entry)](
             const Database& db, const Record& record) -> Cell {
    const Source source = source_of(db, record);
    const std::string& name = source.is_note ? of_note : of_time_entry;
    if (source.record == nullptr || name.empty()) return false;
    return bool_or(source.table->at(*source.record, name), false);
  };
}

}  // namespace patchbay::sandbox
