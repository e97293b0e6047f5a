// Ids in what would be sent: a write's are looked at by the upstream, a dry run's by nobody else.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "io/task.h"

namespace patchbay::gateway {

// Adds a violation for each id among the arguments of a dry run that no record has: that of the
// record itself, and those of arguments that are called by a resource (ticketId). One look-up each;
// what cannot be asked for is left to the upstream.
io::Task<> check_shown_ids(Call& call, Arguments& arguments);

}  // namespace patchbay::gateway
