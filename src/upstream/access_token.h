// The token that an account's requests carry, for as long as it lasts. Had once for all loops: the
// first that finds it missing or nearly over asks for the next, and the others go on with what is
// good still, or wait for it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "base/secret.h"
#include "io/task.h"
#include "upstream/oauth_client.h"

namespace patchbay::upstream {

// Used by every loop; its mutex is held for a few instructions.
class AccessToken {
 public:
  using Fetch = std::function<io::Task<Result<Tokens>>()>;

  AccessToken();
  ~AccessToken();

  // The value of the Authorization header. Nothing: the next token is due, and nobody is at it.
  std::optional<std::string> ready(MonotonicTime now) const;
  // The same with the next token, where one is due. `fetch` runs once at a time, on the loop of
  // whoever came first, and to its end. Its error is everybody's who waits; one that says that the
  // account is refused (unauthenticated) is remembered for a while, and given without asking again.
  io::Task<Result<std::string>> next(const Clock& clock, Fetch fetch);
  // The API took the token.
  void accepted() {
    if (!is_accepted_.load(std::memory_order_relaxed)) is_accepted_.store(true);
  }
  // The API does not take it, whatever its lifetime says. False: it never did although it was had
  // just now, and another would hardly do better.
  bool refused(std::string_view header);
  // Asks again, though it was refused a moment ago.
  void forget_refusal();
  // The last one that there was, to keep it out of texts; empty: none yet.
  Secret latest() const;

 private:
  struct Waiter;
  class Flight;
  void land(const Result<Tokens>& got, MonotonicTime asked);
  void wake() PATCHBAY_REQUIRES(mutex_);
  std::optional<std::string> good(MonotonicTime now) const PATCHBAY_REQUIRES(mutex_);

  mutable Mutex mutex_;
  Secret token_ PATCHBAY_GUARDED_BY(mutex_);
  std::atomic<bool> is_accepted_{false};
  MonotonicTime due_ PATCHBAY_GUARDED_BY(mutex_){};   // from here on the next one is asked for
  MonotonicTime over_ PATCHBAY_GUARDED_BY(mutex_){};  // from here on it is not sent any more
  bool is_asked_for_ PATCHBAY_GUARDED_BY(mutex_) = false;
  std::vector<std::shared_ptr<Waiter>> waiting_ PATCHBAY_GUARDED_BY(mutex_);
  std::optional<Error> refusal_ PATCHBAY_GUARDED_BY(mutex_);
  MonotonicTime refused_until_ PATCHBAY_GUARDED_BY(mutex_){};
};

}  // namespace patchbay::upstream
