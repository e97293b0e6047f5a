// The notes and the time of a project ticket in one list, put together whenever it is asked for:
// /project/tickets/{}/allNotes.
#include "sandbox/modules/project/tickets_all_notes.h"

#include <initializer_list>
#include <utility>

#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

bool is_charged(const Table& entries, const Record& entry, std::int64_t ticket) {
  return int_or(entries.at(entry, "chargeToId"), 0) == ticket &&
         text_or(entries.at(entry, "chargeToType"), "") == "ProjectTicket";
}

ApiResult<const Record*> find_project_ticket(const ApiCall& call) {
  const Table& tickets = call.db.table("projectTickets");
  if (const Record* ticket = tickets.find(call.ids.front())) return ticket;
  return std::unexpected(
      record_not_found(tickets.resource().label, std::to_string(call.ids.front())));
}

void copy(const Table& from, const Record& source, const Table& to, Record& target,
          std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  for (const auto& [there, here] : fields) to.at(target, here) = from.at(source, there);
}

// The stamps and the member that notes and time entries have alike.
Record begin_entry(const ApiCall& call, const Table& from, const Record& source, const Table& all,
                   const char* type) {
  Record entry = with_fallbacks(call.db, all);
  entry.id = source.id;
  all.at(entry, "noteType") = type;
  all.at(entry, "ticket") = RecordReference{call.ids.front()};
  all.at(entry, "originalAuthor") = call.db.read(from, source, "member/name");
  copy(from, source, all, entry,
       {{"member", "member"},
        {"lastUpdated", "lastUpdated"},
        {"updatedBy", "updatedBy"},
        {"dateEntered", "dateEntered"},
        {"enteredBy", "enteredBy"}});
  return entry;
}

ApiResult<ApiResponse> list_all_notes(const ApiCall& call) {
  const auto ticket = find_project_ticket(call);
  if (!ticket) return std::unexpected(ticket.error());
  const std::int64_t id = (*ticket)->id;
  Table& all = call.db.table("projectTicketAllNotes");
  erase_children(call.db, "projectTicketAllNotes", id);
  const Table& notes = call.db.table("projectTicketNotes");
  for (const std::int64_t note_id : notes.children_of(id)) {
    const Record& note = *notes.find(note_id);
    Record entry = begin_entry(call, notes, note, all, "TicketNote");
    copy(notes, note, all, entry,
         {{"text", "text"},
          {"detailDescriptionFlag", "detailDescriptionFlag"},
          {"internalAnalysisFlag", "internalAnalysisFlag"},
          {"resolutionFlag", "resolutionFlag"},
          {"issueFlag", "issueFlag"},
          {"contact", "contact"}});
    all.put(std::move(entry));
  }
  // Ids of time entries begin far above those of notes.
  const Table& entries = call.db.table("timeEntries");
  for (const auto& [entry_id, time] : entries.records()) {
    if (!is_charged(entries, time, id) || is_null(entries.at(time, "notes"))) continue;
    Record entry = begin_entry(call, entries, time, all, "TimeEntryNote");
    copy(entries, time, all, entry,
         {{"notes", "text"},
          {"addToDetailDescriptionFlag", "detailDescriptionFlag"},
          {"addToInternalAnalysisFlag", "internalAnalysisFlag"},
          {"addToResolutionFlag", "resolutionFlag"},
          {"timeStart", "timeStart"},
          {"timeEnd", "timeEnd"}});
    all.put(std::move(entry));
  }
  return list(call, all, id);
}

constexpr FieldSpec kProjectTicketNoteFields[] = {
    choice("noteType", "TicketNote, TimeEntryNote, MeetingNote").not_filterable(),
    reference("ticket", "projectTickets"),
    text("text"),
    boolean("detailDescriptionFlag").or_else(false),
    boolean("internalAnalysisFlag").or_else(false),
    boolean("resolutionFlag").or_else(false),
    date_time("timeStart"),
    date_time("timeEnd"),
    boolean("bundledFlag").or_else(false),
    boolean("mergedFlag").or_else(false),
    boolean("issueFlag").or_else(false),
    text("originalAuthor"),
    reference("member", "members"),
    reference("contact", "contacts"),
};

constexpr ResourceSpec kProjectTicketAllNotesResources[] = {
    {
        .name = "projectTicketAllNotes",
        .path = "project/tickets/{ticket}/allNotes",
        .type = "ProjectTicketNote",
        .label = "Ticket Note",
        .fields = kProjectTicketNoteFields,
        .methods = kUnserved,
    },
};

}  // namespace

std::span<const ResourceSpec> project_ticket_all_notes_resources() {
  return kProjectTicketAllNotesResources;
}

void add_project_ticket_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::get, "project/tickets/{}/allNotes", list_all_notes});
}

}  // namespace patchbay::sandbox
