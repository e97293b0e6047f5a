// The questions of webhook_rows.h over a database that speaks SQL. None takes a revision: no node
// keeps these rows in memory.
#pragma once

#include <memory>

#include "base/error.h"
#include "store/database.h"
#include "store/webhook_rows.h"

namespace patchbay::store {

// The database outlives it.
std::unique_ptr<WebhookRows> make_webhooks(Database& database);

// Puts the message down for everybody who wants it, within the transaction of what it tells of. For
// how many.
Result<std::int64_t> tell(Session& session, const Message& message);

// A change, and what it puts down to be told: whoever sends it hears of that after the commit.
class Telling {
 public:
  explicit Telling(const WebhookRows& webhooks) : webhooks_(webhooks) {}
  // Before each run of the transaction's work.
  void begin() { told_ = 0; }
  Result<> put(Session& session, const std::optional<Message>& message);
  // After the commit.
  void committed() const {
    if (told_ > 0) webhooks_.told();
  }

 private:
  const WebhookRows& webhooks_;
  std::int64_t told_ = 0;
};

}  // namespace patchbay::store
