// What hangs on a field that an update changes: checked in its new place, and cleared or replaced
// by the record of the same name there, or told. A ticket that goes to another company must not
// keep the old one's contact, address and agreement.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// `names.current` holds the record as it stands; afterwards it is as it will stand, `names.before`
// as it was, and `names.followed` says what changes beside what was given. Adds a violation for
// what must be given since nothing can stand in its place, and a notice of all that was chosen.
// Errors: a look-up that failed.
io::Task<Outcome<>> follow_moves(Call& call, Arguments& arguments, Names& names);

}  // namespace patchbay::gateway
