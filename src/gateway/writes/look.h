// Whether a write whose outcome nobody knows was done: looked for before it may be sent again.
#pragma once

#include <string>
#include <variant>

#include "base/clock.h"
#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

struct WasDone {
  json::Value record;  // what it made, as the API lists it
};
// Nothing of it is there; or doing it again changes nothing more.
struct MayBeSent {};
struct CannotTell {
  std::string why;  // a sentence
};
using Looked = std::variant<WasDone, MayBeSent, CannotTell>;

// `since`: when the write was first begun. Asks the API only for what a create may have made.
io::Task<Looked> look_for_outcome(Call& call, const Prepared& prepared, WallTime since);

}  // namespace patchbay::gateway
