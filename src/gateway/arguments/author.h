// Whose doing a write is, where the caller does not say and the keys do not tell.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"

namespace patchbay::gateway {

// Of a server that is a member's and calls with the account's keys: names that member as the author
// of what is written, unless the caller has named one. The API goes on recording the write as made
// by the integration, and the answer says so. Before references are resolved.
void name_author(Call& call, Arguments& arguments);

}  // namespace patchbay::gateway
