// Webhooks: who wants to hear of what, their secrets, and what became of their messages. How these
// come to be stands in tidings.h, how they travel in webhooks/.
//
// A secret is told once, when it is made or rotated; it lies sealed in the place of its row. The
// keyed code of the row (authority.h) binds where its messages go, which, and what signs them: one
// that somebody altered in the database is told nothing. A rotation leaves the old secret signing
// as well for a while.
//
// All functions block: they run on the blocking pool. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "control/control_plane.h"
#include "store/webhook_rows.h"
#include "webhooks/outbox.h"
#include "webhooks/send.h"

namespace patchbay::control {

struct NewWebhook {
  std::string environment_id;  // empty: the principal's, or the only one
  std::string url;
  std::string description;
  std::int64_t events = 0;  // bits of webhooks/event.h
  bool enabled = true;
};

// Members that are not given stay.
struct WebhookChange {
  std::optional<std::string> url;
  std::optional<std::string> description;  // may be empty
  std::optional<std::int64_t> events;
  std::optional<bool> enabled;
};

struct MintedWebhook {
  store::WebhookRow row;
  Secret secret;
};

class Webhooks : public webhooks::Targets {
 public:
  static constexpr std::int64_t kMostOfEnvironment = 20;
  static constexpr std::chrono::hours kMostOverlap{7 * 24};
  static constexpr std::chrono::hours kUsualOverlap{24};

  // All outlive it.
  Webhooks(ControlPlane& control, store::WebhookRows& rows, const vault::Vault& vault,
           const Clock& clock, std::function<void(std::string)> report);

  // What URLs may name: as accounts' sites.
  void set_reach(webhooks::Reach reach);

  // Errors: invalid_argument (url, no event), conflict (the environment has as many as it may).
  Result<MintedWebhook> create(const Principal& principal, NewWebhook wanted);
  Result<store::WebhookRow> webhook(const Principal& principal, std::string_view id);
  Result<std::vector<store::WebhookRow>> list(const Principal& principal, const Page& page);
  Result<store::WebhookRow> update(const Principal& principal, std::string_view id,
                                   WebhookChange change);
  Result<> remove(const Principal& principal, std::string_view id);
  // `overlap`: 0 to kMostOverlap, which the caller checks. A secret before the old one ends now.
  Result<MintedWebhook> rotate(const Principal& principal, std::string_view id,
                               std::chrono::seconds overlap);

  // A message of its own, whatever it wants to hear of. Error conflict: it is disabled.
  Result<store::DeliveryRow> test(const Principal& principal, std::string_view id);
  // `state` empty: in any.
  Result<std::vector<store::DeliveryRow>> deliveries(const Principal& principal,
                                                     std::string_view id, std::string_view state,
                                                     const Page& page);
  // Again, under the same id. Errors: not_found; conflict (it is on its way, or the webhook is
  // disabled).
  Result<store::DeliveryRow> send_again(const Principal& principal, std::string_view id,
                                        std::string_view message_id);

  // Seals again what a previous master key sealed, and reports what was altered.
  Result<> look_over(const std::function<bool()>& stopped);

  Result<webhooks::Target> target(std::string_view webhook_id) override;
  void gone(std::string_view webhook_id) override;

 private:
  Result<store::WebhookRow> find(const Principal& principal, std::string_view id);
  // The same, by the latest word on the principal's token: for whoever changes it.
  Result<store::WebhookRow> find_to_change(const Principal& principal, std::string_view id);
  Result<> check(const store::WebhookRow& row) const;
  Result<> write(store::WebhookRow& row);
  webhooks::Reach reach() const;
  std::vector<Secret> secrets_of(const store::WebhookRow& row) const;
  bool seal_again(store::WebhookRow& row) const;

  ControlPlane& control_;
  store::WebhookRows& rows_;
  const vault::Vault& vault_;
  const Clock& clock_;
  const std::function<void(std::string)> report_;
  std::atomic<bool> private_addresses_ = false;
  std::atomic<bool> loopback_ = false;
};

// Of its secrets: whether they open.
bool opens(const vault::Vault& vault, const store::WebhookRow& row);

}  // namespace patchbay::control
