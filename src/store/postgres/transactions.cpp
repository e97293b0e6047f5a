#include "store/postgres/transactions.h"

#include <chrono>
#include <thread>

#include "base/random.h"
#include "store/postgres/change_feed.h"

namespace patchbay::store::postgres {
namespace {

// What is tried again fails for a reason that passes: another transaction, a server that restarts.
constexpr int kMostAttempts = 4;
// A commit that was sent may still be going on when its connection is gone.
constexpr std::chrono::seconds kLookUpFor{10};
constexpr std::chrono::milliseconds kLookUpEvery{50};

class PostgresSession final : public Session {
 public:
  explicit PostgresSession(Connection& connection) : connection_(connection) {}
  Result<Answer> run(Question question, const Parameters& parameters) override {
    return connection_.run(question, parameters);
  }

 private:
  Connection& connection_;
};

// Up to 10, 20, 40 ms: two that met do not meet again.
void pause(int attempt) {
  std::uint8_t random = 0;
  fill_random(std::as_writable_bytes(std::span(&random, 1)));
  std::this_thread::sleep_for(std::chrono::microseconds(random) * 40 * (1 << attempt));
}

}  // namespace

std::unique_ptr<ChangeFeed> PostgresDatabase::feed() {
  return std::make_unique<NotifiedFeed>(pool_);
}

Result<> PostgresDatabase::read(const Work& work) {
  for (int attempt = 0;; ++attempt) {
    const auto connection = pool_.take();
    if (!connection) return std::unexpected(connection.error());
    PostgresSession session(**connection);
    auto done = done_by(work, session);
    const bool again = !done && ((*connection)->is_lost() || (*connection)->is_in_conflict());
    if (!again || attempt + 1 == kMostAttempts) return done;
  }
}

// Once: whoever reads everything has made something of the first half already.
Result<> PostgresDatabase::read_one_moment(const Work& work) {
  // Of its own: it may take minutes, and between two statements longer than a session may idle.
  auto connection = pool_.connect();
  if (!connection) return std::unexpected(connection.error());
  if (auto begun = (*connection)
                       ->execute("SET idle_in_transaction_session_timeout = 0;"
                                 "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      !begun) {
    return std::unexpected(begun.error());
  }
  PostgresSession session(**connection);
  return done_by(work, session);
}

Result<> PostgresDatabase::change(const Work& work) {
  for (int attempt = 0;; ++attempt) {
    Attempt made = try_change(work);
    if (made.after != After::again || attempt + 1 == kMostAttempts) return made.result;
    pause(attempt);
  }
}

// Until COMMIT is sent, a lost connection means that nothing was done, and it can be tried again.
PostgresDatabase::Attempt PostgresDatabase::try_change(const Work& work) {
  Transaction transaction;
  {
    auto taken = pool_.take();
    if (!taken) return {After::over, std::unexpected(taken.error())};
    Connection& connection = **taken;
    const auto failed = [&](const Error& error) -> Attempt {
      const bool again = connection.is_lost() || connection.is_in_conflict();
      if (!connection.is_lost()) static_cast<void>(connection.execute("ROLLBACK"));
      return {again ? After::again : After::over, std::unexpected(error)};
    };
    const auto begun = connection.execute(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
        "SELECT pg_current_xact_id()::text, left(pg_walfile_name(pg_current_wal_lsn()), 8)");
    if (!begun) return failed(begun.error());
    transaction = {.id = begun->at(0, 0).bytes, .timeline = begun->at(0, 1).bytes};
    PostgresSession session(connection);
    if (auto done = done_by(work, session); !done) return failed(done.error());
    const auto committed = connection.commit();
    if (committed) return {After::done, {}};
    if (!connection.is_lost()) return failed(committed.error());
  }
  return look_up(transaction);
}

PostgresDatabase::Attempt PostgresDatabase::look_up(const Transaction& transaction) {
  const auto until = std::chrono::steady_clock::now() + kLookUpFor;
  do {
    if (const auto connection = pool_.take()) {
      const auto status = (*connection)
                              ->run(
                                  "SELECT pg_xact_status($1::text::xid8),"
                                  " left(pg_walfile_name(pg_current_wal_lsn()), 8)",
                                  Parameters().text(transaction.id));
      if (status && status->at(0, 1).bytes != transaction.timeline) break;
      const std::string became = status ? status->at(0, 0).bytes : "";
      if (became == "committed") return {After::done, {}};
      if (became == "aborted") {
        return {After::again, fail(ErrorCode::unavailable,
                                   "The connection to the database was lost.", "Try again.")};
      }
    }
    std::this_thread::sleep_for(kLookUpEvery);
  } while (std::chrono::steady_clock::now() < until);
  return {After::over,
          fail(ErrorCode::unavailable,
               "The connection to the database was lost while a change was committed: it may have "
               "been made, or not.",
               "When the database can be reached again, look whether it is there before it is "
               "repeated.")};
}

}  // namespace patchbay::store::postgres
