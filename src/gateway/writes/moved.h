// What a change brought along, by the record that came back: what the API dropped or put in its
// place, and what it left where it may no longer belong.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "json/value.h"

namespace patchbay::gateway {

// Notices alone. `record`: as the API answered. Nothing to tell where the call moved nothing.
void tell_what_came_along(Call& call, const Prepared& prepared, const json::Value& record);

}  // namespace patchbay::gateway
