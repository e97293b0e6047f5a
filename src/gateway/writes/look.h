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
// What was made is what is the same in all that was sent and that its record shows, is no older
// than the call, and was told to no other call as its own.
io::Task<Looked> look_for_outcome(Call& call, const Prepared& prepared, WallTime since);

// That the record is this call's: no other's look takes it for its own.
void remember_made(Call& call, const Prepared& prepared, const json::Value& record);
// What it is remembered by: the account, the resource, the id.
std::string known_as(const Call& call, const json::Value& record);

}  // namespace patchbay::gateway
