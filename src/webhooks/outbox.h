// What is due, claimed for this node, and what came of it, put down: the part that asks the
// database.
//
// A message belongs to one node from its claim to the end of it. A claim lasts four times as long
// as an attempt may: a node that ends, or loses the database, in between leaves the message to
// whoever looks next. So each message is sent by one node, and once more than it need be only where
// its node ended after it was sent.
//
// All functions block. One thread's.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/shares.h"
#include "http/url.h"
#include "store/webhook_rows.h"
#include "vault/vault.h"
#include "webhooks/attempt.h"

namespace patchbay::webhooks {

// Where what is for a webhook goes at this moment.
struct Target {
  http::Url url;
  std::string environment_id;
  std::vector<Secret> secrets;  // that sign, the present one first
};

// Who the webhooks are: control's rules, and a test's.
class Targets {
 public:
  virtual ~Targets() = default;
  // Errors: conflict (nothing is to be sent to it; says why), not_found, unavailable.
  virtual Result<Target> target(std::string_view webhook_id) = 0;
  // It answered 410: nothing is to be sent to it any more.
  virtual void gone(std::string_view webhook_id) = 0;
};

// A message that is this node's to send.
struct Parcel {
  store::DeliveryRow row;
  Target target;
  Secret payload;
  Shares::Share place;  // of its environment, among all that are on their way
};

class Outbox {
 public:
  static constexpr std::chrono::seconds kLongestAttempt{15};
  static constexpr std::chrono::seconds kClaim{60};
  // On their way at the same time, on this node; an environment leaves as many as it has for
  // others, and of one webhook there are four at most, one while its receiver does not answer.
  static constexpr std::size_t kAtOnce = 64;
  static constexpr std::size_t kOfOne = 4;
  static constexpr std::chrono::hours kKept{7 * 24};  // what was delivered or given up

  struct Load {
    std::size_t on_their_way = 0;
    bool hangs = false;  // no whole answer came to its last attempt
  };
  using Loads = std::map<std::string, Load, std::less<>>;  // by webhook
  struct Claimed {
    std::vector<Parcel> parcels;
    std::optional<WallTime> next;  // when something else is due; nothing: nothing is
  };

  // All outlive it.
  Outbox(store::WebhookRows& rows, Targets& targets, const vault::Vault& vault, const Clock& clock);

  // What is due and has room beside what is on its way, of each webhook in its turn. Errors:
  // unavailable.
  Result<Claimed> claim(const Loads& loads);
  // What came of it. Errors: unavailable; what the claim was for is then due again when it is over.
  Result<> settle(store::DeliveryRow& row, const Attempt& attempt);
  // At the start, where nobody else can have any claim.
  Result<> release();
  // Takes away what is old.
  Result<> tidy();

 private:
  Result<> claim_of(const store::Waiting& waiting, const Load& load, Claimed& claimed);
  Result<> claim_one(store::DeliveryRow row, const Result<Target>& target, Claimed& claimed);
  void leave(store::DeliveryRow row, const Error& why);

  store::WebhookRows& rows_;
  Targets& targets_;
  const vault::Vault& vault_;
  const Clock& clock_;
  const std::string node_;  // different for each process
  const std::shared_ptr<Shares> places_ = Shares::make(kAtOnce);
  std::string last_;  // the webhook that the last look ended with
};

}  // namespace patchbay::webhooks
