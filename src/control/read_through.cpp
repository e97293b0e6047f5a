// What calls ask for and is not held is read once, however many calls wait for it: who comes second
// finds it held.
#include <utility>

#include "control/state.h"

namespace patchbay::control {
bool ControlPlane::may_be_stored(const vault::TokenHash& hash) const {
  return !impl_->absent.has(hash, impl_->holder.trust.now());
}

Result<> ControlPlane::read_mcp_server(const vault::TokenHash& hash) {
  return impl_->read_server(hash);
}

Result<ControlPlane::Live> ControlPlane::live_server(std::string_view id) {
  const auto gone = [] {
    return fail(ErrorCode::conflict, "Its MCP server is gone, or cannot be used.");
  };
  if (auto sure = make_sure(); !sure) return std::unexpected(sure.error());
  const auto row = impl_->stored_server(id);
  if (!row) return std::unexpected(row.error());
  if (!*row || impl_->is_over((*row)->expires_at)) return gone();
  if (auto read = impl_->read_server((*row)->hash); !read) return std::unexpected(read.error());
  auto server = impl_->holder.current()->find_server((*row)->hash);
  if (server == nullptr) return gone();
  return Live{.hash = (*row)->hash, .server = std::move(server)};
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

// What is read without the lock is put into memory unless it was changed meanwhile.
Result<> ControlPlane::Impl::read_server(const vault::TokenHash& hash) {
  while (true) {
    if (holder.current()->find_server(hash) != nullptr) return {};
    const std::uint64_t before = touched_by_now();
    auto row = stored_server(hash);
    if (!row) return std::unexpected(std::move(row.error()));
    if (!*row || is_over((*row)->expires_at)) {
      absent.add(hash, holder.trust.now());
      return {};
    }
    const auto account = open_connection((*row)->account_id);
    Change change(*this);
    change.only_read = true;
    if (touched_since(before, **row)) continue;
    // Who comes second finds it there.
    if (holder.current()->find_server(hash) != nullptr) return {};
    auto live = account ? derive_server(**row, *account) : std::unexpected(account.error());
    if (!live) {
      if (live.error().code == ErrorCode::unavailable) return std::unexpected(live.error());
      absent.add(hash, holder.trust.now());
      // Its row only stands there until it goes after its account.
      if (live.error().code != ErrorCode::not_found) {
        report("MCP server " + (*row)->id + ": " + live.error().message);
      }
      return {};
    }
    hold_server(std::move(**row), std::move(*live), change);
    change.expiry_changed = false;
    return {};
  }
}

Result<> ControlPlane::Impl::read_token(const vault::TokenHash& hash) {
  while (true) {
    if (holder.current()->find_api_token(hash) != nullptr) return {};
    const std::uint64_t before = touched_by_now();
    auto row = stored_api_token(hash);
    if (!row) return std::unexpected(std::move(row.error()));
    if (!*row || is_over((*row)->expires_at)) {
      absent.add(hash, holder.trust.now());
      return {};
    }
    Change change(*this);
    change.only_read = true;
    if (touched_since(before, **row)) continue;
    if (holder.current()->find_api_token(hash) != nullptr) return {};
    hold_api_token(**row, change);
    change.expiry_changed = false;
    return {};
  }
}

}  // namespace patchbay::control
