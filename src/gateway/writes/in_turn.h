// A write that is one of a list, behind those of the list that must not be overtaken
// (call/turns.h).
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "io/task.h"

namespace patchbay::gateway {

// Before it is told as done, or begun: who waited later would wait for one that waits for it.
// Returns at once where the call is no such one.
io::Task<> take_turn(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
