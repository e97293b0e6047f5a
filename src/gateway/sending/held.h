// Every request of a call whose server is held to some records (reach/reach.h): what is asked for
// has their condition, what an address or a body names is looked at first, and what comes back is
// looked at before anybody sees it. Whatever a definition does not say is refused.
#pragma once

#include <expected>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "gateway/sending/send.h"
#include "io/task.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Of a call that is held. What is not within is answered like what does not exist. A write is sent
// only after check_within.
io::Task<std::expected<upstream::Answer, Refused>> send_within(Call& call,
                                                               upstream::Request request);

// Whether a write touches what is within alone: the records of its address, and those that its body
// names. Errors: not_found, permission_denied (it would make something another owner's), or a
// failed look-up.
io::Task<Outcome<>> check_within(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
