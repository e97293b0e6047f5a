// What clients write for what they leave out, in the protocol's own places: a null member of params
// or of _meta is absent, and an empty array where an object is due is an empty object, since some
// languages have one word for both. Of a tool's arguments gateway/arguments/absent.h says the rest.
#pragma once

#include "json/value.h"

namespace patchbay::mcp {

// `params` as they came, to an object; null where there are none.
void mend_absent(json::Value& params);

}  // namespace patchbay::mcp
