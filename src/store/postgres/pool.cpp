#include "store/postgres/pool.h"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

namespace patchbay::store::postgres {
namespace {

constexpr std::chrono::seconds kTellAgain{10};

}  // namespace

void Backoff::fail(std::chrono::steady_clock::time_point now) {
  until_ = now + next_;
  next_ = std::min(next_ * 2, longest_);
}

Pool::Pool(Address address, const PostgresOptions& options)
    : address_(std::move(address)), options_(options), backoff_(options.longest_backoff) {
  idle_.reserve(options_.most_connections);
}

// One that succeeds is a sign that the next one does as well. Why one fails is the operator's to
// know: libpq names host, port, user and database.
Result<std::unique_ptr<Connection>> Pool::connect() {
  Connection::Tell tell;
  if (options_.tell_operator) tell = [this](const std::string& detail) { tell_failure(detail); };
  auto connection = Connection::open(address_, options_.statement_timeout, std::move(tell));
  bool is_news = false;
  {
    const MutexLock lock(mutex_);
    if (connection) backoff_.reset();
    const std::string reason = connection ? "" : connection.error().message;
    is_news = !connection && reason != last_reason_;
    last_reason_ = reason;
  }
  if (connection) return connection;
  if (is_news && options_.tell_operator) {
    options_.tell_operator("No connection to the database can be had.", connection.error().message);
  }
  return fail(ErrorCode::unavailable, "The database cannot be reached.", "Try again in a moment.");
}

void Pool::tell_failure(const std::string& detail) {
  {
    const MutexLock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (detail == last_failed_ && now < failed_at_ + kTellAgain) return;
    last_failed_ = detail;
    failed_at_ = now;
  }
  options_.tell_operator("The database failed at a statement.", detail);
}

Result<Pool::Lease> Pool::take() {
  const auto until = std::chrono::steady_clock::now() + options_.wait_limit;
  {
    const MutexLock lock(mutex_);
    while (idle_.empty() && taken_ >= options_.most_connections) {
      if (freed_.wait_until(mutex_, until)) continue;
      if (!idle_.empty() || taken_ < options_.most_connections) break;
      return fail(ErrorCode::unavailable,
                  "All " + std::to_string(options_.most_connections) +
                      " connections to the database are in use.",
                  "Try again in a moment. If it stays so, look what the database is busy with.");
    }
    if (!idle_.empty()) {
      ++taken_;
      Lease lease(*this, std::move(idle_.back()));
      idle_.pop_back();
      return lease;
    }
    if (!backoff_.is_over(std::chrono::steady_clock::now())) {
      return std::unexpected(last_failure_);
    }
    ++taken_;
  }
  return connect_and_lease();
}

Result<Pool::Lease> Pool::connect_and_lease() {
  // Its place is free again, however the attempt ends.
  struct Place {
    Pool* pool;
    ~Place() {
      if (pool != nullptr) pool->give_back(nullptr);
    }
  } place{this};
  auto connection = connect();
  if (connection) {
    place.pool = nullptr;
    return Lease(*this, std::move(*connection));
  }
  const MutexLock lock(mutex_);
  backoff_.fail(std::chrono::steady_clock::now());
  last_failure_ = connection.error();
  return std::unexpected(std::move(connection.error()));
}

// Needs no memory: a lease may end for want of it.
void Pool::give_back(std::unique_ptr<Connection> connection) {
  // Closed when the lock is free again.
  std::vector<std::unique_ptr<Connection>> useless;
  if (connection && connection->is_lost()) {
    try {
      useless.reserve(options_.most_connections);
    } catch (const std::bad_alloc&) {
    }
  }
  const MutexLock lock(mutex_);
  --taken_;
  freed_.notify_one();
  if (!connection) return;
  if (connection->is_lost()) {
    // What ended this one (a restart, another host in charge) mostly ended the others as well.
    if (useless.capacity() > 0) useless.swap(idle_);
    idle_.clear();
  } else if (!connection->is_in_transaction()) {
    idle_.push_back(std::move(connection));
  }
}

}  // namespace patchbay::store::postgres
