// What staff is warned of in the product when they work for somebody: a company on credit hold. It
// stands beside every write that names one, and in its dry run.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "io/task.h"

namespace patchbay::gateway {

// Before a write: of whom it names, and whose what it names is. As it is now, and not as it is
// remembered. Notices alone: a warning keeps nobody from writing, as it does not in the product.
io::Task<> tell_warnings(Call& call, const Prepared& prepared);
// After an update: of whose the record is that it left, where the call did not name them.
io::Task<> tell_warnings(Call& call, const Prepared& prepared, json::Value record);

}  // namespace patchbay::gateway
