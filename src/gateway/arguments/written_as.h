// Texts that are more than texts: addresses and numbers. Clients and models write "null" or "none"
// where they have none, and an API keeps that as an address.
#pragma once

#include <vector>

#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "json/value.h"

namespace patchbay::gateway {

// What of the values that a write gives is not what its field must be, as the definition says
// (`written_as`).
void check_written_as(const Call& call, const json::Object& given,
                      std::vector<FieldError>& violations);

}  // namespace patchbay::gateway
