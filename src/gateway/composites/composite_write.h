// A composite that writes. What its lists and gets say is read first; then all of its writes are
// made ready, so that what can be refused is refused while nothing was sent; then they go out one
// after the other. Each passes the doors of every write: it has its own event in the journal, is
// looked for before it is made, and is done once for an idempotency key, which is the caller's with
// the step's name. So the same call with the same key goes on where it stopped.
//
// Nothing is taken back: most APIs cannot. Where a step fails after others were done, the error
// says what became of each.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// The records that its writes returned; in a dry run, what they would send. Errors: a step's, with
// what became of all (ToolError::steps); conflict, of what was approved and is otherwise now.
io::Task<Outcome<std::string>> write_composite(Call& call, const Prepared& prepared);

// What a person is shown of its writes (writes/approved.h), each under its step's name.
io::Task<Outcome<json::Value>> show_composite_for_approval(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
