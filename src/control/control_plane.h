// Environments, API tokens, integrated accounts and MCP servers: rules and life cycles.
// Every change is committed to the repository first, and seen by calls of this node (through the
// snapshot) before the function returns; only what takes something away holds also where the disk
// is full. A change names the version of the row that it read: error conflict where somebody else,
// here or on another node, was faster. Lists and rows are read from the repository (error
// unavailable). All functions block but those that say otherwise: they run on the blocking pool.
// Thread-safe.
//
// Isolation: what lies in another environment than the principal's does not exist for it
// (not_found), also in messages. What a token's scope allows at all (token_scope.h) is decided by
// whoever offers the operations (admin/operation.h); its limits are kept here.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "catalog/tool.h"
#include "control/edit.h"
#include "control/snapshot.h"
#include "control/token_scope.h"
#include "json/value.h"
#include "store/repository.h"
#include "store/revocation_notes.h"
#include "vault/vault.h"

namespace patchbay::control {

// Who is asking: a valid API token.
struct Principal {
  std::string token_id;
  std::string environment_id;  // empty: the whole instance
  TokenScope scope = {};
};

// Members that are not given stay. A scope comes with its limits, whole.
struct ApiTokenChange {
  std::optional<std::string> name;
  std::optional<TokenScope> scope;
};

// Who starts the instance, or works on its data while it does not run.
Principal instance_itself();

struct EnvironmentChange {
  std::optional<std::string> name;
  std::optional<json::Object> audit;  // laid over the present one; null: the default again
};

struct AccountSettings {
  std::optional<std::string> time_zone;  // IANA name; nothing: UTC
};

struct NewAccount {
  std::string environment_id;  // empty: the principal's, or the only one
  std::string integration;
  std::string tenant_id;
  std::string name;  // empty: the integration's label
  std::map<std::string, Secret> credentials;
  AccountSettings settings;
};

// Members that are not given stay.
struct AccountChange {
  struct Settings {
    Edit<std::string> time_zone;
  };
  std::optional<std::string> name;
  std::optional<std::string> tenant_id;  // may be empty
  std::optional<Settings> settings;
  // Laid over those that are set; nothing removes one. The connection is proved again.
  std::optional<std::map<std::string, std::optional<Secret>>> credentials;
};

// A member's own, by the names of the integration's personal credentials: all of them together.
using OwnCredentials = std::map<std::string, Secret>;

struct NewMcpServer {
  std::string name;
  json::Object config;  // server_config.h; empty: all tools
  std::optional<WallTime> expires_at;
  // Whose it is, by login or id; empty: whose the credentials are, or nobody's.
  std::string member = {};
  OwnCredentials credentials = {};  // empty: its calls are made with the account's
};

// Members that are not given stay.
struct McpServerChange {
  std::optional<std::string> name;
  std::optional<json::Object> config;  // laid over the present one; null removes a member
  Edit<WallTime> expires_at;
  Edit<std::string> member = {};
  Edit<OwnCredentials> credentials = {};  // cleared: the account's again, and still the member's
};

// How many tools an MCP server lists, and what clients make of so many: "" where none minds.
struct ToolCount {
  std::size_t tools = 0;
  std::string remark;
};

// By their status.
struct AccountCounts {
  std::int64_t active = 0;
  std::int64_t needs_reauth = 0;
  std::int64_t validation_error = 0;
  bool complete = true;  // false: there are too many to look at; of the newest ones
};

// Of the present day (UTC).
struct ServerUsage {
  std::optional<WallTime> last_used_at;
  std::int64_t calls_today = 0;
  std::int64_t errors_today = 0;
};

// The longest that a rotated server opens by its old token.
inline constexpr std::chrono::hours kMostOverlap{7 * 24};

// A secret that is shown once, beside what it belongs to.
template <class Row>
struct Minted {
  Row row;
  vault::Token token;
  bool on_disk = true;  // a rotation: false while the database could not take it
};

using store::Page;

// Empty members do not restrict.
struct AccountQuery {
  std::string environment_id;
  std::string tenant_id;
  std::string integration;
  std::string name;  // has this in it, in whatever case
};

struct ControlOptions {
  std::chrono::seconds least_lifetime{60};  // of an MCP server with an expiry
  // Probes at the same time, of which an environment has as many as it leaves free for others; more
  // are refused (rate_limited). Fewer than the blocking pool has threads, so that upstreams that
  // hang leave some for everybody else.
  int most_probes = 16;
  // Where a revocation is noted that the database cannot take; null: nowhere, it is only retried.
  std::shared_ptr<store::RevocationNotes> notes = {};
  // Bytes that MCP servers and API tokens may take in memory, about; what is used by calls that run
  // stays beyond that.
  std::size_t memory = std::size_t{64} << 20;
  // The member of an account that a login or an id is of; "": whose the account's keys are. Blocks.
  // Errors: upstream::Sender::find_member's. Empty: no server can be a member's.
  std::function<Result<upstream::Member>(std::shared_ptr<const upstream::Account>,
                                         const std::string&)>
      find_member = {};
  // Tokens for the code that an authorization server gave a person; blocks. Errors:
  // upstream::Sender::redeem's. Empty: nobody can sign an account in.
  std::function<Result<upstream::Tokens>(std::shared_ptr<const upstream::Account>,
                                         upstream::AuthorizationCode)>
      redeem = {};
  // So long before an MCP server expires, whoever asked to hear of it is told; 0: nobody is.
  std::chrono::seconds expiry_notice{24 * 3600};
  // Told of each MCP server that was deleted since its time is over, on the thread that did it; may
  // be empty.
  std::function<void(const store::McpServerRow&)> expired = {};
  // Told that a definition in the store may be another now, on the thread that heard of it, which
  // it must not keep; may be empty.
  std::function<void()> definition_changed = {};
  // Told of rows that cannot be served, on the thread that found out; may be empty.
  std::function<void(std::string)> report = {};
  // Told of a bound that was reached: of which environment, and which. Empty: nobody is.
  std::function<void(std::string_view environment_id, std::string_view what)> limit_hit = {};
};

// What came of a revocation: it holds at once, and whether it survives a restart yet.
struct Revoked {
  bool on_disk = true;
};

class Approvals;
class Connections;
class SignIns;
class Webhooks;

class ControlPlane {
 public:
  // Proves an account's credentials against its upstream; blocks.
  using Probe = std::function<Result<>(std::shared_ptr<const upstream::Account>)>;

