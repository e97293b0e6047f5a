// MCP servers: minting, changing, deleting.
#include <algorithm>

#include "base/random.h"
#include "control/members.h"
#include "control/names.h"
#include "control/state.h"
#include "control/tidings.h"

namespace patchbay::control {
namespace {

// Of a config that is new: what the principal may choose, and no empty choice.
Result<> check_choice(const Principal& principal, const json::Value& config, NullChoice null) {
  if (auto read = read_server_config(config); !read) return std::unexpected(read.error());
  if (auto within = check_within(principal.scope, config); !within) return within;
  if (auto does = refuse_what_does_nothing(config); !does) return does;
  return refuse_empty_choices(config, null);
}

// Of a config that is given: whether the tools exist that it names.
Result<> check_rules(const McpServer& live) {
  return live.approvals ? check_approval_rules(*live.approvals, *live.toolset) : Result<>();
}

template <class T>
bool is_kept(const Edit<T>& edit) {
  return std::holds_alternative<Keep>(edit);
}

// The credentials that were asked are not the account's any more.
std::unexpected<Error> account_changed() {
  return fail(ErrorCode::conflict, "The integrated account was changed in the meantime.",
              "Repeat the request.");
}

}  // namespace

Result<Minted<store::McpServerRow>> ControlPlane::create_mcp_server(const Principal& principal,
                                                                    std::string_view account_id,
                                                                    NewMcpServer server) {
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  const auto account = impl_->find_account(principal, account_id);
  if (!account) return std::unexpected(account.error());
  auto name = check_name(server.name, "name");
  if (!name) return std::unexpected(name.error());
  if (auto ahead = impl_->check_expiry(server.expires_at); !ahead) {
    return std::unexpected(ahead.error());
  }
  vault::Token token = vault::Token::generate(vault::TokenKind::mcp_server);
  const WallTime now = impl_->clock.now();
  store::McpServerRow row{.id = random_id("mcp"),
                          .account_id = std::string(account_id),
                          .environment_id = account->environment_id,
                          .name = std::move(*name),
                          .config = merge_shallowly(json::Object{}, server.config),
                          .hash = impl_->vault->hash(token),
                          .expires_at = server.expires_at,
                          .created_by = principal.token_id,
                          .created_at = now,
                          .updated_at = now};
  // As it was given: nulls are not kept.
  if (auto within = check_choice(principal, server.config, NullChoice::refused); !within) {
    return std::unexpected(within.error());
  }
  const bool is_of_member = !server.member.empty() || !server.credentials.empty();
  if (is_of_member) {
    Edit<std::string> member;
    Edit<OwnCredentials> credentials;
    if (!server.member.empty()) member = std::move(server.member);
    if (!server.credentials.empty()) credentials = std::move(server.credentials);
    if (auto settled = impl_->settle_member(row, *account, member, credentials); !settled) {
      return std::unexpected(settled.error());
    }
  }
  // What was seen before may have changed while others had their turn, and the upstream was asked.
  const MutexLock turn(impl_->changing);
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  const auto now_is = impl_->find_account(principal, account_id);
  if (!now_is) return std::unexpected(now_is.error());
  if (is_of_member && now_is->credentials.bytes != account->credentials.bytes) {
    return account_changed();
  }
  auto live = impl_->derive_new(row);
  if (!live) return std::unexpected(live.error());
  if (auto rules = check_rules(**live); !rules) return std::unexpected(rules.error());
  const std::uint64_t before = impl_->touched_by_now();
  if (auto inserted = impl_->insert(row, tell_created(*impl_->vault, row, now)); !inserted) {
    return std::unexpected(inserted.error());
  }
  Change change(*impl_);
  impl_->hold_committed(row, std::move(*live), before, change);
  return Minted<store::McpServerRow>{std::move(row), std::move(token)};
}

Result<std::shared_ptr<const McpServer>> ControlPlane::preview_mcp_server(
    const Principal& principal, std::string_view account_id, NewMcpServer server) {
  const auto account = impl_->find_account(principal, account_id);
  if (!account) return std::unexpected(account.error());
  if (auto within = check_choice(principal, server.config, NullChoice::refused); !within) {
    return std::unexpected(within.error());
  }
  store::McpServerRow row{.account_id = account->id,
                          .environment_id = account->environment_id,
                          .name = std::move(server.name),
                          .config = merge_shallowly(json::Object{}, server.config)};
  if (!server.member.empty()) {
    const Edit<std::string> member = std::move(server.member);
    if (auto settled = impl_->settle_member(row, *account, member, {}); !settled) {
      return std::unexpected(settled.error());
    }
  }
  auto live = impl_->derive_new(row);
  if (!live) return live;
  if (auto rules = check_rules(**live); !rules) return std::unexpected(rules.error());
  return live;
}

Result<store::McpServerRow> ControlPlane::mcp_server(const Principal& principal,
                                                     std::string_view account_id,
                                                     std::string_view id) const {
  return impl_->find_server(principal, account_id, id);
}

Result<std::vector<store::McpServerRow>> ControlPlane::mcp_servers(const Principal& principal,
                                                                   std::string_view account_id,
                                                                   const Page& page,
                                                                   std::string_view name) const {
  const auto account = impl_->find_account(principal, account_id);
  if (!account) return std::unexpected(account.error());
  return page_of(
      page,
      [&](const Page& next) {
        return impl_->repository.mcp_servers(account_id, impl_->clock.now(), next, name);
      },
      [&](const auto& row) { return impl_->counts(row) && impl_->may_see_server(principal, row); });
}

Result<store::McpServerRow> ControlPlane::update_mcp_server(const Principal& principal,
                                                            std::string_view account_id,
                                                            std::string_view id,
                                                            McpServerChange wanted) {
  const bool changes_member = !is_kept(wanted.member) || !is_kept(wanted.credentials);
  std::optional<store::McpServerRow> settled;
  if (changes_member) {
    auto of_member = impl_->with_member(principal, account_id, id, wanted);
    if (!of_member) return of_member;
    settled = std::move(*of_member);
  }
  const MutexLock turn(impl_->changing);
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  auto found = impl_->find_server(principal, account_id, id);
  if (!found) return std::unexpected(found.error());
  store::McpServerRow row = std::move(*found);
  if (settled) {
    if (settled->version != row.version) {
      return fail(ErrorCode::conflict, "The MCP server was changed in the meantime.",
                  "Read it again, then repeat the change.");
    }
    row = std::move(*settled);
  }
  if (wanted.name) {
    auto name = check_name(*wanted.name, "name");
    if (!name) return std::unexpected(name.error());
    row.name = std::move(*name);
  }
  if (const WallTime* const given = std::get_if<WallTime>(&wanted.expires_at)) {
    if (auto ahead = impl_->check_expiry(*given); !ahead) return std::unexpected(ahead.error());
  }
  apply(wanted.expires_at, row.expires_at);
  if (wanted.config) {
    if (auto known = refuse_unknown_members(*wanted.config); !known) {
      return std::unexpected(known.error());
    }
    row.config = merge_config(std::move(row.config), *wanted.config);
    if (auto within = check_choice(principal, row.config, NullChoice::left_out); !within) {
      return std::unexpected(within.error());
    }
  }
  // Tools are chosen again only where the choice changed: a change of name must not fail for what
  // an integration lost.
  std::shared_ptr<const McpServer> live;
  if (wanted.config || changes_member) {
    auto derived = impl_->derive_new(row);
    if (!derived) return std::unexpected(derived.error());
    live = std::move(*derived);
    auto rules = wanted.config ? check_rules(*live) : Result<>();
    if (!rules) return std::unexpected(rules.error());
  }
  row.updated_at = impl_->clock.now();
  const std::uint64_t before = impl_->touched_by_now();
  if (auto updated = impl_->update(row); !updated) {
    return std::unexpected(updated.error());
  }
  Change change(*impl_);
  if (row.expires_at) change.expiry_changed = true;
  if (!live) live = impl_->with_same_tools(row);
  if (live) impl_->hold_committed(row, std::move(live), before, change);
  return row;
}

Result<Revoked> ControlPlane::delete_mcp_server(const Principal& principal,
                                                std::string_view account_id, std::string_view id) {
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  if (const auto found = impl_->find_server(principal, account_id, id); !found) {
    return std::unexpected(found.error());
  }
  return impl_->take_away(
      principal, {store::Revocation::Kind::mcp_server, std::string(id)},
      [&](Change& change) PATCHBAY_LOCKS_UNCHECKED { impl_->drop_server(id, change); },
      [&] {
        // First: of a server that is gone already nobody would look for them.
        impl_->approvals->end_those_of(id, "Its MCP server was deleted.");
        return impl_->repository.delete_mcp_server(id);
      });
}

}  // namespace patchbay::control
