// Arguments against the tool's schema: nearest names for unknown ones, harmless misfits mended.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "json/value.h"

namespace patchbay::gateway {

// What is left of them after mending, with the violations that cannot be mended.
Arguments validate(const Call& call, json::Object given);

}  // namespace patchbay::gateway
