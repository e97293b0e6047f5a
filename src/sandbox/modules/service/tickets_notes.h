// Notes of tickets, and the list that shows them with the time: /service/tickets/{}/notes and
// allNotes.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> ticket_note_resources();

// Writing notes by the API does this by itself; whoever writes records without the rules calls it.
void add_to_all_notes(Database& db, const Record& note);
void add_time_entry_to_all_notes(Database& db, const Record& time_entry);
void remove_time_entry_from_all_notes(Database& db, const Record& time_entry);

}  // namespace patchbay::sandbox
