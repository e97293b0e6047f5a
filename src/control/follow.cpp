// What other nodes change in the same database: each change is told by its revision, and what is
// held of it is looked at again.
#include <limits>
#include <utility>

#include "control/state.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kChangesAtOnce = 1'000;
constexpr std::chrono::milliseconds kPatience{1'000};

}  // namespace

Result<> ControlPlane::catch_up() {
  const auto caught_up = [&] {
    const MutexLock lock(impl_->catching_up);
    return impl_->catch_up();
  }();
  impl_->tell_news();
  return caught_up;
}

void ControlPlane::Impl::wake_timer() {
  const MutexLock lock(callbacks_mutex);
  if (expiry_callback) expiry_callback();
}

void ControlPlane::Impl::tell_news() {
  // Under its lock, so that nobody looks at the trust and misses this before it waits.
  const MutexLock lock(news_mutex);
  news.notify_all();
}

void ControlPlane::followed() {
  impl_->is_followed = true;
}

Result<> ControlPlane::make_sure() {
  Trust& trust = impl_->holder.trust;
  if (trust.state() == Trust::Is::doubtful && !impl_->is_followed) {
    const MutexLock lock(impl_->catching_up);
    // Many may wait for the same answer; the first one asks.
    if (trust.state() == Trust::Is::doubtful) static_cast<void>(impl_->catch_up());
  }
  if (trust.state() == Trust::Is::doubtful) impl_->wait_for_news();
  if (trust.state() == Trust::Is::good) return {};
  return fail(ErrorCode::unavailable,
              "The database does not answer, and what this node knows of it is too old.",
              "Try again shortly.");
}

// A database that says nothing at all keeps its thread for longer than a caller should wait: that
// is an answer as well.
void ControlPlane::Impl::wait_for_news() {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  const MutexLock lock(news_mutex);
  while (holder.trust.state() == Trust::Is::doubtful) {
    if (!news.wait_until(news_mutex, until)) {
      holder.trust.note_failure();
      return;
    }
  }
}

void ControlPlane::confirm(Trust::Time asked) {
  impl_->holder.trust.confirm(asked);
  impl_->tell_news();
}

void ControlPlane::beat() {
  impl_->holder.trust.beat();
}

Trust::Time ControlPlane::now() const {
  return impl_->holder.trust.now();
}

Result<> ControlPlane::Impl::catch_up() {
  while (true) {
    const Trust::Time asked = holder.trust.now();
    const auto refused = [&](const Error& error) {
      holder.trust.note_failure();
      return std::unexpected(error);
    };
    const auto since = repository.changes_since(seen_revision, kChangesAtOnce);
    if (!since) return refused(since.error());
    if (const auto* forgotten = std::get_if<store::Forgotten>(&*since)) {
      if (auto looked = look_at_all_again(); !looked) return refused(looked.error());
      seen_revision = forgotten->revision;
      continue;
    }
    const std::vector<store::Change>& told = std::get<store::Changes>(*since).changes;
    for (const store::Change& one : told) {
      if (auto looked = look_at(one.kind, one.id, one.revision); !looked) {
        return refused(looked.error());
      }
      seen_revision = one.revision;
    }
    if (told.size() < kChangesAtOnce) {
      holder.trust.confirm(asked);
      // What it could not be told before is written now.
      if (unwritten.any()) wake_timer();
      return {};
    }
  }
}

Result<> ControlPlane::Impl::look_at(store::Kind kind, std::string_view id, std::int64_t revision) {
  switch (kind) {
    case store::Kind::environment:
      return look_at_environment(id);
    case store::Kind::api_token:
      return look_at_token(id, revision);
    case store::Kind::account:
      return look_at_account(id, revision);
    case store::Kind::mcp_server:
      return look_at_server(id, revision);
    case store::Kind::definition:
      if (options.definition_changed) options.definition_changed();
      return {};
  }
  return {};
}

