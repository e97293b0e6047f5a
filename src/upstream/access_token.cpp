#include "upstream/access_token.h"

#include <algorithm>

#include "io/event.h"
#include "io/runtime.h"

namespace patchbay::upstream {

namespace {

using std::chrono::seconds;

constexpr std::string_view kScheme = "Bearer ";
// Ahead of its end the next one is asked for: a quarter of its life, and no more than this.
constexpr seconds kLongestAhead{60};
// So much before its end it is not sent any more: the way there takes a while, and clocks differ.
constexpr seconds kOnTheWay{2};
// While the old one is good, nobody is asked more often than that.
constexpr seconds kAgainAfter{5};
// Who was refused is not asked for again by every call.
constexpr seconds kRememberedRefusal{10};

std::string header_of(const Secret& token) {
  std::string header;
  header.reserve(kScheme.size() + token.reveal().size());
  return header.append(kScheme).append(token.reveal());
}

}  // namespace

struct AccessToken::Waiter {
  explicit Waiter(io::Loop& waits_on) : loop(waits_on) {}
  io::Loop& loop;
  io::Event over;              // of its loop
  std::optional<Error> error;  // set before `over`
};

// Whoever asks for the next token, also where its coroutine ends before an answer came: then those
// who wait try it themselves.
class AccessToken::Flight {
 public:
  explicit Flight(AccessToken& token) : token_(token) {}
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;
  ~Flight() {
    const MutexLock lock(token_.mutex_);
    token_.is_asked_for_ = false;
    token_.wake();
  }

 private:
  AccessToken& token_;
};

AccessToken::AccessToken() = default;
AccessToken::~AccessToken() = default;

std::optional<std::string> AccessToken::good(MonotonicTime now) const {
  if (token_.empty() || now >= over_) return std::nullopt;
  if (now >= due_ && !is_asked_for_) return std::nullopt;
  return header_of(token_);
}

std::optional<std::string> AccessToken::ready(MonotonicTime now) const {
  const MutexLock lock(mutex_);
  return good(now);
}

io::Task<Result<std::string>> AccessToken::next(const Clock& clock, Fetch fetch) {
  while (true) {
    std::shared_ptr<Waiter> waiter;
    {
      const MutexLock lock(mutex_);
      const auto now = clock.monotonic();
      if (auto header = good(now)) co_return std::move(*header);
      if (refusal_ && now < refused_until_) co_return std::unexpected(*refusal_);
      if (is_asked_for_) {
        waiter = waiting_.emplace_back(std::make_shared<Waiter>(io::Loop::current()));
      } else {
        is_asked_for_ = true;
      }
    }
    if (waiter) {
      co_await waiter->over.wait();
      if (waiter->error) co_return std::unexpected(*waiter->error);
      continue;
    }
    const Flight flight(*this);
    const auto asked = clock.monotonic();
    const auto got = co_await fetch();
    land(got, got ? asked : clock.monotonic());
    const MutexLock lock(mutex_);
    // What was asked for ahead of time and not had: the old one does a while longer.
    if (!token_.empty() && clock.monotonic() < over_) co_return header_of(token_);
    if (got) co_return header_of(got->access);  // of no lifetime: good for this one
    co_return std::unexpected(got.error());
  }
}

void AccessToken::land(const Result<Tokens>& got, MonotonicTime asked) {
  const MutexLock lock(mutex_);
  refusal_.reset();
  if (got) {
    token_ = got->access;
    is_accepted_ = !got->is_fresh;
    const auto ahead = std::min<MonotonicTime::duration>(got->lifetime / 4, kLongestAhead);
    due_ = asked + got->lifetime - ahead;
    over_ = asked + got->lifetime - std::min<MonotonicTime::duration>(ahead, kOnTheWay);
    return;
  }
  if (got.error().code == ErrorCode::unauthenticated) {
    refusal_ = got.error();
    refused_until_ = asked + kRememberedRefusal;
  }
  if (!token_.empty() && asked < over_) {
    due_ = asked + kAgainAfter;
    return;
  }
  for (const auto& waiter : waiting_) waiter->error = got.error();
}

void AccessToken::wake() {
  for (auto& waiter : waiting_) {
    io::post(waiter->loop, [waiter] { waiter->over.set(); });
  }
  waiting_.clear();
}

bool AccessToken::refused(std::string_view header) {
  const MutexLock lock(mutex_);
  if (token_.empty() || header != header_of(token_)) return true;  // there is another by now
  if (!is_accepted_) return false;
  over_ = due_ = MonotonicTime{};
  return true;
}

void AccessToken::forget_refusal() {
  const MutexLock lock(mutex_);
  refusal_.reset();
}

Secret AccessToken::latest() const {
  const MutexLock lock(mutex_);
  return token_;
}

}  // namespace patchbay::upstream
