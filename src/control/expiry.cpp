// What is over is over: at its moment, after a restart, and with the clock set back.
//
// The latest time that was seen counts (high_water.h), until all that is over by it is deleted. The
// database keeps it (sealed, once a minute and whenever something expires), and a start goes by it
// where the clock says less.
#include <algorithm>

#include "base/text.h"
#include "control/state.h"

namespace patchbay::control {
namespace {

constexpr std::chrono::seconds kRetry{5};     // when the database is away
constexpr std::chrono::minutes kKeepTime{1};  // how often the time is written, at least
constexpr std::string_view kTimeSeen = "time_seen";
constexpr std::string_view kTimeSeenPlace = "instance_secret/time_seen";

}  // namespace

Result<> ControlPlane::Impl::end_what_is_over(std::vector<std::string>& problems) {
  if (auto written = write_noted(); !written) return written;
  const auto stored = repository.secret(kTimeSeen);
  if (!stored) return std::unexpected(stored.error());
  if (*stored) {
    const auto text = vault->unseal(**stored, kTimeSeenPlace);
    const auto millis = text ? parse_int64(text->reveal()) : std::nullopt;
    if (millis) {
      time_kept = WallTime(std::chrono::milliseconds(*millis));
      clock.raise(*time_kept);
    } else {
      problems.emplace_back(
          "The database does not tell any more what time it was (the row was altered): what "
          "expired is only known by the clock.");
    }
    if (!vault->seals_with_current(**stored, kTimeSeenPlace)) time_kept.reset();
  }
  const WallTime latest = clock.now();
  if (auto gone = repository.delete_expired_mcp_servers(latest); !gone) {
    return std::unexpected(gone.error());
  }
  const auto tokens = repository.api_tokens();
  if (!tokens) return std::unexpected(tokens.error());
  for (const store::ApiTokenRow& row : *tokens) {
    if (!row.expires_at || *row.expires_at > latest) continue;
    if (auto gone = repository.delete_api_token(row.id); !gone) return gone;
  }
  clock.let_go();
  keep_time(clock.now());
  return {};
}

// A failure is no harm but after the next one: the time that is kept is older then.
void ControlPlane::Impl::keep_time(WallTime now) {
  if (time_kept && *time_kept <= now && now < *time_kept + kKeepTime) return;
  const vault::SealedBytes sealed =
      vault->seal(Secret(std::to_string(now.time_since_epoch().count())), kTimeSeenPlace);
  auto kept = repository.update_secret(kTimeSeen, sealed);
  if (!kept && kept.error().code == ErrorCode::not_found) {
    kept = repository.insert_secret(kTimeSeen, sealed);
  }
  if (kept) time_kept = now;
}

void ControlPlane::Impl::expire_until(WallTime now, Change& change) {
  const auto deleted = repository.delete_expired_mcp_servers(now);
  const Result<> servers = deleted ? Result<>() : std::unexpected(deleted.error());
  if (!expiries.empty() && expiries.begin()->first <= now) time_kept.reset();
  while (!expiries.empty() && expiries.begin()->first <= now) {
    using Kind = store::Revocation::Kind;
    const std::string id = expiries.begin()->second;
    // Gone from memory in any case; the row goes as soon as the database is back.
    if (rows.read().servers.contains(id)) {
      static_cast<void>(revoke(servers, {Kind::mcp_server, id}, change));
      drop_server(id, change);
    } else {
      static_cast<void>(revoke(repository.delete_api_token(id), {Kind::api_token, id}, change));
      drop_api_token(id, change);
    }
  }
}

std::optional<WallTime> ControlPlane::expire() {
  Change change(*impl_);
  const WallTime now = impl_->clock.now();
  impl_->write_unwritten();
  impl_->expire_until(now, change);
  impl_->keep_first_use();
  // Also what the database could not take is noted by now.
  impl_->clock.let_go();
  impl_->keep_time(impl_->clock.now());
  change.expiry_changed = false;  // who calls this learns it from the return value
  std::optional<WallTime> next;
  if (!impl_->expiries.empty()) next = impl_->expiries.begin()->first;
  if (!impl_->unwritten.empty()) next = std::min(next.value_or(WallTime::max()), now + kRetry);
  return next;
}

const Clock& ControlPlane::clock() const {
  return impl_->clock;
}

}  // namespace patchbay::control
