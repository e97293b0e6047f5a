// One attempt: a signed POST, and what came of it. Nothing is followed, no more is read than tells
// whether it was taken, and no address is asked that accounts' sites may not have either.
#pragma once

#include "base/clock.h"
#include "http/client.h"
#include "io/task.h"
#include "webhooks/attempt.h"
#include "webhooks/outbox.h"

namespace patchbay::webhooks {

struct Reach {
  bool private_addresses = false;
  bool loopback = false;
};

// Error invalid_argument: not https, or without loopback: http is for this machine's own addresses,
// where those are allowed.
Result<http::Url> check_url(std::string_view text, Reach reach);

// The parcel and the client outlive it.
io::Task<Attempt> send(http::Client& client, const Parcel& parcel, Reach reach, const Clock& clock);

}  // namespace patchbay::webhooks
