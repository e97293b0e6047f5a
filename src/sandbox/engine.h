// The sandbox without sockets: a request in, a response out.
//
// Thread-safe: one lock around each request. What must wait (latency, faults that hang) is decided
// here and waited for in sandbox.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "sandbox/auth.h"
#include "sandbox/faults.h"
#include "sandbox/followers/callbacks.h"
#include "sandbox/operations/endpoints.h"
#include "sandbox/operations/settings.h"
#include "sandbox/options.h"
#include "sandbox/request_log.h"

namespace patchbay::sandbox {

class Engine {
 public:
  Engine(const Clock& clock, const SandboxOptions& options);

  // What is to become of a request that has arrived.
  struct Admission {
    std::uint64_t number = 0;
    std::chrono::milliseconds delay{0};
    bool hang = false;
    std::uint64_t hang_generation = 0;      // hangs while the generation is this one
    std::optional<http::Response> instead;  // answer this, not the truth
    bool apply_first = false;               // …but carry the request out before
  };
  Admission admit(const http::Request& request);
  // Whether a request that hangs shall go on hanging.
  bool still_hangs(const Admission& admission) const;
  http::Response answer(const http::Request& request, Admission admission);
  void abandoned(const Admission& admission);

  // All of it in one go, for a caller that does not wait.
  http::Response handle(const http::Request& request);

  // What callbacks are to be told since the last call, in the order of the changes. Somebody has to
  // come for it: no more than kMaxOutbox are kept.
  std::vector<Delivery> take_deliveries();

  Settings settings() const;
  // The data, for tests: unchecked, since nobody makes a request while a test looks.
  const Database& database() const PATCHBAY_LOCKS_UNCHECKED { return *db_; }

 private:
  void seed() PATCHBAY_REQUIRES(mutex_);
  http::Response route(const http::Request& request) PATCHBAY_REQUIRES(mutex_);
  http::Response answer_api(const http::Request& request, std::string_view codebase,
                            std::string_view path) PATCHBAY_REQUIRES(mutex_);
  // Tells callbacks and the audit trail.
  void follow_changes(const http::Request& request, const ApiCall& call, const Changes& changes)
      PATCHBAY_REQUIRES(mutex_);
  http::Response answer_company_info(std::string_view company) const;
  http::Response answer_signing_key(std::string_view id) const;
  // The member whose keys the request carries; nothing where they are nobody's.
  std::optional<std::int64_t> signed_in(const http::Request& request) const
      PATCHBAY_REQUIRES(mutex_);
  http::Response answer_admin(const http::Request& request, std::string_view path)
      PATCHBAY_REQUIRES(mutex_);
  http::Response answer_keys(const http::Request& request) PATCHBAY_REQUIRES(mutex_);
  http::Response decorate(const http::Request& request, http::Response response,
                          std::uint64_t number) const;

  // Constant after construction.
  const Clock& clock_;
  SandboxOptions options_;
  const SigningKey signing_key_ = SigningKey::make();

  mutable Mutex mutex_;
  Settings settings_ PATCHBAY_GUARDED_BY(mutex_);
  std::unique_ptr<Database> db_ PATCHBAY_GUARDED_BY(mutex_) PATCHBAY_PT_GUARDED_BY(mutex_);
  std::unique_ptr<Endpoints> endpoints_ PATCHBAY_GUARDED_BY(mutex_) PATCHBAY_PT_GUARDED_BY(mutex_);
  std::int64_t api_member_ PATCHBAY_GUARDED_BY(mutex_) = 0;
  std::vector<MemberKeys> member_keys_ PATCHBAY_GUARDED_BY(mutex_);
  FaultInjector faults_ PATCHBAY_GUARDED_BY(mutex_);
  RateLimiter limiter_ PATCHBAY_GUARDED_BY(mutex_);
  RequestLog log_ PATCHBAY_GUARDED_BY(mutex_);
  std::uint64_t fault_dice_ PATCHBAY_GUARDED_BY(mutex_) = 0;
  std::deque<Delivery> outbox_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::sandbox
