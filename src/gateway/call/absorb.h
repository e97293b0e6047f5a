// Calls within a call.
#pragma once

#include "gateway/call/call.h"

namespace patchbay::gateway {

// What an inner call has learnt, and taken, is the whole call's.
void absorb(Call& whole, const Call& inner);

}  // namespace patchbay::gateway