  ControlPlane(store::Repository& repository, std::shared_ptr<const vault::Vault> vault,
               const Clock& clock, SnapshotHolder& snapshot, Probe probe, ControlOptions options);
  ~ControlPlane();

  // Another bound for ControlOptions::memory, from the next reading on. Thread-safe.
  void set_memory(std::size_t bytes);
  // Another ControlOptions::expiry_notice, from the next look on. Thread-safe.
  void set_expiry_notice(std::chrono::seconds notice);

  // Integrations known by name. Replacing one re-derives the accounts and toolsets that are in use;
  // what the new one cannot serve goes on being served by the old one, and is returned as problems.
  std::vector<std::string> set_catalog(std::shared_ptr<const catalog::ToolCatalog> catalog);
  std::vector<std::shared_ptr<const catalog::ToolCatalog>> catalogs() const;  // by name
  Result<std::shared_ptr<const catalog::ToolCatalog>> catalog(std::string_view name) const;

  // Before anything is served. Removes what expired meanwhile and writes what could not be written;
  // takes as long however many rows there are. Returns what the operator should know.
  Result<std::vector<std::string>> load();

  // Looks at every row, and takes as long as that does: reports what is not as it was signed
  // (authority.h; it is not served), accounts that cannot be used (an unknown integration,
  // credentials that do not open; they are kept), and seals again what a previous master key
  // sealed. Ends early, with an error, once `stopped` says so.
  Result<> look_over(const std::function<bool()>& stopped = {});
  // For an offline check: whether the row's credentials open, whatever integrations there are.
  Result<> check_sealed(const store::AccountRow& row) const;
  // The same of a server's own, with its account's row.
  Result<> check_sealed(const store::McpServerRow& row, const store::AccountRow& account) const;
  // How many rows it found altered, or something else since. Those that were mended or removed
  // count until they are looked at again, which blocks for a question each.
  std::size_t altered_rows() const;
  void look_at_altered_again();

  // What the snapshot does not have may be in the database. Neither blocks nor locks for long:
  // false where the database said a moment ago that there is none.
  bool may_be_stored(const vault::TokenHash& hash) const;
  // Reads it into the snapshot, if it is there and may be served. Errors: unavailable.
  Result<> read_mcp_server(const vault::TokenHash& hash);
  Result<> read_api_token(const vault::TokenHash& hash);
  // The same of what authenticate() does not know; does not block. Where memory is in doubt, it is
  // caught up with the database first.
  bool may_be_unread(std::string_view api_token) const;
  Result<> read_api_token(std::string_view api_token);

  // Several nodes (trust.h): applies what others changed, to the present moment. Errors:
  // unavailable.
  Result<> catch_up();
  // Where the trust in what is in memory is doubtful: the same, or, from followed() on, waits a
  // moment for whoever does it all the time. Errors: unavailable: nothing may be served.
  Result<> make_sure();
  // From here on a thread calls catch_up() and confirm() all the time.
  void followed();
  // The database said at that time that nothing has changed.
  void confirm(Trust::Time asked);
  Trust::Time now() const;
  // This process runs (Trust::beat).
  void beat();