Result<> ControlPlane::Impl::look_at_all_again() {
  constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
  std::vector<std::pair<store::Kind, std::string>> all;
  {
    const MutexLock lock(holding);
    // Accounts first: a server is derived with the connection that is there.
    for (const auto& [id, one] : held.accounts) all.emplace_back(store::Kind::account, id);
    for (const auto& [id, one] : held.servers) all.emplace_back(store::Kind::mcp_server, id);
    for (const auto& [id, one] : held.tokens) all.emplace_back(store::Kind::api_token, id);
  }
  for (const auto& [kind, id] : all) {
    if (auto looked = look_at(kind, id, kAny); !looked) return looked;
  }
  if (options.definition_changed) options.definition_changed();
  return {};
}

namespace {

// Whether what is held of that row is there, and older.
template <class T>
bool is_older(const ById<T>& all, std::string_view id, std::int64_t revision, auto version_of) {
  const auto found = all.find(id);
  return found != all.end() && version_of(found->second) < revision;
}
constexpr auto kVersionOfRow = [](const auto& one) { return one.row.version; };
constexpr auto kVersion = [](const auto& one) { return one.version; };

}  // namespace

// Each reads without the lock, and touches the row first: who is reading it reads it again.
Result<> ControlPlane::Impl::look_at_server(std::string_view id, std::int64_t revision) {
  {
    const MutexLock lock(holding);
    touch(id);
    if (!is_older(held.servers, id, revision, kVersionOfRow)) return {};
  }
  auto row = stored_server(id);
  if (!row) return std::unexpected(std::move(row.error()));
  Result<std::shared_ptr<const upstream::Account>> account = nullptr;
  if (*row) account = open_connection((*row)->account_id);
  if (!account && account.error().code == ErrorCode::unavailable) {
    return std::unexpected(account.error());
  }
  Change change(*this);
  if (!*row) return drop_server(id, change), Result<>();
  if (!is_older(held.servers, id, (*row)->version, kVersionOfRow)) return {};
  auto live = account ? derive_server(**row, *account) : std::unexpected(account.error());
  if (!live) {
    report("MCP server " + (*row)->id + ": " + live.error().message);
    return drop_server(id, change), Result<>();
  }
  hold_server(std::move(**row), std::move(*live), change);
  return {};
}

Result<> ControlPlane::Impl::look_at_token(std::string_view id, std::int64_t revision) {
  {
    const MutexLock lock(holding);
    touch(id);
    if (!is_older(held.tokens, id, revision, kVersion)) return {};
  }
  const auto row = stored_api_token(id);
  if (!row) return std::unexpected(row.error());
  Change change(*this);
  if (!*row) return drop_api_token(id, change), Result<>();
  if (is_older(held.tokens, id, (*row)->version, kVersion)) hold_api_token(**row, change);
  return {};
}

Result<> ControlPlane::Impl::look_at_account(std::string_view id, std::int64_t revision) {
  {
    const MutexLock lock(holding);
    touch(id);
    if (!is_older(held.accounts, id, revision, kVersionOfRow)) return {};
  }
  auto row = stored_account(id);
  if (!row) return std::unexpected(std::move(row.error()));
  Change change(*this);
  if (!*row) return drop_account(id, change), Result<>();
  if (!is_older(held.accounts, id, (*row)->version, kVersionOfRow)) return {};
  const auto before = held.accounts.find(id)->second.live.lock();
  // Nobody has it any more.
  if (before == nullptr) return held.accounts.erase(held.accounts.find(id)), Result<>();
  const auto live = connection_of(**row);
  if (!live) {
    // Sealed by a key that this node does not have yet, as a rule: what was opened before goes on.
    report("Integrated account " + (*row)->id + ": " + live.error().message);
    change.only_read = true;
    held.accounts.find(id)->second.row = std::move(**row);
    return {};
  }
  remember_account(std::move(**row), *live == before ? nullptr : *live, change);
  return {};
}

Result<> ControlPlane::Impl::look_at_environment(std::string_view id) {
  {
    const MutexLock lock(holding);
    touch(id);
  }
  const auto row = stored_environment(id);
  if (!row) return std::unexpected(row.error());
  if (*row) return {};
  Change change(*this);
  drop_environment(id, change);
  return {};
}

}  // namespace patchbay::control
