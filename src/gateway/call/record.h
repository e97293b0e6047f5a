// A call as an event of the audit log.
#pragma once

#include <cstddef>
#include <string_view>

#include "audit/event.h"
#include "audit/journal.h"
#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "json/value.h"

namespace patchbay::gateway {

// Of a call that is to be begun, with what its environment keeps of the arguments.
audit::Event event_of(const Call& call, const Arguments& arguments);

// `result`: its text, "" of an error. `error` null: it was done.
audit::Ending ending_of(const Call& call, const ToolError* error, std::string_view result);

// A call that has ended, and was not begun.
void note(audit::Journal& journal, const Call& call, const Arguments& arguments,
          const ToolError* error, std::string_view result);

// The record that the call has made, or is known to have made.
void note_record(Call& call, const json::Value& record);

}  // namespace patchbay::gateway
