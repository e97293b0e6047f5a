#include "control/webhooks.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "control/authority.h"
#include "control/names.h"
#include "store/each_row.h"
#include "webhooks/message.h"
#include "webhooks/signature.h"

namespace patchbay::control {
namespace {

std::string secret_place(const store::WebhookRow& row) {
  return "webhook/" + row.id + "/" + row.environment_id;
}

std::unexpected<Error> no_webhook(std::string_view id) {
  return fail(ErrorCode::not_found,
              "There is no webhook '" + std::string(cut_utf8(id, 100)) + "'.");
}

std::unexpected<Error> is_disabled() {
  return fail(ErrorCode::conflict, "The webhook is disabled.", "Enable it first.");
}

}  // namespace

Webhooks::Webhooks(ControlPlane& control, store::WebhookRows& rows, const vault::Vault& vault,
                   const Clock& clock, std::function<void(std::string)> report)
    : control_(control), rows_(rows), vault_(vault), clock_(clock), report_(std::move(report)) {}

void Webhooks::set_reach(webhooks::Reach reach) {
  private_addresses_.store(reach.private_addresses);
  loopback_.store(reach.loopback);
}

webhooks::Reach Webhooks::reach() const {
  return {.private_addresses = private_addresses_.load(), .loopback = loopback_.load()};
}

Result<> Webhooks::check(const store::WebhookRow& row) const {
  if (auto url = webhooks::check_url(row.url, reach()); !url) return std::unexpected(url.error());
  if (row.events != 0) return {};
  return fail(ErrorCode::invalid_argument, "'events' must name one event at least.");
}

Result<> Webhooks::write(store::WebhookRow& row) {
  row.updated_at = std::max(clock_.now(), row.updated_at + std::chrono::milliseconds(1));
  sign(vault_, row);
  return rows_.update(row);
}

// ---- for operators -----------------------------------------------------------------------------

Result<MintedWebhook> Webhooks::create(const Principal& principal, NewWebhook wanted) {
  if (auto stands = control_.check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  auto environment_id = control_.choose_environment(principal, wanted.environment_id);
  if (!environment_id) return std::unexpected(environment_id.error());
  auto description = check_label(wanted.description, "description");
  if (!description) return std::unexpected(description.error());
  const auto count = rows_.count(*environment_id);
  if (!count) return std::unexpected(count.error());
  if (*count >= kMostOfEnvironment) {
    return fail(ErrorCode::conflict,
                "The environment has " + std::to_string(kMostOfEnvironment) +
                    " webhooks, which is as many as it may have.",
                "Delete one first.");
  }
  const WallTime now = clock_.now();
  MintedWebhook made{.row = {.id = random_id("whk"),
                             .environment_id = std::move(*environment_id),
                             .url = std::move(wanted.url),
                             .description = std::move(*description),
                             .events = wanted.events,
                             .enabled = wanted.enabled,
                             .disabled_because = {},
                             .secret = {},
                             .previous = {},
                             .previous_until = {},
                             .created_by = principal.token_id,
                             .created_at = now,
                             .updated_at = now},
                     .secret = webhooks::new_secret()};
  if (auto fits = check(made.row); !fits) return std::unexpected(fits.error());
  made.row.secret = vault_.seal(made.secret, secret_place(made.row));
  sign(vault_, made.row);
  if (auto inserted = rows_.insert(made.row); !inserted) return std::unexpected(inserted.error());
  return made;
}

Result<store::WebhookRow> Webhooks::find(const Principal& principal, std::string_view id) {
  auto row = rows_.webhook(id);
  if (!row) return std::unexpected(std::move(row.error()));
  const bool may_see = *row && (principal.environment_id.empty() ||
                                principal.environment_id == (*row)->environment_id);
  if (!may_see || !is_as_signed(vault_, **row)) return no_webhook(id);
  return std::move(**row);
}

Result<store::WebhookRow> Webhooks::find_to_change(const Principal& principal,
                                                   std::string_view id) {
  if (auto stands = control_.check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  return find(principal, id);
}

Result<store::WebhookRow> Webhooks::webhook(const Principal& principal, std::string_view id) {
  return find(principal, id);
}

Result<std::vector<store::WebhookRow>> Webhooks::list(const Principal& principal,
                                                      const Page& page) {
  std::vector<store::WebhookRow> all;
  Page next = page;
  while (true) {
    auto rows = rows_.webhooks(principal.environment_id, next);
    if (!rows) return std::unexpected(std::move(rows.error()));
    const bool more = rows->size() == next.limit;
    if (more && !rows->empty()) next.after = {rows->back().created_at, rows->back().id};
    for (store::WebhookRow& row : *rows) {
      if (is_as_signed(vault_, row) && all.size() < page.limit) all.push_back(std::move(row));
    }
    if (!more || all.size() >= page.limit) return all;
  }
}

Result<store::WebhookRow> Webhooks::update(const Principal& principal, std::string_view id,
                                           WebhookChange wanted) {
  auto row = find_to_change(principal, id);
  if (!row) return row;
  if (wanted.description) {
    auto description = check_label(*wanted.description, "description");
    if (!description) return std::unexpected(description.error());
    row->description = std::move(*description);
  }
  if (wanted.url) row->url = std::move(*wanted.url);
  if (wanted.events) row->events = *wanted.events;
  if (wanted.enabled) {
    row->enabled = *wanted.enabled;
    row->disabled_because.clear();
  }
  if (wanted.url || wanted.events) {
    if (auto fits = check(*row); !fits) return std::unexpected(fits.error());
  }
  if (auto written = write(*row); !written) return std::unexpected(written.error());
  return row;
}

Result<> Webhooks::remove(const Principal& principal, std::string_view id) {
  if (const auto row = find_to_change(principal, id); !row) return std::unexpected(row.error());
  return rows_.remove(id);
}

Result<MintedWebhook> Webhooks::rotate(const Principal& principal, std::string_view id,
                                       std::chrono::seconds overlap) {
  auto row = find_to_change(principal, id);
  if (!row) return std::unexpected(std::move(row.error()));
  MintedWebhook made{.row = std::move(*row), .secret = webhooks::new_secret()};
  made.row.previous = {};
  made.row.previous_until.reset();
  if (overlap.count() > 0) {
    made.row.previous = std::move(made.row.secret);
    made.row.previous_until = clock_.now() + overlap;
  }
  made.row.secret = vault_.seal(made.secret, secret_place(made.row));
  if (auto written = write(made.row); !written) return std::unexpected(written.error());
  return made;
}

Result<store::DeliveryRow> Webhooks::test(const Principal& principal, std::string_view id) {
  const auto row = find_to_change(principal, id);
  if (!row) return std::unexpected(row.error());
  if (!row->enabled) return is_disabled();
  json::Object data;
  data.append("webhook_id", row->id);
  data.append("environment_id", row->environment_id);
  store::DeliveryRow delivery =
      webhooks::delivery_of(webhooks::make_message(vault_,
                                                   {.event = webhooks::Event::test,
                                                    .environment_id = row->environment_id,
                                                    .data = std::move(data)},
                                                   clock_.now()),
                            row->id);
  if (auto inserted = rows_.insert(delivery); !inserted) return std::unexpected(inserted.error());
  return delivery;
}

Result<std::vector<store::DeliveryRow>> Webhooks::deliveries(const Principal& principal,
                                                             std::string_view id,
                                                             std::string_view state,
                                                             const Page& page) {
  if (const auto row = find(principal, id); !row) return std::unexpected(row.error());
  return rows_.deliveries(id, state, page);
}

Result<store::DeliveryRow> Webhooks::send_again(const Principal& principal, std::string_view id,
                                                std::string_view message_id) {
  const auto row = find_to_change(principal, id);
  if (!row) return std::unexpected(row.error());
  const std::string delivery_id = store::delivery_id(id, message_id);
  const auto known = rows_.delivery(delivery_id);
  if (!known) return std::unexpected(known.error());
  if (!*known) {
    return fail(ErrorCode::not_found,
                "The webhook has no delivery '" + std::string(cut_utf8(message_id, 100)) + "'.");
  }
  if (!row->enabled) return is_disabled();
  const auto again = rows_.send_again(delivery_id, clock_.now());
  if (!again) return std::unexpected(again.error());
  if (!*again) {
    return fail(ErrorCode::conflict, "It is on its way still.",
                "Its attempts tell when it is tried again.");
  }
  auto now = rows_.delivery(delivery_id);
  if (!now) return std::unexpected(std::move(now.error()));
  if (*now) return std::move(**now);
  return **known;
}

// ---- for those who deliver ---------------------------------------------------------------------

std::vector<Secret> Webhooks::secrets_of(const store::WebhookRow& row) const {
  std::vector<Secret> secrets;
  const auto add = [&](const vault::SealedBytes& sealed) {
    if (sealed.bytes.empty()) return;
    if (auto secret = vault_.unseal(sealed, secret_place(row))) {
      secrets.push_back(std::move(*secret));
    }
  };
  add(row.secret);
  if (row.previous_until && *row.previous_until > clock_.now()) add(row.previous);
  return secrets;
}

Result<webhooks::Target> Webhooks::target(std::string_view webhook_id) {
  const auto row = rows_.webhook(webhook_id);
  if (!row) {
    // A damaged one is told nothing, as one that was altered.
    if (row.error().code != ErrorCode::internal) return std::unexpected(row.error());
    return fail(ErrorCode::conflict, row.error().message);
  }
  if (!*row) return no_webhook(webhook_id);
  if (!is_as_signed(vault_, **row)) {
    return fail(ErrorCode::conflict, "The webhook was altered in the database.");
  }
  if (!(*row)->enabled) return fail(ErrorCode::conflict, "The webhook is disabled.");
  auto url = webhooks::check_url((*row)->url, reach());
  if (!url) return fail(ErrorCode::conflict, url.error().message);
  webhooks::Target target{.url = std::move(*url),
                          .environment_id = (*row)->environment_id,
                          .secrets = secrets_of(**row)};
  if (target.secrets.empty()) {
    return fail(ErrorCode::conflict,
                "The webhook's secret does not open: it was sealed with "
                "another master key.");
  }
  return target;
}

// Somebody who changes it at the same moment has seen it: the next answer says 410 again.
void Webhooks::gone(std::string_view webhook_id) {
  auto row = rows_.webhook(webhook_id);
  if (!row || !*row || !is_as_signed(vault_, **row)) return;
  (*row)->enabled = false;
  (*row)->disabled_because = "gone";
  static_cast<void>(write(**row));
}

// ---- looking after them ------------------------------------------------------------------------

bool Webhooks::seal_again(store::WebhookRow& row) const {
  bool changed = false;
  for (vault::SealedBytes* const sealed : {&row.secret, &row.previous}) {
    if (sealed->bytes.empty() || vault_.seals_with_current(*sealed, secret_place(row))) continue;
    const auto secret = vault_.unseal(*sealed, secret_place(row));
    if (!secret) continue;
    *sealed = vault_.seal(*secret, secret_place(row));
    changed = true;
  }
  return changed;
}

Result<> Webhooks::look_over(const std::function<bool()>& stopped) {
  std::optional<std::string> last;
  while (true) {
    auto rows = rows_.webhooks_after(last, store::kRowsAtOnce);
    if (!rows) return std::unexpected(std::move(rows.error()));
    if (rows->empty()) return {};
    last = rows->back().id;
    for (store::WebhookRow& row : *rows) {
      if (stopped && stopped()) return fail(ErrorCode::cancelled, "It was stopped.");
      if (!is_as_signed(vault_, row)) {
        if (report_) report_(say_altered(row));
      } else if (seal_again(row)) {
        // Whoever changed it meanwhile is found by the next look; the old sealing still opens.
        static_cast<void>(write(row));
      }
    }
  }
}

bool opens(const vault::Vault& vault, const store::WebhookRow& row) {
  const auto one = [&](const vault::SealedBytes& sealed) {
    return sealed.bytes.empty() || vault.unseal(sealed, secret_place(row)).has_value();
  };
  return !row.secret.bytes.empty() && one(row.secret) && one(row.previous);
}

}  // namespace patchbay::control
