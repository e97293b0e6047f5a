// What the record that came back is not, though one would take it for that.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// Notices, as the method's definition words them. True: there was something to say.
bool tell_remarks(Call& call, const Prepared& prepared, const json::Value& record);
// The same in a dry run, as far as what the call names tells it.
io::Task<> foretell_remarks(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
