// The project's errors as JSON-RPC errors. The codes of base/error.h are mapped here and nowhere
// else in this room.
#pragma once

#include "base/error.h"
#include "mcp/wire/fault.h"

namespace patchbay::mcp {

int json_rpc_code(ErrorCode code);
// Handler-level: rides on HTTP 200 in both eras. An internal error's message is replaced by one
// that says nothing of our insides.
Fault to_fault(const Error& error);

}  // namespace patchbay::mcp
