// Notes of tickets, and the list that shows them with the time: /service/tickets/{}/notes and
// allNotes.
#include "sandbox/modules/service/tickets_notes.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// The entry of allNotes that points to a note or a time entry; 0 if there is none.
std::int64_t find_in_all_notes(const Table& all, std::int64_t ticket, std::string_view field,
                               std::int64_t id) {
  for (const std::int64_t one : all.children_of(ticket)) {
    if (id_in(all, *all.find(one), field) == id) return one;
  }
  return 0;
}

// What an entry of allNotes points to: a note, or else a time entry.
struct Source {
  const Table* table = nullptr;
  const Record* record = nullptr;
  bool is_note = false;
};

Source source_of(const Database& db, const Record& entry) {
  const Table& all = db.table("ticketAllNotes");
  const Table& notes = db.table("ticketNotes");
  if (const Record* note = notes.find(id_in(all, entry, "note"))) return {&notes, note, true};
  const Table& entries = db.table("timeEntries");
  return {&entries, entries.find(id_in(all, entry, "timeEntry")), false};
}

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

Cell all_notes_flag(const Database& db, const Record& record, std::string_view of_note,
                    std::string_view of_time_entry) {
  const Source source = source_of(db, record);
  const std::string_view name = source.is_note ? of_note : of_time_entry;
  if (source.record == nullptr || name.empty()) return false;
  return bool_or(source.table->at(*source.record, name), false);
}

const Rules kTicketNoteRules = {
    .fill =
        [](const WriteContext& context, Record& note) {
          const Table& table = context.table;
          if (context.before == nullptr) {
            const Table& members = context.db.table("members");
            const Record* member = members.find(context.member);
            if (is_null(table.at(note, "member")) && is_null(table.at(note, "contact"))) {
              table.at(note, "member") = RecordReference{context.member};
            }
            table.at(note, "dateCreated") = context.now;
            if (member != nullptr) table.at(note, "createdBy") = members.at(*member, "identifier");
          }
          const bool internal = bool_or(table.at(note, "internalAnalysisFlag"), false);
          table.at(note, "internalFlag") = internal;
          table.at(note, "externalFlag") =
              bool_or(table.at(note, "detailDescriptionFlag"), false) ||
              bool_or(table.at(note, "resolutionFlag"), false);
        },
    .check =
        [](const WriteContext& context, const Record& note, std::vector<InvalidField>& errors) {
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
        },
    .stored =
        [](const WriteContext& context, const Record& note) {
          if (context.before == nullptr) add_to_all_notes(context.db, note);
          Table& tickets = context.db.table("tickets");
          const Record* ticket = tickets.find(id_in(context.table, note, "ticket"));
          if (ticket == nullptr) return;
          Record touched = *ticket;
          tickets.at(touched, "lastUpdated") = context.now;
          tickets.at(touched, "updatedBy") = context.table.at(note, "updatedBy");
          tickets.put(std::move(touched));
        },
    .deleted =
        [](Database& db, const Record& note) {
          Table& all = db.table("ticketAllNotes");
          const std::int64_t ticket = id_in(db.table("ticketNotes"), note, "ticket");
          if (const std::int64_t id = find_in_all_notes(all, ticket, "note", note.id))
            all.erase(id);
        },
};

constexpr FieldSpec kServiceNoteFields[] = {
    reference("ticket", "tickets").is_hidden(),
    integer("ticketId").id_of("ticket"),
    text("text"),
    boolean("detailDescriptionFlag").or_else(false),
    boolean("internalAnalysisFlag").or_else(false),
    boolean("resolutionFlag").or_else(false),
    boolean("issueFlag").or_else(false),
    reference("member", "members"),
    reference("contact", "contacts"),
    boolean("customerUpdatedFlag").or_else(false),
    boolean("processNotifications").is_input_only(),
    date_time("dateCreated").is_read_only(),
    text("createdBy").is_read_only(),
    boolean("internalFlag").is_read_only(),
    boolean("externalFlag").is_read_only(),
    decimal("sentimentScore").is_read_only(),
};

// Notes and time entries of a ticket in one list. Its records only point to where the texts are.
constexpr FieldSpec kServiceTicketNoteFields[] = {
    reference("note", "ticketNotes").is_hidden(),
    reference("timeEntry", "timeEntries").is_hidden(),
    choice("noteType", "TicketNote, TimeEntryNote, MeetingNote").not_filterable(),
    reference("ticket", "tickets"),
    text("text").read_by(all_notes_text),
    boolean("isMarkdownFlag").or_else(false),
    boolean("detailDescriptionFlag").read_by([](const Database& db, const Record& one) {
      return all_notes_flag(db, one, "detailDescriptionFlag", "addToDetailDescriptionFlag");
    }),
    boolean("internalAnalysisFlag").read_by([](const Database& db, const Record& one) {
      return all_notes_flag(db, one, "internalAnalysisFlag", "addToInternalAnalysisFlag");
    }),
    boolean("resolutionFlag").read_by([](const Database& db, const Record& one) {
      return all_notes_flag(db, one, "resolutionFlag", "addToResolutionFlag");
    }),
    date_time("timeStart").read_via("timeEntry/timeStart"),
    date_time("timeEnd").read_via("timeEntry/timeEnd"),
    boolean("bundledFlag").or_else(false),
    boolean("mergedFlag").or_else(false),
    boolean("issueFlag").read_by([](const Database& db, const Record& one) {
      return all_notes_flag(db, one, "issueFlag", "");
    }),
    text("originalAuthor").read_by(all_notes_author),
    boolean("createdByParentFlag").or_else(false),
    reference("member", "members"),
    reference("contact", "contacts"),
};

constexpr ResourceSpec kTicketNoteResources[] = {
    {
        .name = "ticketNotes",
        .path = "service/tickets/{ticket}/notes",
        .type = "ServiceNote",
        .label = "Service Note",
        .fields = kServiceNoteFields,
        .rules = &kTicketNoteRules,
    },
    {
        .name = "ticketAllNotes",
        .path = "service/tickets/{ticket}/allNotes",
        .type = "ServiceTicketNote",
        .label = "Service Ticket Note",
        .fields = kServiceTicketNoteFields,
        .methods =
            {.get = false, .create = false, .patch = false, .replace = false, .remove = false},
    },
};

}  // namespace

std::span<const ResourceSpec> ticket_note_resources() {
  return kTicketNoteResources;
}

void add_to_all_notes(Database& db, const Record& note) {
  Table& all = db.table("ticketAllNotes");
  const Table& notes = db.table("ticketNotes");
  Record entry = all.blank();
  entry.id = note.id;
  all.at(entry, "note") = RecordReference{note.id};
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
  const std::int64_t ticket = id_in(entries, time_entry, "ticket");
  if (ticket == 0 || is_null(entries.at(time_entry, "notes"))) return;
  Table& all = db.table("ticketAllNotes");
  Record entry = all.blank();
  entry.id = time_entry.id;
  all.at(entry, "timeEntry") = RecordReference{time_entry.id};
  all.at(entry, "noteType") = "TimeEntryNote";
  all.at(entry, "ticket") = RecordReference{ticket};
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
  const std::int64_t ticket = id_in(db.table("timeEntries"), time_entry, "ticket");
  const std::int64_t id = find_in_all_notes(all, ticket, "timeEntry", time_entry.id);
  if (id != 0) all.erase(id);
}

}  // namespace patchbay::sandbox
