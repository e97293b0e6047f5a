// The rows of webhooks: who wants to hear of what, and what is on its way to them
// (webhooks/README.md). An interface of its own, as the journal and approvals have one.
//
// A message is written to this table in the transaction that changes what it tells of, once for
// each webhook that wants it; a node then claims what is due, one after the other, and sends it.
// What a claim says is over when it is due: a node that ends in between loses no message, and
// another one sends it, a second time if need be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "store/page.h"
#include "vault/vault.h"

namespace patchbay::store {

// The bit of the one event that is told of by looking for it. An index knows it.
inline constexpr std::int64_t kOfExpiry = 2;

struct WebhookRow {
  std::string id;
  std::string environment_id;
  std::string url;
  std::string description;
  std::int64_t events = 0;  // which it wants, a bit each (webhooks/event.h)
  bool enabled = true;
  std::string disabled_because;            // empty: by a person, or it is not
  vault::SealedBytes secret;               // sealed with the id
  vault::SealedBytes previous;             // the secret before; empty: none
  std::optional<WallTime> previous_until;  // until when it signs as well
  std::string created_by;
  WallTime created_at{};
  WallTime updated_at{};
  std::string mac = {};
  std::int64_t version = 0;  // counts the updates of this row alone; it is in no list of changes
};

// What goes out to everybody in the environment who wants to hear of such an event.
struct Message {
  std::string id;
  std::string environment_id;
  std::int64_t event = 0;      // its bit
  std::string name;            // of the event
  vault::SealedBytes payload;  // sealed with the id and the environment
  // Unless a webhook was told of it under this name before; empty: in any case.
  std::string once;
  WallTime at{};
};

// One message on its way to one webhook.
struct DeliveryRow {
  std::string id;  // delivery_id()
  std::string webhook_id;
  std::string message_id;
  std::string event;  // its name
  vault::SealedBytes payload;
  std::string once;
  std::string state = "pending";  // pending, delivered, given_up
  std::int64_t tries = 0;         // since it was asked for, or asked for again
  WallTime due_at{};              // of what is claimed: when the claim is over
  std::string claim;              // whose it is until then; empty: nobody's
  std::string attempts = "[]";    // JSON; the latest last
  WallTime created_at{};
  WallTime updated_at{};
};
std::string delivery_id(std::string_view webhook_id, std::string_view message_id);

// A webhook that something waits for, and since when the first of it is due.
struct Waiting {
  std::string webhook_id;
  WallTime due_at{};
};

// Errors of all: unavailable, internal (a row is damaged).
class WebhookRows {
 public:
  virtual ~WebhookRows() = default;

  // Error not_found: its environment is gone.
  virtual Result<> insert(WebhookRow& row) = 0;
  // Errors: conflict (it is of another version by now), not_found. Leaves the new version in the
  // row.
  virtual Result<> update(WebhookRow& row) = 0;
  virtual Result<> remove(std::string_view id) = 0;  // error not_found; with its deliveries
  virtual Result<std::optional<WebhookRow>> webhook(std::string_view id) = 0;
  // Of an environment; empty: of all.
  virtual Result<std::vector<WebhookRow>> webhooks(std::string_view environment_id,
                                                   const Page& page) = 0;
  virtual Result<std::int64_t> count(std::string_view environment_id) = 0;
  // Whether any wants to hear of what expires soon (kOfExpiry), in whatever environment.
  virtual Result<bool> anybody_hears_of_expiry() = 0;

  // To one webhook, whatever it wants. Error not_found: it is gone.
  virtual Result<> insert(const DeliveryRow& row) = 0;
  virtual Result<std::optional<DeliveryRow>> delivery(std::string_view id) = 0;
  // `state` empty: in any.
  virtual Result<std::vector<DeliveryRow>> deliveries(std::string_view webhook_id,
                                                      std::string_view state, const Page& page) = 0;
  // From its beginning, unless it is pending. False: it is, or it is gone.
  virtual Result<bool> send_again(std::string_view delivery_id, WallTime at) = 0;

  // The next webhook by its id that something waits for. Nothing: there is none.
  virtual Result<std::optional<Waiting>> next_waiting(std::string_view after_webhook) = 0;
  // What is due by then, the first to be due first.
  virtual Result<std::vector<DeliveryRow>> due(std::string_view webhook_id, WallTime by,
                                               std::size_t limit) = 0;
  // As the row says it was due; false: somebody else was faster.
  virtual Result<bool> claim(DeliveryRow& row, std::string_view claim, WallTime until) = 0;
  // What came of an attempt, under the claim: state, tries, due_at and attempts. False: the claim
  // was over, and somebody else has it.
  virtual Result<bool> finish(const DeliveryRow& row) = 0;
  // Where no other node can have any: what a process left that ended. How many there were.
  virtual Result<std::int64_t> release_claims(WallTime now) = 0;
  // Those that are not pending and were made by then, at most so many. How many went.
  virtual Result<std::int64_t> delete_deliveries(WallTime made_by, std::size_t limit) = 0;

  // For whoever has to see every row (each_row.h).
  virtual Result<std::vector<WebhookRow>> webhooks_after(const std::optional<std::string>& id,
                                                         std::size_t limit) = 0;
  virtual Result<std::vector<DeliveryRow>> deliveries_after(const std::optional<std::string>& id,
                                                            std::size_t limit) = 0;

  // Called after a commit that put something here, on its thread; must not block. Null: nobody is
  // told any more.
  void on_told(std::function<void()> callback);
  void told() const;

 private:
  mutable Mutex mutex_;
  std::function<void()> callback_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::store
