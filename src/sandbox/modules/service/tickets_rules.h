// What the API does beyond fields when tickets and their notes are written.
#pragma once

#include <string>

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// Defaults from the board's setup; statuses, types, subtypes and items that belong to the board and
// to each other; closing and reopening; initial texts that become notes.
//
// A ticket that moves to another board keeps its status, type, subtype, item and team where the new
// board has one of that name; else status and type become the new board's defaults and the others
// are cleared. (The facts show that a move by board alone succeeds, not what becomes of these.)
Rules ticket_rules();
Rules ticket_note_rules();

// Seeding writes records without the rules and calls these.
void add_to_all_notes(Database& db, const Record& note);
void add_time_entry_to_all_notes(Database& db, const Record& time_entry);
void remove_time_entry_from_all_notes(Database& db, const Record& time_entry);

// Computed fields of allNotes.
Cell all_notes_text(const Database& db, const Record& record);
Cell all_notes_author(const Database& db, const Record& record);
std::function<Cell(const Database&, const Record&)> all_notes_flag(std::string of_note,
                                                                   std::string of_time_entry);

}  // namespace patchbay::sandbox