  // Error unauthenticated: unknown or expired, or not in memory (read_api_token). Does not block.
  Result<Principal> authenticate(std::string_view api_token) const;

  // Only for the whole instance's tokens: create, rename and delete.
  Result<store::EnvironmentRow> create_environment(const Principal&, std::string name);
  Result<store::EnvironmentRow> environment(const Principal&, std::string_view id) const;
  Result<std::vector<store::EnvironmentRow>> environments(const Principal&,
                                                          const Page& page = {}) const;
  // What would go with it.
  Result<store::Owned> owned_by(const store::EnvironmentRow& row) const;
  Result<store::EnvironmentRow> update_environment(const Principal&, std::string_view id,
                                                   EnvironmentChange change);
  Result<Revoked> delete_environment(const Principal&,
                                     std::string_view id);  // and all that it owns

  // `environment_id` empty: as far as the principal itself reaches. `known`: a token that exists
  // already, in place of a fresh one; not for callers from outside.
  Result<Minted<store::ApiTokenRow>> create_api_token(const Principal&, std::string environment_id,
                                                      std::string name,
                                                      std::optional<WallTime> expires_at,
                                                      TokenScope scope = {},
                                                      const vault::Token* known = nullptr);
  Result<store::ApiTokenRow> update_api_token(const Principal&, std::string_view id,
                                              ApiTokenChange change);
  Result<std::vector<store::ApiTokenRow>> api_tokens(const Principal&, const Page& page = {}) const;
  // Error conflict, of both: the last admin token of the whole instance stays, or nobody could come
  // in again.
  Result<Revoked> delete_api_token(const Principal&, std::string_view id);

  // Proves the connection first; if that fails (invalid_argument), nothing is created.
  Result<store::AccountRow> create_account(const Principal&, NewAccount account);
  Result<store::AccountRow> account(const Principal&, std::string_view id) const;
  Result<std::vector<store::AccountRow>> accounts(const Principal&, const AccountQuery& query = {},
                                                  const Page& page = {}) const;
  // Its MCP servers, which would go with it.
  Result<std::int64_t> mcp_server_count(const store::AccountRow& row) const;
  // What its upstream last said of its limits to a call of this node; nothing where it said none,
  // or that is over. Does not block.
  std::optional<upstream::Allowance> allowance(const store::AccountRow& row) const;
  // New credentials are probed first, and those that make another origin come with every secret
  // one; if that fails (invalid_argument), nothing changes. Error conflict: another change came in
  // between.
  Result<store::AccountRow> update_account(const Principal&, std::string_view id,
                                           AccountChange change);
  // The row says how it went: status and last_error.
  Result<store::AccountRow> probe_account(const Principal&, std::string_view id);
  Result<Revoked> delete_account(const Principal&, std::string_view id);  // and its MCP servers
  // Somebody has signed the account in: it is opened afresh, proved, and serves calls from here on.
  // The row says how it went, as after a probe. Error conflict: it was changed meanwhile.
  Result<store::AccountRow> signed_in(const Principal&, std::string_view id);
  // A connection of its own, which knows nothing of what the one that serves calls has learnt.
  Result<std::shared_ptr<const upstream::Account>> fresh_connection(
      const store::AccountRow& row) const;
  // The upstream refused this account's credentials during a call. Cheap when it is known already.
  void mark_needs_reauth(std::string_view account_id, std::string_view reason);
  // The same of a server's own credentials, of which the account knows nothing.
  void mark_server_needs_reauth(std::string_view server_id, std::string_view reason);
  // The names of the credentials that are set; never their values.
  std::vector<std::string> credential_names(const store::AccountRow& row) const;
  // What of an account's credentials was put right, a sentence each.
  std::vector<std::string> notices(const store::AccountRow& row) const;

