// Sending within a call: its turn among the account's requests, its deadline, its cancellation, its
// records, and the waits for rate limits that it may make. What comes of it is an answer or one of
// the ways to get none; what these mean for the caller is refusal.h's.
#pragma once

#include <cstdint>
#include <expected>
#include <variant>

#include "base/error.h"
#include "gateway/call/call.h"
#include "io/task.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Nothing that can be called an answer came.
struct Unanswered {
  ErrorCode code = ErrorCode::unavailable;
  bool maybe_sent = false;  // the upstream may have acted on it
  Error sign_in = {};       // what kept the account from a token; no message: nothing did
};
// Too many requests of the account are under way. Nothing was sent.
struct Crowded {};
// The upstream has asked for a pause that is not over. Nothing was sent.
struct CoolingDown {
  std::int64_t seconds_left = 0;
};
// The caller is gone. Nothing was sent.
struct Cancelled {};
// An HTTP answer that is no yes: no 2xx, or one whose body is an error all the same.
struct SaidNo {
  upstream::Answer answer;
};
// A 2xx without JSON where JSON is due: a sign-in page, a proxy's notice.
struct NoData {
  upstream::Answer answer;
};
// What a call that is held reaches no record by: there is none, or it is not within (held.h).
struct NotThere {};
using Refused = std::variant<Unanswered, Crowded, CoolingDown, Cancelled, SaidNo, NoData, NotThere>;

// On the call's loop, within what the call is held to (held.h). An answer is a 2xx with JSON, or
// with nothing, or with the file that was asked for; redirects are followed where that is safe
// (redirect.h).
io::Task<std::expected<upstream::Answer, Refused>> send(Call& call, upstream::Request request);
// The same without being held to anything: for those who see to that themselves.
io::Task<std::expected<upstream::Answer, Refused>> send_freely(Call& call,
                                                               upstream::Request request);

}  // namespace patchbay::gateway
