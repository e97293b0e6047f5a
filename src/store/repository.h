// What the control plane remembers, as questions to a database. No question reads a whole table: a
// list is read by the page, and each has its index. There are two databases, SQLite
// (sqlite/open_sqlite.h) and PostgreSQL (postgres/open_postgres.h); the contract
// (test_repository_contract.h) holds for both.
//
// All calls block on the disk or the network: they run on the blocking pool, never on an event
// loop. They may come from several threads at once. When a change has returned, it survives a crash
// of the process and of the machine, and every node's questions see it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/approval_rows.h"
#include "store/changes.h"
#include "store/definition_rows.h"
#include "store/event_rows.h"
#include "store/everything.h"
#include "store/grant_rows.h"
#include "store/page.h"
#include "store/records.h"
#include "store/server_uses.h"
#include "store/sign_in_rows.h"
#include "store/webhook_rows.h"
#include "vault/vault.h"

namespace patchbay::store {

// Members that are empty do not restrict.
struct AccountFilter {
  std::string environment_id;
  std::string tenant_id;
  std::string integration;
  std::optional<std::vector<std::string>> ids;  // of these; an empty list has none
  // Has this in it, in whatever case (of ASCII at least). Not looked at with `ids`.
  std::string name = {};
};

// With this a change is refused (conflict) that would take the last admin token of the whole
// instance that has not expired by then: looked at within the change, so that two nodes that each
// take one of the last two do not take both.
struct KeepAnAdmin {
  WallTime at;
};

// What an environment owns.
struct Owned {
  std::int64_t accounts = 0;
  std::int64_t mcp_servers = 0;
};

// MCP servers that expire after that time, and by the other one; at most so many.
struct Expiring {
  WallTime after;
  WallTime by;
  std::string environment_id;  // empty: of all
  std::size_t limit = 100;
};

// What was deleted because its moment had come.
struct Expired {
  Kind kind;
  std::string id;
  vault::TokenHash hash;
};

// What is told of an MCP server to whoever wants to hear of it; nothing: nothing. Called within the
// transaction, and again when that is tried again: it asks nobody.
using TellOfServer = std::function<std::optional<Message>(const McpServerRow&)>;

// Errors of all: unavailable (the database; what was to be changed is not, unless the message says
// that it may be), internal (a row is damaged; the message says which).
// insert: conflict (the id, a unique name or a hash is taken), not_found (what owns it is gone).
// update: not_found, conflict (a name or hash is taken; or the row is not of the version that is
// named, and then it was changed by somebody else). Both leave the new version in the row. delete:
// not_found.
class Repository : public EventRows, public ApprovalRows, public ServerUses {
 public:
  using ApprovalRows::insert;
  using ApprovalRows::update;

  virtual Result<> insert(EnvironmentRow& row) = 0;
  virtual Result<> update(EnvironmentRow& row) = 0;
  virtual Result<> delete_environment(std::string_view id) = 0;  // and all that it owns
  virtual Result<std::optional<EnvironmentRow>> environment(std::string_view id) = 0;
  virtual Result<std::vector<EnvironmentRow>> environments(const Page& page) = 0;
  virtual Result<Owned> owned_by_environment(std::string_view id) = 0;

  virtual Result<> insert(ApiTokenRow& row) = 0;
  virtual Result<> update(ApiTokenRow& row) = 0;
  virtual Result<> update(ApiTokenRow& row, KeepAnAdmin keep) = 0;
  virtual Result<> delete_api_token(std::string_view id) = 0;
  virtual Result<> delete_api_token(std::string_view id, KeepAnAdmin keep) = 0;
  virtual Result<std::optional<ApiTokenRow>> api_token(std::string_view id) = 0;
  virtual Result<std::optional<ApiTokenRow>> api_token(const vault::TokenHash& hash) = 0;
  // Of an environment; empty: all.
  virtual Result<std::vector<ApiTokenRow>> api_tokens(std::string_view environment_id,
                                                      const Page& page) = 0;
  // Admin tokens of the whole instance that have not expired by then.
  virtual Result<std::int64_t> count_instance_admins(WallTime at) = 0;

  virtual Result<> insert(AccountRow& row) = 0;
  virtual Result<> update(AccountRow& row) = 0;
  virtual Result<> update(AccountRow& row, const Message& told) = 0;
  virtual Result<> delete_account(std::string_view id) = 0;  // and all that is its
  // What of deleted environments and accounts is still there goes, at most so many rows in one
  // commit: deleting one that owns a lot ends when nothing finds it any more. False: all is gone.
  virtual Result<bool> delete_remains(std::size_t limit) = 0;
  virtual Result<std::optional<AccountRow>> account(std::string_view id) = 0;
  virtual Result<std::vector<AccountRow>> accounts(const AccountFilter& filter,
                                                   const Page& page) = 0;
  virtual Result<std::int64_t> count_mcp_servers(std::string_view account_id) = 0;

