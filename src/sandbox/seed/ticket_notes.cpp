#include "sandbox/seed/ticket_notes.h"

#include "sandbox/modules/service/tickets_notes.h"
#include "sandbox/seed/draft.h"

namespace patchbay::sandbox {

void insert_note(Database& db, std::int64_t ticket, const SeededNote& note) {
  Draft draft(db, "ticketNotes");
  draft.refer("ticket", ticket)
      .set("text", note.text)
      .set("detailDescriptionFlag", note.description)
      .set("internalAnalysisFlag", note.internal)
      .set("resolutionFlag", note.resolution)
      .set("internalFlag", note.internal)
      .set("externalFlag", note.description || note.resolution)
      .refer("member", note.member)
      .refer("contact", note.contact)
      .set("dateCreated", note.when)
      .set("createdBy", note.author)
      .entered(note.when, note.author);
  // Real instances are years old: their ids do not start at one.
  if (db.table("ticketNotes").records().empty()) draft.id(50'001);
  const std::int64_t id = draft.insert();
  add_to_all_notes(db, *db.table("ticketNotes").find(id));
}

}  // namespace patchbay::sandbox
