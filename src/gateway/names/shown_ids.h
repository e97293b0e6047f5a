// Ids in what would be sent: a write's are looked at by the upstream, as a rule; a dry run's by
// nobody else.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "io/task.h"

namespace patchbay::gateway {

// Adds a violation for each id among the arguments of a dry run that no record has: that of the
// record itself, those of arguments that are called by a resource (ticketId), and those whose kind
// the definition tells. The ids whose kind another argument chooses (chargeToId), and that of a
// parent of the same kind, are looked for before a write as well. One look-up each; what cannot be
// asked for is left to the upstream.
io::Task<> check_shown_ids(Call& call, Arguments& arguments, const Names& names);

}  // namespace patchbay::gateway
