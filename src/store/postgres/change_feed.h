// Hears of other nodes' changes (NOTIFY within their transactions) on a connection of its own.
//
// A notification only says that it is worth asking; each wait ends with a look at the revision. So
// a notification that never came (a pooler in between, a connection that is dead and does not know
// it) costs a wait's length, and "nothing" is what the database has just said.
#pragma once

#include <cstdint>
#include <memory>

#include "store/changes.h"
#include "store/postgres/pool.h"

namespace patchbay::store::postgres {

class NotifiedFeed final : public ChangeFeed {
 public:
  // The pool outlives it.
  explicit NotifiedFeed(Pool& pool) : pool_(pool), backoff_(pool.options().longest_backoff) {}
  Heard wait(std::chrono::milliseconds at_most) override;

 private:
  // Error: unavailable.
  Result<> listen();
  static Result<std::int64_t> read_revision(Connection& connection);
  Heard lose();

  Pool& pool_;
  std::unique_ptr<Connection> connection_;  // null: lost
  Backoff backoff_;
  std::int64_t seen_ = 0;
};

}  // namespace patchbay::store::postgres
