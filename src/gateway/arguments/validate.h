// Arguments against the tool's schema: what is absent (absent.h) or unknown taken out, harmless
// misfits mended.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "json/value.h"

namespace patchbay::gateway {

// What is left of them after mending, with the violations that cannot be mended.
// A field that is to be emptied has the value null in it.
Arguments validate(Call& call, json::Object given);

}  // namespace patchbay::gateway
