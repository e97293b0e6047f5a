// What the API does beyond fields when a ticket is written.
#pragma once

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

// Defaults from the board's setup; statuses, types, subtypes and items that belong to the board and
// to each other; closing and reopening; initial texts that become notes.
//
// A ticket that moves to another board keeps its status, type, subtype, item and team where the new
// board has one of that name; else status and type become the new board's defaults and the others
// are cleared. (The facts show that a move by board alone succeeds, not what becomes of these.)
extern const Rules kTicketRules;

}  // namespace patchbay::sandbox
