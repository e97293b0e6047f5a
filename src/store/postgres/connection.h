// PostgreSQL as values: a connection, its prepared statements, errors as Result. With address.cpp
// the only caller of libpq. For one thread at a time; every call blocks until the server has
// answered, or for as long as it may.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "store/database.h"
#include "store/postgres/address.h"
#include "store/sql.h"

struct pg_conn;
struct pg_result;

namespace patchbay::store::postgres {

class Connection {
 public:
  // What the server said of a statement that failed, and callers are not told. Without one they
  // are.
  using Tell = std::function<void(const std::string& detail)>;
  // Errors: unavailable. `statement_timeout`: the server's; the connection waits a second longer.
  static Result<std::unique_ptr<Connection>> open(const Address& address,
                                                  std::chrono::milliseconds statement_timeout,
                                                  Tell tell = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A statement of the table, prepared once and kept. Errors: conflict (a unique index), not_found
  // (a foreign key), invalid_argument (text that cannot be stored), unavailable (anything else).
  Result<Answer> run(Question question, const Parameters& parameters);
  // One that is used rarely.
  Result<Answer> run(Sql sql, const Parameters& parameters);
  // One or more without parameters; the answer is the last one's.
  Result<Answer> execute(Sql script);

  // Error also where the server answers with a rollback, which it does if a statement had failed.
  Result<> commit();

  // Waits for a notification until then; all that came are one. False: none came, or the connection
  // is lost.
  bool wait_for_notification(std::chrono::steady_clock::time_point until);

  // What became of the last call that failed.
  bool is_lost() const { return lost_; }  // no more use; a transaction is rolled back
  bool is_in_transaction() const;         // or a statement has not ended
  bool is_in_conflict() const;            // with another transaction: to be tried again

  void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }

 private:
  struct Freed {
    void operator()(pg_result* result) const;
  };
  using Outcome = std::unique_ptr<pg_result, Freed>;

  Connection(pg_conn* handle, std::chrono::milliseconds patience, Tell tell)
      : handle_(handle), patience_(patience), tell_(std::move(tell)) {}
  Result<> prepare_session(std::chrono::milliseconds statement_timeout);
  Result<Answer> run_prepared(const char* name, const Parameters& parameters);
  // What the statement that was just sent gave; null: the connection is lost.
  Outcome last_outcome();
  bool wait_readable(std::chrono::steady_clock::time_point until);
  Result<Answer> read(const Outcome& outcome);
  std::unexpected<Error> lost();

  pg_conn* const handle_;
  std::chrono::milliseconds patience_;
  const Tell tell_;
  std::bitset<256> prepared_;  // by Question
  std::string last_state_;     // SQLSTATE
  bool lost_ = false;
};

}  // namespace patchbay::store::postgres
