// Work in transactions on a pool of connections, with what can go wrong in between: another
// transaction in the way, a connection that is lost, a commit whose answer never came.
#pragma once

#include <string>

#include "base/error.h"
#include "store/database.h"
#include "store/postgres/pool.h"

namespace patchbay::store::postgres {

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(Address address, const PostgresOptions& options)
      : pool_(std::move(address), options) {}

  Result<> read(const Work& work) override;
  Result<> change(const Work& work) override;
  Result<> read_one_moment(const Work& work) override;
  std::unique_ptr<ChangeFeed> feed() override;

 private:
  enum class After : std::uint8_t { done, again, over };
  struct Attempt {
    After after;
    Result<> result;  // of `over`; of `again` what to say if it was the last
  };
  Attempt try_change(const Work& work);
  // As the server tells it. A standby that took over counts on with the same numbers, on a timeline
  // of its own: what it says of a number may be about another transaction.
  struct Transaction {
    std::string id;
    std::string timeline;
  };
  // What became of one whose commit was not answered.
  Attempt look_up(const Transaction& transaction);

  Pool pool_;
};

}  // namespace patchbay::store::postgres
