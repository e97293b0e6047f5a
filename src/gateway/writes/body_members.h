// The fields that a write sends, by name.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "json/value.h"

namespace patchbay::gateway {

// Null: the body has none by name, as that of a JSON Patch.
const json::Object* body_members(const Call& call, const Bound& bound);

}  // namespace patchbay::gateway
