#include "webhooks/send.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "webhooks/signature.h"

namespace patchbay::webhooks {
namespace {

using Outcome = Attempt::Outcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kLargestAnswer = std::size_t{64} * 1024;
constexpr std::int64_t kLongestAsked = 86'400;  // of Retry-After, in seconds
constexpr std::size_t kLongestUrl = 2048;

std::int64_t to_seconds(WallTime time) {
  return std::chrono::floor<seconds>(time.time_since_epoch()).count();
}

http::ClientRequest request_of(const Parcel& parcel, Reach reach, WallTime now) {
  http::ClientRequest request;
  request.method = http::Method::post;
  request.origin = parcel.target.url.origin;
  request.target = parcel.target.url.path;
  if (!parcel.target.url.query.empty()) request.target += '?' + parcel.target.url.query;
  const std::int64_t at = to_seconds(now);
  request.body = parcel.payload.reveal();
  request.headers.add("Content-Type", "application/json");
  request.headers.add("User-Agent", "Patchbay");
  request.headers.add("webhook-id", parcel.row.message_id);
  request.headers.add("webhook-timestamp", std::to_string(at));
  request.headers.add("webhook-signature",
                      signature(parcel.target.secrets, parcel.row.message_id, at, request.body));
  request.timeout = Outbox::kLongestAttempt;
  request.max_response_bytes = kLargestAnswer;
  request.allow_loopback = reach.loopback;
  // What is not encrypted goes no further than this machine, whatever its name resolves to.
  request.allow_private_addresses = reach.private_addresses && request.origin.secure;
  return request;
}

void judge(const http::ClientResponse& answer, Attempt& attempt) {
  const int status = answer.status;
  attempt.status = status;
  attempt.outcome = status >= 200 && status < 300 ? Outcome::delivered
                    : status == 410               ? Outcome::gone
                                                  : Outcome::refused;
  if (attempt.outcome == Outcome::delivered) return;
  attempt.error = "It answered " + std::to_string(status) + ".";
  if (attempt.outcome == Outcome::gone) {
    attempt.error = "It answered 410: it wants to hear of nothing any more.";
  }
  if (status >= 300 && status < 400) {
    attempt.error = "It answered " + std::to_string(status) + "; redirects are not followed.";
  }
  if (status != 429 && status != 503) return;
  const auto asked = parse_int64(trim(answer.headers.find("Retry-After").value_or("")));
  if (asked && *asked > 0) attempt.wanted_pause = seconds(std::min(*asked, kLongestAsked));
}

bool is_of_this_machine(std::string_view host) {
  const bool is_ipv4 =
      host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host == "::1" || host == "[::1]" || is_ipv4;
}

}  // namespace

Result<http::Url> check_url(std::string_view text, Reach reach) {
  if (text.size() > kLongestUrl) {
    return fail(ErrorCode::invalid_argument, "'url' must have at most 2048 bytes.");
  }
  auto url = http::parse_url(text);
  if (!url) {
    return fail(ErrorCode::invalid_argument, "'url' is no valid address: " + url.error().message,
                url.error().hint);
  }
  if (url->origin.secure) return url;
  if (!reach.loopback) {
    return fail(ErrorCode::invalid_argument, "'url' must begin with https://.");
  }
  if (!is_of_this_machine(url->origin.host)) {
    return fail(ErrorCode::invalid_argument,
                "'url': without https:// only addresses of this machine are allowed "
                "(http://127.0.0.1:<port>).");
  }
  return url;
}

io::Task<Attempt> send(http::Client& client, const Parcel& parcel, Reach reach,
                       const Clock& clock) {
  Attempt attempt{.at = clock.now(), .status = {}, .error = {}};
  const auto begun = std::chrono::steady_clock::now();
  const auto answer = co_await client.send(request_of(parcel, reach, attempt.at));
  attempt.took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
  if (answer) {
    judge(*answer, attempt);
  } else {
    attempt.error = answer.error().error.message;
  }
  co_return attempt;
}

}  // namespace patchbay::webhooks
