#include "webhooks/outbox.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "webhooks/message.h"

namespace patchbay::webhooks {
namespace {

constexpr std::size_t kTidiedAtOnce = 500;
constexpr std::size_t kLeftAtOnce = 100;  // of what goes nowhere

// Not for secrets.
double chance() {
  std::uint32_t number = 0;
  fill_random(std::as_writable_bytes(std::span(&number, 1)));
  return static_cast<double>(number) / static_cast<double>(UINT32_MAX);
}

void sooner(std::optional<WallTime>& next, WallTime other) {
  next = std::min(next.value_or(WallTime::max()), other);
}

}  // namespace

Outbox::Outbox(store::WebhookRows& rows, Targets& targets, const vault::Vault& vault,
               const Clock& clock)
    : rows_(rows), targets_(targets), vault_(vault), clock_(clock), node_(random_id("node")) {}

// From where the last look ended around to there, so that who comes first by its id has no more
// than others.
Result<Outbox::Claimed> Outbox::claim(const Loads& loads) {
  Claimed claimed;
  std::size_t on_their_way = 0;
  for (const auto& [id, load] : loads) on_their_way += load.on_their_way;
  const std::string first = std::exchange(last_, {});
  std::string at = first;
  bool is_second_half = first.empty();
  while (on_their_way + claimed.parcels.size() < kAtOnce) {
    const auto waiting = rows_.next_waiting(at);
    if (!waiting) return std::unexpected(waiting.error());
    const bool is_end =
        !*waiting || (is_second_half && !first.empty() && (*waiting)->webhook_id > first);
    if (is_end && is_second_half) return claimed;
    if (is_end) {
      is_second_half = true;
      at.clear();
      continue;
    }
    at = (*waiting)->webhook_id;
    if ((*waiting)->due_at > clock_.now()) {
      sooner(claimed.next, (*waiting)->due_at);
      continue;
    }
    const auto load = loads.find(at);
    if (auto done = claim_of(**waiting, load == loads.end() ? Load() : load->second, claimed);
        !done) {
      return std::unexpected(done.error());
    }
  }
  last_ = at;  // there is no more room; what comes back makes some
  return claimed;
}

Result<> Outbox::claim_of(const store::Waiting& waiting, const Load& load, Claimed& claimed) {
  const std::size_t most = load.hangs ? 1 : kOfOne;
  if (load.on_their_way >= most) return {};
  const auto target = targets_.target(waiting.webhook_id);
  if (!target && target.error().code == ErrorCode::unavailable) {
    return std::unexpected(target.error());
  }
  const std::size_t limit = target ? most - load.on_their_way : kLeftAtOnce;
  auto due = rows_.due(waiting.webhook_id, clock_.now(), limit);
  if (!due) return std::unexpected(due.error());
  const bool may_be_more = due->size() == limit;
  for (store::DeliveryRow& row : *due) {
    if (auto done = claim_one(std::move(row), target, claimed); !done) return done;
  }
  if (!target && may_be_more) sooner(claimed.next, clock_.now());
  return {};
}

Result<> Outbox::claim_one(store::DeliveryRow row, const Result<Target>& target, Claimed& claimed) {
  std::optional<Shares::Share> place;
  if (target) {
    place = places_->take(target->environment_id, 1);
    if (!place) return {};  // what comes back makes room
  }
  const auto ours = rows_.claim(row, node_, clock_.now() + kClaim);
  if (!ours) return std::unexpected(ours.error());
  if (!*ours) return {};
  if (!target) {
    leave(std::move(row), target.error());
    return {};
  }
  auto payload = open_payload(vault_, row, target->environment_id);
  if (!payload) {
    leave(std::move(row), payload.error());
    return {};
  }
  claimed.parcels.push_back({.row = std::move(row),
                             .target = *target,
                             .payload = std::move(*payload),
                             .place = std::move(*place)});
  return {};
}

// What cannot be written now comes again when its claim is over.
void Outbox::leave(store::DeliveryRow row, const Error& why) {
  static_cast<void>(settle(row, {.outcome = Attempt::Outcome::not_sent,
                                 .at = clock_.now(),
                                 .status = {},
                                 .error = why.message}));
}

Result<> Outbox::settle(store::DeliveryRow& row, const Attempt& attempt) {
  record(row, attempt, chance());
  // First, so that nothing else is sent there.
  if (attempt.outcome == Attempt::Outcome::gone) targets_.gone(row.webhook_id);
  const auto finished = rows_.finish(row);
  return finished ? Result<>() : std::unexpected(finished.error());
}

Result<> Outbox::release() {
  const auto released = rows_.release_claims(clock_.now());
  return released ? Result<>() : std::unexpected(released.error());
}

Result<> Outbox::tidy() {
  while (true) {
    const auto gone = rows_.delete_deliveries(clock_.now() - kKept, kTidiedAtOnce);
    if (!gone) return std::unexpected(gone.error());
    if (*gone < static_cast<std::int64_t>(kTidiedAtOnce)) return {};
  }
}

}  // namespace patchbay::webhooks
