// What calls ask for and is not held is read once, however many calls wait for it: who comes second
// finds it held.
#include <utility>

#include "control/state.h"

namespace patchbay::control {
namespace {

// So often a row is read without the lock; then with it, whatever else changes meanwhile.
constexpr int kFreeTries = 3;

}  // namespace

bool ControlPlane::may_be_stored(const vault::TokenHash& hash) const {
  return !impl_->absent.has(hash, impl_->holder.trust.now());
}

Result<> ControlPlane::read_mcp_server(const vault::TokenHash& hash) {
  return impl_->read_server(hash);
}

Result<> ControlPlane::read_api_token(const vault::TokenHash& hash) {
  return impl_->read_token(hash);
}

bool ControlPlane::may_be_unread(std::string_view api_token) const {
  const auto token = vault::Token::parse(vault::TokenKind::api, api_token);
  if (!token) return false;
  if (impl_->holder.trust.state() != Trust::Is::good) return true;
  const vault::TokenHash hash = impl_->vault->hash(*token);
  return impl_->holder.current()->find_api_token(hash) == nullptr && may_be_stored(hash);
}

Result<> ControlPlane::read_api_token(std::string_view api_token) {
  const auto token = vault::Token::parse(vault::TokenKind::api, api_token);
  if (!token) return {};
  if (auto sure = make_sure(); !sure) return sure;
  return impl_->read_token(impl_->vault->hash(*token));
}

Result<> ControlPlane::Impl::read_server(const vault::TokenHash& hash) {
  for (int tries = 0;; ++tries) {
    const std::uint64_t before = changes_made;
    Maybe<store::McpServerRow> row;
    if (tries < kFreeTries) {
      if (holder.current()->find_server(hash) != nullptr) return {};
      row = stored_server(hash);
    }
    Change change(*this);
    change.only_read = true;
    if (holder.current()->find_server(hash) != nullptr) return {};
    if (tries == kFreeTries) {
      row = stored_server(hash);
    } else if (changes_made != before) {
      continue;  // a change in between may have been of this row
    }
    if (!row) return std::unexpected(std::move(row.error()));
    if (!*row || is_over((*row)->expires_at)) {
      absent.add(hash, holder.trust.now());
      return {};
    }
    const auto account = connection_of((*row)->account_id);
    auto live = account ? derive_server(**row, *account) : std::unexpected(account.error());
    if (!live) {
      if (live.error().code == ErrorCode::unavailable) return std::unexpected(live.error());
      absent.add(hash, holder.trust.now());
      report("MCP server " + (*row)->id + ": " + live.error().message);
      return {};
    }
    hold_server(std::move(**row), std::move(*live), change);
    change.expiry_changed = false;
    return {};
  }
}

Result<> ControlPlane::Impl::read_token(const vault::TokenHash& hash) {
  for (int tries = 0;; ++tries) {
    const std::uint64_t before = changes_made;
    Maybe<store::ApiTokenRow> row;
    if (tries < kFreeTries) {
      if (holder.current()->find_api_token(hash) != nullptr) return {};
      row = stored_api_token(hash);
    }
    Change change(*this);
    change.only_read = true;
    if (holder.current()->find_api_token(hash) != nullptr) return {};
    if (tries == kFreeTries) {
      row = stored_api_token(hash);
    } else if (changes_made != before) {
      continue;
    }
    if (!row) return std::unexpected(std::move(row.error()));
    if (!*row || is_over((*row)->expires_at)) {
      absent.add(hash, holder.trust.now());
      return {};
    }
    hold_api_token(**row, change);
    change.expiry_changed = false;
    return {};
  }
}

}  // namespace patchbay::control
