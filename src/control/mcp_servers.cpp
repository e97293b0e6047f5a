// MCP servers: minting, changing, rotating, expiring.
#include <algorithm>

#include "base/random.h"
#include "control/members.h"
#include "control/state.h"

namespace patchbay::control {
namespace {

constexpr std::chrono::seconds kRetryExpiry{5};  // when the database is away

}  // namespace

Result<Minted<store::McpServerRow>> ControlPlane::create_mcp_server(const Principal& principal,
                                                                    std::string_view account_id,
                                                                    NewMcpServer server) {
  Impl& impl = *impl_;
  std::optional<Change> change;
  store::McpServerRow row;
  vault::Token token = vault::Token::generate(vault::TokenKind::mcp_server);
  {
    const Writing writing(impl.rows);
    const auto account = impl.find_account(principal, account_id);
    if (!account) return std::unexpected(account.error());
    const json::Value given_name(std::move(server.name));
    auto name = read_name(&given_name, "name");
    if (!name) return std::unexpected(name.error());
    if (!server.config.is_null() && !server.config.is_object()) {
      return fail(ErrorCode::invalid_argument, "'config' must be an object.");
    }
    if (auto ahead = impl.check_expiry(server.expires_at); !ahead) {
      return std::unexpected(ahead.error());
    }
    if (!(*account)->live) {
      return fail(ErrorCode::conflict,
                  "The integrated account cannot be used: " + (*account)->problem);
    }
    row.id = random_id("mcp");
    row.account_id = account_id;
    row.environment_id = (*account)->row.environment_id;
    row.name = std::move(*name);
    row.config = json::Object{};
    if (const json::Object* const config = server.config.if_object()) {
      row.config = merge_shallowly(std::move(row.config), *config);
    }
    row.hash = impl.vault->hash(token);
    row.expires_at = server.expires_at;
    row.created_by = principal.token_id;
    row.created_at = row.updated_at = impl.clock.now();
    auto live = impl.derive_server(row, (*account)->live);
    if (!live) return std::unexpected(live.error());
    if (auto inserted = impl.repository.insert(row); !inserted) {
      return std::unexpected(inserted.error());
    }
    change.emplace(impl.begin_change());
    impl.put_server(row, std::move(*live), {}, *change);
    impl.publish(*change);
  }
  impl.announce(*change);
  return Minted<store::McpServerRow>{std::move(row), std::move(token)};
}

Result<store::McpServerRow> ControlPlane::mcp_server(const Principal& principal,
                                                     std::string_view account_id,
                                                     std::string_view id) const {
  const Reading reading(impl_->rows);
  const auto found = impl_->find_server(principal, account_id, id);
  if (!found) return std::unexpected(found.error());
  return (*found)->row;
}

Result<std::vector<store::McpServerRow>> ControlPlane::mcp_servers(const Principal& principal,
                                                                   std::string_view account_id,
                                                                   const Page& page) const {
  const Reading reading(impl_->rows);
  const auto account = impl_->find_account(principal, account_id);
  if (!account) return std::unexpected(account.error());
  std::vector<const store::McpServerRow*> rows;
  for (const std::string& id : (*account)->servers) {
    // find_server leaves out what has expired.
    if (const auto found = impl_->find_server(principal, account_id, id)) {
      rows.push_back(&(*found)->row);
    }
  }
  return take_page(std::move(rows), page);
}

Result<store::McpServerRow> ControlPlane::update_mcp_server(const Principal& principal,
                                                            std::string_view account_id,
                                                            std::string_view id,
                                                            const json::Object& patch) {
  if (auto known = only_known_members(patch, "", {"name", "config", "expires_at"}); !known) {
    return std::unexpected(known.error());
  }
  Impl& impl = *impl_;
  std::optional<Change> change;
  store::McpServerRow row;
  {
    const Writing writing(impl.rows);
    const auto found = impl.find_server(principal, account_id, id);
    if (!found) return std::unexpected(found.error());
    const ServerEntry& entry = **found;
    row = entry.row;
    if (const json::Value* const value = patch.find("name")) {
      auto name = read_name(value, "name");
      if (!name) return std::unexpected(name.error());
      row.name = std::move(*name);
    }
    if (const json::Value* const value = patch.find("expires_at")) {
      const auto expires_at = read_optional_time(*value, "expires_at");
      if (!expires_at) return std::unexpected(expires_at.error());
      if (auto ahead = impl.check_expiry(*expires_at); !ahead) {
        return std::unexpected(ahead.error());
      }
      row.expires_at = *expires_at;
    }
    auto live = impl.patched_server(entry, row, patch.find("config"));
    if (!live) return std::unexpected(live.error());
    row.updated_at = impl.clock.now();
    if (auto updated = impl.repository.update(row); !updated) {
      return std::unexpected(updated.error());
    }
    change.emplace(impl.begin_change());
    const std::string problem = *live ? "" : entry.problem;
    impl.put_server(row, std::move(*live), problem, *change);
    impl.publish(*change);
  }
  impl.announce(*change);
  return row;
}

Result<std::shared_ptr<const McpServer>> ControlPlane::Impl::patched_server(
    const ServerEntry& entry, store::McpServerRow& row, const json::Value* config) {
  if (config == nullptr) {
    // Tools are not checked again: a change of name must not fail for what an integration lost.
    if (!entry.live) return nullptr;
    auto same = std::make_shared<McpServer>(*entry.live);
    same->name = row.name;
    same->expires_at = row.expires_at;
    return same;
  }
  if (!config->is_object()) {
    return fail(ErrorCode::invalid_argument, "'config' must be an object.");
  }
  row.config = merge_shallowly(std::move(row.config), *config->if_object());
  const AccountEntry& account = rows.read().accounts.find(row.account_id)->second;
  if (!account.live) {
    return fail(ErrorCode::conflict, "The integrated account cannot be used: " + account.problem);
  }
  return derive_server(row, account.live);
}

Result<Minted<store::McpServerRow>> ControlPlane::rotate_mcp_server(const Principal& principal,
                                                                    std::string_view account_id,
                                                                    std::string_view id) {
  Impl& impl = *impl_;
  std::optional<Change> change;
  store::McpServerRow row;
  vault::Token token = vault::Token::generate(vault::TokenKind::mcp_server);
  {
    const Writing writing(impl.rows);
    const auto found = impl.find_server(principal, account_id, id);
    if (!found) return std::unexpected(found.error());
    row = (*found)->row;
    row.hash = impl.vault->hash(token);
    row.updated_at = impl.clock.now();
    if (auto updated = impl.repository.update(row); !updated) {
      return std::unexpected(updated.error());
    }
    change.emplace(impl.begin_change());
    impl.put_server(row, (*found)->live, (*found)->problem, *change);
    impl.publish(*change);
  }
  impl.announce(*change);
  return Minted<store::McpServerRow>{std::move(row), std::move(token)};
}

Result<> ControlPlane::delete_mcp_server(const Principal& principal, std::string_view account_id,
                                         std::string_view id) {
  Impl& impl = *impl_;
  std::optional<Change> change;
  {
    const Writing writing(impl.rows);
    if (const auto found = impl.find_server(principal, account_id, id); !found) {
      return std::unexpected(found.error());
    }
    if (auto deleted = impl.repository.delete_mcp_server(id); !deleted) return deleted;
    change.emplace(impl.begin_change());
    impl.drop_server(id, *change);
    impl.publish(*change);
  }
  impl.announce(*change);
  return {};
}

std::optional<WallTime> ControlPlane::expire() {
  Impl& impl = *impl_;
  std::optional<WallTime> next;
  std::optional<Change> change;
  {
    const Writing writing(impl.rows);
    const WallTime now = impl.clock.now();
    change.emplace(impl.begin_change());
    const auto deleted = impl.repository.delete_expired_mcp_servers(now);
    while (!impl.expiries.empty() && impl.expiries.begin()->first <= now) {
      const std::string id = impl.expiries.begin()->second;
      impl.drop_server(id, *change);
    }
    if (!impl.expiries.empty()) next = impl.expiries.begin()->first;
    // Gone from memory in any case; its row goes as soon as the database is back.
    if (!deleted) next = std::min(next.value_or(WallTime::max()), now + kRetryExpiry);
    if (!change->changed_servers.empty()) impl.publish(*change);
  }
  change->expiry_changed = false;  // who calls this learns it from the return value
  impl.announce(*change);
  return next;
}

}  // namespace patchbay::control
