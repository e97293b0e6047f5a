// The last door of a write: once for each idempotency key, and not what is there already.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// With a key that was used before: what came of it then. Errors: conflict (the key belongs to other
// arguments, its first use is under way or of unknown outcome, or the record is there already),
// unavailable (the key could not be recorded: nothing was sent), or the upstream's refusal.
// `new_wish`: the same without a key was answered here, and that arrived.
io::Task<Outcome<std::string>> write_once(Call& call, const Prepared& prepared,
                                          bool new_wish = false);

}  // namespace patchbay::gateway
