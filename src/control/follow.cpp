// What other nodes change in the same database: each change is told by its revision, and what is
// held of it is looked at again.
#include <set>
#include <utility>

#include "control/state.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kAtOnce = 1'000;
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
    const auto since = repository.changes_since(seen_revision, kAtOnce);
    if (!since) return refused(since.error());
    if (const auto* forgotten = std::get_if<store::Forgotten>(&*since)) {
      if (auto looked = look_at_all_again(); !looked) return refused(looked.error());
      seen_revision = forgotten->revision;
      continue;
    }
    const std::vector<store::Change>& news = std::get<store::Changes>(*since).changes;
    if (!news.empty()) {
      if (auto applied = apply(news); !applied) return refused(applied.error());
      seen_revision = news.back().revision;
    }
    if (news.size() < kAtOnce) {
      holder.trust.confirm(asked);
      return {};
    }
  }
}

Result<> ControlPlane::Impl::apply(const std::vector<store::Change>& news) {
  Change change(*this);
  change.expiry_changed = true;  // another node may have brought a nearer one
  std::set<std::pair<store::Kind, std::string_view>> seen;
  for (const store::Change& one : news) {
    if (!seen.emplace(one.kind, one.id).second) continue;
    Result<> looked;
    switch (one.kind) {
      case store::Kind::environment:
        looked = look_at_environment(one.id, change);
        break;
      case store::Kind::api_token:
        looked = look_at_token(one.id, change);
        break;
      case store::Kind::account:
        looked = look_at_account(one.id, change);
        break;
      case store::Kind::mcp_server:
        looked = look_at_server(one.id, change);
        break;
    }
    if (!looked) return looked;
  }
  return {};
}

Result<> ControlPlane::Impl::look_at_all_again() {
  Change change(*this);
  change.expiry_changed = true;
  const auto ids_of = [](const auto& all) {
    std::vector<std::string> ids;
    for (const auto& [id, one] : all) ids.push_back(id);
    return ids;
  };
  // Accounts first: a server is derived with the connection that is there.
  for (const std::string& id : ids_of(held.accounts)) {
    if (auto looked = look_at_account(id, change); !looked) return looked;
  }
  for (const std::string& id : ids_of(held.servers)) {
    if (auto looked = look_at_server(id, change); !looked) return looked;
  }
  for (const std::string& id : ids_of(held.tokens)) {
    if (auto looked = look_at_token(id, change); !looked) return looked;
  }
  return {};
}

Result<> ControlPlane::Impl::look_at_server(std::string_view id, Change& change) {
  const auto found = held.servers.find(id);
  if (found == held.servers.end()) return {};
  auto row = stored_server(id);
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row) return drop_server(id, change), Result<>();
  if ((*row)->version == found->second.row.version) return {};
  const auto account = connection_of((*row)->account_id);
  if (!account && account.error().code == ErrorCode::unavailable) {
    return std::unexpected(account.error());
  }
  auto live = account ? derive_server(**row, *account) : std::unexpected(account.error());
  if (!live) {
    report("MCP server " + (*row)->id + ": " + live.error().message);
    return drop_server(id, change), Result<>();
  }
  hold_server(std::move(**row), std::move(*live), change);
  return {};
}

Result<> ControlPlane::Impl::look_at_token(std::string_view id, Change& change) {
  const auto found = held.tokens.find(id);
  if (found == held.tokens.end()) return {};
  const auto row = stored_api_token(id);
  if (!row) return std::unexpected(row.error());
  if (!*row) return drop_api_token(id, change), Result<>();
  if ((*row)->version != found->second.version) hold_api_token(**row, change);
  return {};
}

Result<> ControlPlane::Impl::look_at_account(std::string_view id, Change& change) {
  const auto found = held.accounts.find(id);
  if (found == held.accounts.end()) return {};
  auto row = stored_account(id);
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row) return drop_account(id, change), Result<>();
  if ((*row)->version == found->second.row.version) return {};
  const auto before = found->second.live.lock();
  if (before == nullptr) return held.accounts.erase(found), Result<>();
  auto live = connection_of(**row);
  if (!live) {
    report("Integrated account " + (*row)->id + ": " + live.error().message);
    return drop_account(id, change), Result<>();
  }
  remember_account(std::move(**row), *live == before ? nullptr : *live, change);
  return {};
}

Result<> ControlPlane::Impl::look_at_environment(std::string_view id, Change& change) {
  const auto row = stored_environment(id);
  if (!row) return std::unexpected(row.error());
  if (!*row) drop_environment(id, change);
  return {};
}

}  // namespace patchbay::control