  // Whose it is to be is asked of the upstream first, with the credentials that are given; if that
  // fails (invalid_argument), nothing is created. The same of a change.
  Result<Minted<store::McpServerRow>> create_mcp_server(const Principal&,
                                                        std::string_view account_id,
                                                        NewMcpServer server);
  // What would be served for such a server: checked as one that is created, and stored nowhere. Its
  // id is empty. Of `server`, the name, the config and the member count.
  Result<std::shared_ptr<const McpServer>> preview_mcp_server(const Principal&,
                                                              std::string_view account_id,
                                                              NewMcpServer server);
  Result<store::McpServerRow> mcp_server(const Principal&, std::string_view account_id,
                                         std::string_view id) const;
  // `name`: has this in it, in whatever case; empty: any.
  Result<std::vector<store::McpServerRow>> mcp_servers(const Principal&,
                                                       std::string_view account_id,
                                                       const Page& page = {},
                                                       std::string_view name = {}) const;
  Result<store::McpServerRow> update_mcp_server(const Principal&, std::string_view account_id,
                                                std::string_view id, McpServerChange change);
  // `overlap`: for how long the old token opens the server as well; a token before that one ends
  // now. 0 to kMostOverlap, which the caller checks.
  Result<Minted<store::McpServerRow>> rotate_mcp_server(const Principal&,
                                                        std::string_view account_id,
                                                        std::string_view id,
                                                        std::chrono::seconds overlap = {});
  Result<Revoked> delete_mcp_server(const Principal&, std::string_view account_id,
                                    std::string_view id);
  // Of those that were ever used, by id, as the database has it: all nodes together, some seconds
  // ago.
  Result<std::map<std::string, ServerUsage, std::less<>>> usage(
      const std::vector<store::McpServerRow>& rows) const;
  // Keeps what was counted since the last time. Errors: unavailable; it is kept the next time.
  Result<> keep_use();
  // More of the server's quota, out of the database. Errors: unavailable, not_found.
  Result<> take_quota(const McpServer& server, QuotaMeter::What what);
  // None of one that cannot be served.
  ToolCount tool_count(const store::McpServerRow& row) const;
  static ToolCount tool_count(const McpServer& server);
  // The server of that row as it is served, or would be. Null: it cannot be.
  std::shared_ptr<const McpServer> live(const store::McpServerRow& row) const;

  // Those of its accounts, of all environments, at most so many: for whoever changes it.
  Result<std::vector<store::McpServerRow>> servers_of_integration(const std::string& integration,
                                                                  std::size_t limit) const;

  // -- at a glance (overview.cpp).
  Result<AccountCounts> count_accounts(const Principal&) const;
  // Calls that wait for a person's yes, whatever they are.
  Result<std::int64_t> approvals_waiting(const Principal&) const;
  // Those that expire within that time, the next to expire first; at most so many.
  Result<std::vector<store::McpServerRow>> expiring(const Principal&, std::chrono::seconds within,
                                                    std::size_t limit) const;
  // By their ids; without those that are gone.
  Result<std::map<std::string, std::string, std::less<>>> server_names(
      const Principal&, const std::vector<std::string>& ids) const;

  // The MCP server as calls find it, read if it is not in memory. Error conflict: it is gone, or
  // cannot be used.
  struct Live {
    vault::TokenHash hash;
    std::shared_ptr<const McpServer> server;
  };
  Result<Live> live_server(std::string_view id);
  // Who has that API token, as it is now. Error unauthenticated: it is gone or has expired.
  Result<Principal> principal_of(std::string_view token_id) const;
  // The API token that the principal is. Error unauthenticated: it is gone.
  Result<store::ApiTokenRow> own_token(const Principal&) const;
  // Whether the token with which the principal came in still stands. Error: unauthenticated.
  Result<> check_standing(const Principal&) const;
  // The environment that something new goes to: the principal's, that one, or the only one there
  // is. Errors: not_found, invalid_argument (there are several).
  Result<std::string> choose_environment(const Principal& principal, std::string_view wanted) const;
  // Calls that wait for a person's yes.
  Approvals& approvals();
  // Accounts that people sign in.
  Connections& connections();
  // Who wants to hear of events.
  Webhooks& webhooks();
  // Who is in the dashboard.
  SignIns& sign_ins();

  // Removes what has expired and writes what the disk could not take before; returns when the next
  // of that is due (nothing: never). The app's timer calls it, and again after each change (see
  // on_expiry_changed), and once a minute, so that the time seen is kept.
  std::optional<WallTime> expire();
  // What counts as now, for whoever asks whether something is over. Lives as long as this.
  const Clock& clock() const;
  // How many revocations hold in memory, and could not be written yet.
  std::size_t unwritten() const;
  // How many accounts are being proved at this moment.
  std::size_t probing() const;
  // Called when another expiry may be the nearest now; not by expire() itself. Callbacks run on the
  // thread of the change and must not call back into the control plane.
  void on_expiry_changed(std::function<void()> callback);

  // Puts a token where its owner finds it.
  using KeepToken = std::function<Result<>(const vault::Token&)>;
  // The first token of an empty instance (serve's bootstrap, demo), with an environment to begin
  // with. `keep` is called before anything that cannot be undone, and the same token is given again
  // at each start until a token was used: a start that fails leaves nobody locked out. Nothing if
  // there is no such token (any more).
  Result<std::optional<vault::Token>> bootstrap(const KeepToken& keep = {});

 private:
  Result<std::optional<vault::Token>> try_bootstrap(const KeepToken& keep);

  struct Impl;
  class Change;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::control