  virtual Result<> insert(McpServerRow& row) = 0;
  // With what is told of it, in one commit; the same below.
  virtual Result<> insert(McpServerRow& row, const Message& told) = 0;
  virtual Result<> update(McpServerRow& row) = 0;  // also its hash: a rotation
  virtual Result<> update(McpServerRow& row, const Message& told) = 0;
  virtual Result<> delete_mcp_server(std::string_view id) = 0;
  virtual Result<std::optional<McpServerRow>> mcp_server(std::string_view id) = 0;
  // By its token, or the one before that; whether that one is over is the caller's to see.
  virtual Result<std::optional<McpServerRow>> mcp_server(const vault::TokenHash& hash) = 0;
  // Those of the account that have not expired by then, and have `name` in their name, in whatever
  // case (of ASCII at least).
  virtual Result<std::vector<McpServerRow>> mcp_servers(std::string_view account_id,
                                                        WallTime not_expired_at, const Page& page,
                                                        std::string_view name = {}) = 0;

  // A row that the caller does not keep needs no version.
  template <class Row>
    requires(!std::is_lvalue_reference_v<Row>)
  Result<> insert(Row&& row) {
    return insert(row);
  }

  // Those whose previous token is over by `now`, at most so many, the first to end first.
  virtual Result<std::vector<McpServerRow>> overlaps_until(WallTime now, std::size_t limit) = 0;
  // When the next MCP server, API token or previous token expires, or has: nothing if none ever
  // does.
  virtual Result<std::optional<WallTime>> nearest_expiry() = 0;
  // Deletes MCP servers and API tokens whose expiry lies at or before `now`, at most so many: one
  // commit, so that changes in between need not wait for long. Fewer than `limit`: these were all.
  virtual Result<std::vector<Expired>> delete_expired(WallTime now, std::size_t limit,
                                                      const TellOfServer& tell) = 0;
  Result<std::vector<Expired>> delete_expired(WallTime now, std::size_t limit) {
    return delete_expired(now, limit, {});
  }
  // Tells of MCP servers that expire by then and were not told of as they are now, at most so many
  // in a commit. How many it saw: fewer than `limit`: these were all.
  virtual Result<std::size_t> tell_of_expiry(WallTime by, std::size_t limit,
                                             const TellOfServer& tell) = 0;
  // The first to expire first.
  virtual Result<std::vector<McpServerRow>> mcp_servers_expiring(const Expiring& wanted) = 0;
  // When the first expires that nobody was told of.
  virtual Result<std::optional<WallTime>> nearest_untold_expiry() = 0;

  // Who wants to hear of events, and what is on its way to them.
  virtual WebhookRows& webhooks() = 0;
  // Who is signed in to the dashboard.
  virtual SignInRows& sign_ins() = 0;
  // Definitions of integrations that were uploaded or imported.
  virtual DefinitionRows& definitions() = 0;
  // What people have said yes to, at authorization servers.
  virtual GrantRows& grants() = 0;

  // The latest revision; 0: nothing was ever changed.
  virtual Result<std::int64_t> revision() = 0;
  virtual Result<ChangesSince> changes_since(std::int64_t revision, std::size_t limit) = 0;
  // Null: nobody but this process changes anything (SQLite). It does not outlive the repository.
  virtual std::unique_ptr<ChangeFeed> feed() = 0;

  // For whoever has to see every row (each_row.h): those whose ids come after that one, or the
  // first ones, by id.
  using After = std::optional<std::string>;
  virtual Result<std::vector<EnvironmentRow>> environments_after(const After& id,
                                                                 std::size_t limit) = 0;
  virtual Result<std::vector<ApiTokenRow>> api_tokens_after(const After& id, std::size_t limit) = 0;
  virtual Result<std::vector<AccountRow>> accounts_after(const After& id, std::size_t limit) = 0;
  virtual Result<std::vector<McpServerRow>> mcp_servers_after(const After& id,
                                                              std::size_t limit) = 0;
  virtual Result<std::vector<EventRow>> events_after(const After& id, std::size_t limit) = 0;

  // The rows as they lie there, for whoever carries them elsewhere (transfer.h, copy.h).
  virtual Everything& everything() = 0;

  // Sealed secrets of the instance itself, by name ("pepper").
  virtual Result<std::optional<vault::SealedBytes>> secret(std::string_view name) = 0;
  // Error conflict if there is one already: the first of several nodes wins.
  virtual Result<> insert_secret(std::string_view name, const vault::SealedBytes& value) = 0;
  virtual Result<> update_secret(std::string_view name, const vault::SealedBytes& value) = 0;
};

}  // namespace patchbay::store
