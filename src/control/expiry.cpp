// What is over is over: at its moment, after a restart, and with the clock set back.
//
// The latest time that was seen counts (high_water.h), until all that is over by it is deleted. The
// database keeps it (sealed, once a minute and whenever something expires), and a start goes by it
// where the clock says less.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "control/state.h"
#include "control/tidings.h"

namespace patchbay::control {
namespace {

constexpr std::chrono::seconds kRetry{5};  // when the database is away
// What expired in one commit, between which calls go on.
constexpr std::size_t kExpiredAtOnce = 500;
constexpr std::chrono::minutes kKeepTime{1};  // how often the time is written, at least
constexpr std::string_view kTimeSeen = "time_seen";
constexpr std::string_view kTimeSeenPlace = "instance_secret/time_seen";

}  // namespace

Result<> ControlPlane::Impl::end_what_is_over(std::vector<std::string>& problems) {
  if (auto written = write_noted(); !written) return written;
  const auto stored = repository.secret(kTimeSeen);
  if (!stored) return std::unexpected(stored.error());
  if (*stored) {
    const MutexLock lock(changing);
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
  if (auto gone = expire_until(clock.now()); !gone) return gone;
  clock.let_go();
  const MutexLock lock(changing);
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

// Gone from memory in any case; the rows go as soon as the database is back, and are over until
// then.
Result<> ControlPlane::Impl::expire_until(WallTime now) {
  {
    std::vector<std::string> servers;
    std::vector<std::string> tokens;
    Change change(*this);
    for (const auto& [id, one] : held.servers) {
      if (one.row.expires_at && *one.row.expires_at <= now) servers.push_back(id);
    }
    for (const auto& [id, one] : held.tokens) {
      if (one.expires_at && *one.expires_at <= now) tokens.push_back(id);
    }
    for (const std::string& id : servers) drop_server(id, change);
    for (const std::string& id : tokens) drop_api_token(id, change);
    change.expiry_changed = false;  // who calls this learns it from what it returns
    change.only_read = servers.empty() && tokens.empty();
  }
  auto gone = delete_expired(now);
  if (gone) gone = end_overlaps(now);
  if (!gone && gone.error().code == ErrorCode::unavailable) {
    using Kind = store::Revocation::Kind;
    unwritten.add({Kind::expired, std::to_string(now.time_since_epoch().count())});
  }
  return gone;
}

Result<> ControlPlane::Impl::delete_expired(WallTime until) {
  // The transaction may be tried again: what it looked at, and then what it deleted.
  std::map<std::string, store::McpServerRow> seen;
  const auto tell = [&](const store::McpServerRow& row) -> std::optional<store::Message> {
    if (options.expired) seen.insert_or_assign(row.id, row);
    if (!is_as_signed(*vault, row)) return std::nullopt;
    return tell_expired(*vault, row, clock.now());
  };
  while (true) {
    const auto gone = repository.delete_expired(until, kExpiredAtOnce, tell);
    if (!gone) return std::unexpected(gone.error());
    if (!gone->empty()) {
      const MutexLock lock(changing);
      time_kept.reset();
    }
    for (const store::Expired& each : *gone) {
      if (each.kind == store::Kind::mcp_server) {
        approvals->end_those_of(each.id, "Its MCP server has expired.");
      }
      const auto row = seen.find(each.id);
      if (row != seen.end()) options.expired(row->second);
    }
    seen.clear();
    if (gone->size() < kExpiredAtOnce) return {};
  }
}

// What cannot be told now is told by the next look: it is marked in the commit that tells.
std::optional<WallTime> ControlPlane::Impl::tell_of_expiry(WallTime now) const {
  const std::chrono::seconds notice = expiry_notice.load();
  if (notice.count() == 0) return std::nullopt;
  const auto wanted = repository.webhooks().anybody_hears_of_expiry();
  if (!wanted) return now + kRetry;
  if (!*wanted) return std::nullopt;
  const auto tell = [&](const store::McpServerRow& row) -> std::optional<store::Message> {
    if (!is_as_signed(*vault, row) || is_over(row.expires_at)) return std::nullopt;
    return tell_expiring(*vault, row, now);
  };
  while (true) {
    // Mostly there is nothing, which costs no commit.
    const auto nearest = repository.nearest_untold_expiry();
    if (!nearest) return now + kRetry;
    if (!*nearest) return std::nullopt;
    if (**nearest > now + notice) return **nearest - notice;
    const auto told = repository.tell_of_expiry(now + notice, kExpiredAtOnce, tell);
    if (!told) return now + kRetry;
  }
}

std::optional<WallTime> ControlPlane::expire() {
  Impl& impl = *impl_;
  impl.write_unwritten();
  const WallTime now = impl.clock.now();
  const Result<> gone = impl.expire_until(now);
  impl.keep_first_use();
  impl.approvals->tidy();
  const auto next_notice = impl.tell_of_expiry(impl.clock.now());
  if (gone) impl.clock.let_go();
  {
    const MutexLock lock(impl.changing);
    impl.keep_time(impl.clock.now());
  }
  const auto remains = impl.repository.delete_remains(kExpiredAtOnce);
  const auto nearest = impl.repository.nearest_expiry();
  std::optional<WallTime> next = nearest ? *nearest : now + kRetry;
  if (!gone || impl.unwritten.any()) next = std::min(next.value_or(WallTime::max()), now + kRetry);
  // Between two parts of a large deletion others have their turn.
  if (!remains || *remains) {
    next = std::min(next.value_or(WallTime::max()),
                    now + (remains ? std::chrono::milliseconds(0) : kRetry));
  }
  if (next_notice) next = std::min(next.value_or(WallTime::max()), *next_notice);
  // What is over and could not be deleted is not asked for without a pause.
  if (next && *next <= now) next = now + (gone ? std::chrono::milliseconds(0) : kRetry);
  return next;
}

const Clock& ControlPlane::clock() const {
  return impl_->clock;
}

}  // namespace patchbay::control
