// What the record that came back is not, though one would take it for that.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "json/value.h"

namespace patchbay::gateway {

// Notices, as the method's definition words them.
void tell_remarks(Call& call, const Prepared& prepared, const json::Value& record);

}  // namespace patchbay::gateway
