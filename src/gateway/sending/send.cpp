#include "gateway/sending/send.h"

#include <algorithm>
#include <atomic>
#include <span>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "gateway/call/witness.h"
#include "gateway/sending/asked_for.h"
#include "gateway/sending/held.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "gateway/sending/redirect.h"
#include "gateway/sending/verdict.h"
#include "http/method.h"
#include "telemetry/trace.h"
#include "upstream/own_words.h"

namespace patchbay::gateway {

namespace {

using std::chrono::milliseconds;
using Sent = std::expected<upstream::Answer, Refused>;

// However long an upstream says: nobody waits a day because of one wrong number.
constexpr std::int64_t kLongestCoolDown = 900;
// However little it says, or nothing at all.
constexpr std::int64_t kShortestCoolDown = 1;
// What a rate limit without a word on its length is taken for.
constexpr std::int64_t kUsualPause = 30;
// For a turn among the account's requests.
constexpr std::int64_t kPauseWhenCrowded = 5;

// Whatever an answer says of its pause: nobody is asked more often than that.
constexpr int kMostAttempts = 5;
constexpr milliseconds kLeastPause{1'000};

// What was asked for, but a second at least and twice that each further time; and up to a quarter
// more, so that all who were told the same do not come back at the same moment.
milliseconds pause_before(int attempt, std::int64_t asked_seconds) {
  const milliseconds pause = std::max<milliseconds>(std::chrono::seconds(asked_seconds),
                                                    kLeastPause * (1 << (attempt - 1)));
  std::uint8_t drawn = 0;
  fill_random(std::as_writable_bytes(std::span(&drawn, 1)));
  return pause + std::min<milliseconds>(pause, std::chrono::seconds(8)) * drawn / 1024;
}

// Counted while it is there.
class Counted {
 public:
  explicit Counted(std::atomic<std::int64_t>& count) : count_(count) { ++count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --count_; }

 private:
  std::atomic<std::int64_t>& count_;
};

// Sleeps in short steps, so that a client that goes away is not waited for. False: the call may not
// wait that long, or the client is gone.
io::Task<bool> wait_out(Call& call, milliseconds wanted) {
  constexpr milliseconds kStep{50};
  if (call.waited + wanted > call.services.options.get().max_rate_limit_wait) co_return false;
  call.waited += wanted;
  if (call.context.waits != nullptr) {
    call.context.waits->pause_ends = std::chrono::steady_clock::now() + wanted;
  }
  if (const auto& told = call.services.options.get().rate_limit_waited) {
    told(call.context.account->id());
  }
  const Waits::One waiting(call.context.waits, Waits::For::pause);
  const telemetry::Span span(call.span, "rate_limit_pause");
  for (milliseconds left = wanted; left.count() > 0; left -= kStep) {
    if (call.given_up()) co_return false;
    co_await io::sleep(std::min(left, kStep));
  }
  co_return true;
}

// How long to wait before the same may be sent again; nothing where waiting does not help.
std::optional<std::int64_t> pause_after(const Refused& refused) {
  if (const auto* cooling = std::get_if<CoolingDown>(&refused)) return cooling->seconds_left;
  if (std::holds_alternative<Crowded>(refused)) return kPauseWhenCrowded;
  const auto* answered = std::get_if<SaidNo>(&refused);
  if (answered == nullptr || answered->answer.status != 429) return std::nullopt;
  return answered->answer.rate_limit.retry_after_seconds.value_or(kUsualPause);
}

Refused not_admitted(upstream::Throttle::Refusal refusal) {
  if (refusal == upstream::Throttle::Refusal::cancelled) return Cancelled{};
  return Crowded{};
}

bool changes_something(const Call& call, const upstream::Request& request) {
  return call.is_write() && request.verb != integration::Verb::get;
}

// Files are sent with their names (RFC 6266); what stands in their place is not.
bool is_nameless(const upstream::Answer& answer) {
  return !answer.headers.find("Content-Disposition");
}

// Its turn among the requests of the account; told to whoever watches where there is none to have.
io::Task<std::expected<upstream::Throttle::Pass, upstream::Throttle::Refusal>> take_turn(
    Call& call, upstream::Throttle& throttle, io::CancelToken cancel) {
  const Counted waiting(call.services.waiting_for_turns);
  const telemetry::Span span(call.span, "turn");
  auto pass = co_await throttle.enter(call.context.scope_id, call.services.options.get().throttle,
                                      std::move(cancel));
  const auto& told = call.services.options.get().limit_hit;
  if (!pass && pass.error() != upstream::Throttle::Refusal::cancelled && told) {
    told(call.context.scope_id, pass.error() == upstream::Throttle::Refusal::crowded
                                    ? "calls that wait at an account"
                                    : "time to wait at an account");
  }
  co_return pass;
}

// Whoever else uses the account is not to ask a server again at once that refuses for its rate,
// whatever it says of its pause: so the next call would only be refused again.
void cool_down(upstream::Throttle& throttle, const upstream::RateLimit& said, MonotonicTime now) {
  const auto seconds = std::clamp<std::int64_t>(said.retry_after_seconds.value_or(0),
                                                kShortestCoolDown, kLongestCoolDown);
  throttle.cool_down(now + std::chrono::seconds(seconds));
}

// Whether it is made to be walked over: a body of blanks is no answer, and none that begins or ends
// with many of them is trimmed on the loop.
bool has_blank_ends(std::string_view body) {
  constexpr std::size_t kEnd = 256;
  return body.size() > 2 * kEnd &&
         (trim(body.substr(0, kEnd)).empty() || trim(body.substr(body.size() - kEnd)).empty());
}

// Without the blanks before and behind it.
void trim_in_place(std::string& body) {
  const auto kept = trim(body);
  const auto before = static_cast<std::size_t>(kept.data() - body.data());
  body.erase(before + kept.size());
  body.erase(0, before);
}

// The API takes the request as a child of its span; without one, of what the caller said.
void add_trace_context(const Call& call, const telemetry::SpanRef& span,
                       upstream::Request& request) {
  if (span) {
    request.headers["traceparent"] = telemetry::write_traceparent(span.context());
  } else if (!call.context.traceparent.empty()) {
    request.headers["traceparent"] = call.context.traceparent;
  } else {
    return;
  }
  if (!call.context.tracestate.empty()) request.headers["tracestate"] = call.context.tracestate;
}

// By OpenTelemetry's conventions for HTTP clients, but for the address: hosts of accounts are named
// after customers.
void describe(const Call& call, const telemetry::SpanRef& span,
              const std::expected<upstream::Answer, http::ClientError>& answer) {
  if (!span) return;
  span.say("http.request.method", span.name());
  span.say("patchbay.account.id", call.context.account->id());
  if (!answer) return span.fail(to_string(answer.error().error.code));
  span.say("http.response.status_code", std::int64_t{answer->status});
  span.say("http.response.body.size", static_cast<std::int64_t>(answer->body.size()));
  if (answer->status >= 400) span.fail(std::to_string(answer->status));
}

// With what is to be told where the account could not sign in, and nothing was sent for it.
Unanswered no_answer(Call& call, http::ClientError& failure) {
  Unanswered none{.code = failure.error.code, .maybe_sent = failure.maybe_sent};
  const auto& account = *call.context.account;
  const bool of_token =
      account.oauth() != nullptr && account.why_signed_out().empty() &&
      (none.code == ErrorCode::unauthenticated || none.code == ErrorCode::rate_limited);
  if (!of_token) return none;
  if (none.code == ErrorCode::unauthenticated) call.credentials_refused = true;
  none.sign_in = std::move(failure.error);
  return none;
}

// Waits for its turn among the requests of the account, and holds it while it sends.
io::Task<Sent> send_once(Call& call, upstream::Request request) {
  auto& throttle = call.context.account->throttle();
  const auto now = [&] { return call.services.clock.monotonic(); };
  // What a change needs after it was sent is carried to its end.
  if (call.change_sent) request.cancel = call.context.revoked;
  Waits::One waiting(call.context.waits, Waits::For::turn);
  const auto asked = now();
  if (call.in_line++ == 0) call.in_line_since = asked;
  const auto pass = co_await take_turn(call, throttle, request.cancel);
  const auto came = now();
  if (--call.in_line == 0) call.turn_time += came - call.in_line_since;
  if (!pass) co_return std::unexpected(not_admitted(pass.error()));
  // Another request may have been told so meanwhile.
  if (const auto left = throttle.cooling(came)) {
    call.rate_limit =
        upstream::RateLimit{.remaining = 0, .reset_seconds = left, .retry_after_seconds = left};
    co_return std::unexpected(CoolingDown{*left});
  }
  call.not_allowed = call.context.still_allowed && !call.context.still_allowed();
  if (call.given_up()) co_return std::unexpected(Cancelled{});
  if (changes_something(call, request)) {
    call.change_sent = true;
    request.cancel = call.context.revoked;
  }
  waiting.turns_to(Waits::For::api);
  const bool wants_json = !request.any_media_type;
  const auto sent = now();
  telemetry::Span span(call.span, http::to_string(upstream::method_of(request.verb)),
                       telemetry::SpanKind::client);
  add_trace_context(call, span.ref(), request);
  Witness* const witness = Witness::of(call);
  const bool is_seen = witness != nullptr && witness->sees(call, request);
  if (call.under_way++ == 0) call.asked_since = sent;
  auto answer = co_await call.services.sender.send(*call.context.account, std::move(request));
  if (--call.under_way == 0) call.upstream_time += now() - call.asked_since;
  describe(call, span.ref(), answer);
  span.end();
  if (const auto& told = call.services.options.get().request_ended) {
    told({.account_id = call.context.account->id(),
          .status = answer ? answer->status : 0,
          .took = now() - sent,
          .waited = sent - asked});
  }
  if (!answer) {
    co_return std::unexpected(no_answer(call, answer.error()));
  }
  if (is_seen) witness->sees(call, *answer);
  call.upstream_status = answer->status;
  call.upstream_bytes += answer->body.size();
  if (answer->status == 401) call.credentials_refused = true;
  if (answer->rate_limit != upstream::RateLimit{}) {
    call.rate_limit = answer->rate_limit;
    throttle.heard(answer->rate_limit, now());
  }
  if (answer->status == 429) cool_down(throttle, answer->rate_limit, now());
  if (wants_json && has_blank_ends(answer->body)) {
    co_await off_loop(call, answer->body.size(), [&answer] { trim_in_place(answer->body); });
  }
  if (answer->status < 200 || answer->status >= 300) {
    co_return std::unexpected(SaidNo{std::move(*answer)});
  }
  if (wants_json && !begins_as_json(answer->body)) {
    co_return std::unexpected(NoData{std::move(*answer)});
  }
  if ((wants_json || is_nameless(*answer)) &&
      upstream::says_error(call.integration(), answer->body)) {
    co_return std::unexpected(SaidNo{std::move(*answer)});
  }
  // A page where a file is due. One that is a page itself comes with its name.
  if (!wants_json && is_nameless(*answer) && is_page(answer->body)) {
    co_return std::unexpected(NoData{std::move(*answer)});
  }
  co_return std::move(*answer);
}

// All of the request but its address, which a redirect replaces: what may have to be sent again.
upstream::Request without_address(const upstream::Request& request) {
  upstream::Request rest;
  rest.verb = request.verb;
  rest.body = request.body;
  rest.any_media_type = request.any_media_type;
  rest.headers = request.headers;
  rest.timeout = request.timeout;
  rest.cancel = request.cancel;
  return rest;
}

// Whether what a write's redirect led to is the record that the write made or changed.
io::Task<bool> tells_outcome(const Call& call, const std::string& written, const std::string& there,
                             const Sent& sent) {
  if (!sent) co_return false;
  co_return co_await off_loop(call, sent->body.size(), [&] {
    const auto record = parse_part(sent->body);
    return record && is_what_was_written(call, written, there, *record);
  });
}

io::Task<Sent> send_following(Call& call, upstream::Request request) {
  auto rest = without_address(request);
  auto sent_to = path_of(call, request);
  auto sent = co_await send_once(call, std::move(request));
  for (int followed = 0; followed < kMaxRedirects; ++followed) {
    const auto* answered = sent ? nullptr : std::get_if<SaidNo>(&sent.error());
    auto next = answered != nullptr ? follow(call, rest, sent_to, answered->answer) : std::nullopt;
    if (!next) break;
    const bool reads_what_was_written =
        rest.verb != integration::Verb::get && next->verb == integration::Verb::get;
    rest = without_address(*next);
    const auto from = std::exchange(sent_to, path_of(call, *next));
    auto led_to = co_await send_once(call, std::move(*next));
    if (reads_what_was_written && call.is_write() &&
        !co_await tells_outcome(call, from, sent_to, led_to)) {
      break;
    }
    sent = std::move(led_to);
  }
  co_return sent;
}

}  // namespace

io::Task<Sent> send(Call& call, upstream::Request request) {
  if (call.reach() == nullptr) co_return co_await send_freely(call, std::move(request));
  co_return co_await send_within(call, std::move(request));
}

io::Task<Sent> send_freely(Call& call, upstream::Request request) {
  request.timeout = call.services.options.get().upstream_timeout;
  request.cancel = call.context.cancel;
  const bool may_wait = !call.is_write() && call.context.wait_on_rate_limit;
  if (!may_wait) co_return co_await send_following(call, std::move(request));
  for (int attempt = 1;; ++attempt) {
    // What may wait may have to be sent again.
    auto sent = co_await send_following(call, request);
    const auto pause = sent ? std::nullopt : pause_after(sent.error());
    if (!pause || attempt == kMostAttempts) co_return sent;
    if (!co_await wait_out(call, pause_before(attempt, *pause))) co_return sent;
  }
}

}  // namespace patchbay::gateway
