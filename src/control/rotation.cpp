// A new token for an MCP server, and the one before it, which may open it for a while longer.
//
// Where there is no such while, a rotation takes something away, and holds also where the database
// cannot be written. Where there is, it is a change like any other.
#include <algorithm>
#include <utility>

#include "control/state.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kOverlapsAtOnce = 100;  // overlaps that end, between which calls go on

}  // namespace

Result<Minted<store::McpServerRow>> ControlPlane::rotate_mcp_server(const Principal& principal,
                                                                    std::string_view account_id,
                                                                    std::string_view id,
                                                                    std::chrono::seconds overlap) {
  const MutexLock turn(impl_->changing);
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  auto found = impl_->find_server(principal, account_id, id);
  if (!found) return std::unexpected(found.error());
  vault::Token token = vault::Token::generate(vault::TokenKind::mcp_server);
  store::McpServerRow row = std::move(*found);
  const WallTime now = impl_->clock.now();
  // The one before the old one ends with this: there are never more than two.
  row.previous.reset();
  if (overlap.count() > 0) {
    row.previous = store::PreviousToken{.hash = row.hash, .expires_at = now + overlap};
  }
  row.hash = impl_->vault->hash(token);
  row.updated_at = now;
  const Result<> updated = impl_->update(row);
  if (row.previous && !updated) return std::unexpected(updated.error());
  const auto revoked =
      impl_->revoke(updated, {store::Revocation::Kind::mcp_url, std::string(id)}, row);
  if (!revoked) return std::unexpected(revoked.error());
  Change change(*impl_);
  // The timer tries again, or has another end to wait for.
  change.expiry_changed = !revoked->on_disk || row.previous.has_value();
  // Out of memory by its old URL, if it is there; the new one is read when it is used.
  if (auto live = impl_->with_same_tools(row)) impl_->hold_server(row, std::move(live), change);
  return Minted<store::McpServerRow>{std::move(row), std::move(token), revoked->on_disk};
}

// Nobody is let in by them any more in any case (McpServer::opens_by). They go from the database,
// so that no clock that is set back brings them to life.
Result<> ControlPlane::Impl::end_overlaps(WallTime until) {
  while (true) {
    auto rows = repository.overlaps_until(until, kOverlapsAtOnce);
    if (!rows) return std::unexpected(rows.error());
    for (store::McpServerRow& row : *rows) {
      const MutexLock turn(changing);
      time_kept.reset();
      // What somebody has altered is not to be signed for them.
      const bool is_ours = is_as_signed(*vault, row);
      row.previous.reset();
      const Result<> updated = is_ours ? update(row) : repository.update(row);
      using enum ErrorCode;
      // Another node, or a change, was faster: the next look tells.
      if (!updated && updated.error().code != conflict && updated.error().code != not_found) {
        return updated;
      }
      if (!updated || !is_ours) continue;
      Change change(*this);
      if (auto live = with_same_tools(row)) hold_server(row, std::move(live), change);
      change.expiry_changed = false;  // who calls this asks for the next one
    }
    if (rows->size() < kOverlapsAtOnce) return {};
  }
}

}  // namespace patchbay::control
