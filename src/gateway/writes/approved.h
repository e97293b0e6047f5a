// A write that a person is asked about: what they are shown of it, and that nothing else is sent.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// {"to": where it goes, "request": what would be sent, "before": the record that it changes or
// deletes, as far as it can be read, "touches": other records, as they stand, "names": what each
// name became}. Errors: what the write would be refused for before it is sent.
io::Task<Outcome<json::Value>> show_for_approval(Call& call, const Prepared& prepared);

// What becomes of one that is not as it was shown any more: error conflict, with what would be
// shown now in call.shown_now.
std::unexpected<ToolError> refuse_changed(Call& call, json::Value shown_now);

// Sends the write if it is still what was shown (CallContext::approved). Error conflict, with what
// would be shown now in call.shown_now: it is not, and nothing was sent.
io::Task<Outcome<std::string>> write_as_approved(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
