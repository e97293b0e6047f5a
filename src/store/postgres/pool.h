// The connections of a node: at most so many, made when they are needed.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/mutex.h"
#include "store/postgres/address.h"
#include "store/postgres/connection.h"
#include "store/postgres/open_postgres.h"

namespace patchbay::store::postgres {

// How long not to try again, after so many failures.
class Backoff {
 public:
  explicit Backoff(std::chrono::milliseconds longest) : longest_(longest) {}
  bool is_over(std::chrono::steady_clock::time_point now) const { return now >= until_; }
  std::chrono::steady_clock::time_point until() const { return until_; }
  void fail(std::chrono::steady_clock::time_point now);
  void reset() { *this = Backoff(longest_); }

 private:
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_{100};
  std::chrono::steady_clock::time_point until_{};
};

class Pool {
 public:
  Pool(Address address, const PostgresOptions& options);

  // A connection, the pool's again when this goes. The pool outlives it.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  // Waits for one to be free. Errors: unavailable (none became free in time; or the database cannot
  // be reached, now or a moment ago).
  Result<Lease> take() PATCHBAY_EXCLUDES(mutex_);

  // One of its own, outside of the pool.
  Result<std::unique_ptr<Connection>> connect() PATCHBAY_EXCLUDES(mutex_);
  const PostgresOptions& options() const { return options_; }

 private:
  void give_back(std::unique_ptr<Connection> connection) PATCHBAY_EXCLUDES(mutex_);
  Result<Lease> connect_and_lease() PATCHBAY_EXCLUDES(mutex_);
  void tell_failure(const std::string& detail) PATCHBAY_EXCLUDES(mutex_);

  const Address address_;
  const PostgresOptions options_;

  Mutex mutex_;
  Condition freed_;
  std::vector<std::unique_ptr<Connection>> idle_ PATCHBAY_GUARDED_BY(mutex_);
  std::size_t taken_ PATCHBAY_GUARDED_BY(mutex_) = 0;
  Backoff backoff_ PATCHBAY_GUARDED_BY(mutex_);
  std::string last_reason_ PATCHBAY_GUARDED_BY(mutex_);  // empty: the last one succeeded
  Error last_failure_ PATCHBAY_GUARDED_BY(mutex_);
  // Of statements, what was told last.
  std::string last_failed_ PATCHBAY_GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point failed_at_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::store::postgres
