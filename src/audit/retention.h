// How long events are kept: by age and by number, as their environment says (settings.h).
#pragma once

#include <functional>

#include "base/clock.h"
#include "base/error.h"

namespace patchbay::store {
class EventRows;
}
namespace patchbay::vault {
class Vault;
}

namespace patchbay::audit {

// Takes away the oldest links of each chain, and notes in its row what the rest begins after. Of
// calls that lie together (calls.h) all go or none: up to a hundred more than wanted stay. What
// was begun before that and ended after it stays until the next time; so does what holds a key,
// which is freed after 24 hours. `between`: called after each of its transactions, for what must
// not wait for all of them. Blocks. Errors: unavailable.
Result<> retain(
    store::EventRows& rows, const vault::Vault& vault, WallTime now,
    const std::function<void()>& between = [] {});

}  // namespace patchbay::audit
