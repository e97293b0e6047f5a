// What a ControlPlane holds, for the files of this room that implement it.
//
// All rows lie in memory as well: listing, authenticating and re-deriving never wait for the
// database, and a node goes on when the database is away (10,000 servers are about 20 MB).
//
// A change is a ControlPlane::Change: it checks, commits to the repository, and puts the rows.
// Probes run without any lock.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <set>
#include <unordered_map>

#include "base/mutex.h"
#include "base/shares.h"
#include "control/authority.h"
#include "control/control_plane.h"
#include "control/guarded_rows.h"
#include "control/high_water.h"
#include "control/server_config.h"

namespace patchbay::control {

// Who made the first token, when there was none yet.
inline constexpr std::string_view kBootstrap = "bootstrap";

struct ControlPlane::Impl {
  Impl(store::Repository& the_repository, std::shared_ptr<const vault::Vault> the_vault,
       const Clock& the_clock, SnapshotHolder& the_holder, Probe the_probe,
       ControlOptions the_options)
      : repository(the_repository),
        vault(std::move(the_vault)),
        clock(the_clock),
        holder(the_holder),
        probe(std::move(the_probe)),
        options(the_options) {}

  // Constant after construction.
  store::Repository& repository;
  const std::shared_ptr<const vault::Vault> vault;
  HighWater clock;
  SnapshotHolder& holder;
  const Probe probe;
  const ControlOptions options;

  GuardedRows rows;
  bool loaded PATCHBAY_GUARDED_BY(rows.writing) = false;
  // Of MCP servers and API tokens, by id.
  std::set<std::pair<WallTime, std::string>> expiries PATCHBAY_GUARDED_BY(rows.writing);
  // What holds here, and the database could not take yet.
  std::vector<store::Revocation> unwritten PATCHBAY_GUARDED_BY(rows.writing);
  std::atomic<std::size_t> unwritten_count = 0;  // its size, for whoever only asks
  // The latest time that the database knows of.
  std::optional<WallTime> time_kept PATCHBAY_GUARDED_BY(rows.writing);
  // Toolsets in use, by integration and filter: shared by all servers that are alike.
  using ToolsetKey = std::tuple<std::string, std::vector<std::string>, std::vector<std::string>>;
  std::map<ToolsetKey, std::weak_ptr<const catalog::Toolset>> toolsets
      PATCHBAY_GUARDED_BY(rows.writing);

  // The first token was given, and no token was used yet; and: one was, which is to be written.
  std::atomic<bool> first_token_waits = false;
  std::atomic<bool> first_use = false;
  // Rows that are not as they were signed: kept out of `rows`.
  std::atomic<std::size_t> altered = 0;

  // Probes that run, by environment.
  const std::shared_ptr<Shares> probing =
      Shares::make(static_cast<std::size_t>(options.most_probes));

  Mutex callbacks_mutex;
  std::function<void()> expiry_callback PATCHBAY_GUARDED_BY(callbacks_mutex);

  // What gives authority goes to the database by these, which sign it.
  template <class Row>
  Result<> insert(Row& row) const {
    sign(*vault, row);
    return repository.insert(row);
  }
  template <class Row>
  Result<> update(Row& row) const {
    sign(*vault, row);
    return repository.update(row);
  }

  // -- rules.cpp: looking things up on a principal's behalf. What they point to is guarded.
  // Within the scope of the principal's token as well as in its environment.
  static bool may_see_account(const Principal& principal, const store::AccountRow& row);
  static bool may_see(const Principal& principal, std::string_view environment_id);
  Result<const store::EnvironmentRow*> find_environment(const Principal&, std::string_view id) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<const store::ApiTokenRow*> find_api_token(const Principal&, std::string_view id) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<const AccountEntry*> find_account(const Principal&, std::string_view id) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<const McpServerEntry*> find_server(const Principal&, std::string_view account_id,
                                            std::string_view id) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  const AccountEntry& account_of(const store::McpServerRow& row) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<std::shared_ptr<const catalog::ToolCatalog>> find_catalog(std::string_view name) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // The environment that something new goes to.
  Result<std::string> choose_environment(const Principal&, std::string_view wanted) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<> check_expiry(const std::optional<WallTime>& expires_at) const;
  // Whether what the limits name is there, and in reach of the token that they are to be of.
  // Errors: not_found, invalid_argument.
  Result<> check_limits(const Principal& owner, const TokenScope& scope) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // Error conflict: without this one nobody could come in again.
  Result<> check_not_the_last(const store::ApiTokenRow& row) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // Whether the token with which the principal came in still stands: it may have waited, for a
  // body, a probe or its turn. Error: unauthenticated.
  Result<> check_standing(const Principal&) const PATCHBAY_REQUIRES_SHARED(rows.mutex);

  // -- put_rows.cpp: rows into memory and out of it, together with what the snapshot shows of them
  // and the expiries. Within a Change; they apply by themselves.
  void put_environment(const store::EnvironmentRow& row) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void put_api_token(const store::ApiTokenRow& row, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // `live` null: the connection that there is stays.
  void put_account(store::AccountRow row, std::shared_ptr<const upstream::Account> live = nullptr)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // Why the account cannot be connected.
  void note_problem(std::string_view account_id, std::string problem)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // `live` null: not served, because of `problem`.
  void put_server(store::McpServerRow row, std::shared_ptr<const McpServer> live,
                  std::string problem, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // Each with all that it owns.
  void drop_environment(std::string_view id, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void drop_api_token(std::string_view id, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void drop_account(std::string_view id, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void drop_server(std::string_view id, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void drop_all() PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);

  // -- derive.cpp: what the call path uses, out of rows. Within a Change.
  Result<std::shared_ptr<const catalog::Toolset>> select_toolset(
      const std::shared_ptr<const catalog::ToolCatalog>& catalog, catalog::ToolFilter filter)
      PATCHBAY_REQUIRES(rows.writing);
  // Error conflict: the account cannot be used.
  Result<std::shared_ptr<const McpServer>> derive_server(const store::McpServerRow& row,
                                                         const AccountEntry& account)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // What is served for `row` if nothing but its name and its expiry changed: tools are not chosen
  // again, since a change of name must not fail for what an integration lost. Null: not served.
  static Result<std::shared_ptr<const McpServer>> with_same_tools(const McpServerEntry& entry,
                                                                  const store::McpServerRow& row);
  // Derives the account's servers anew, after the account or its integration has changed. What
  // cannot be derived keeps what it had; returns why.
  std::vector<std::string> derive_servers_of(std::string_view account_id, Change& change)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);

  // -- expiry.cpp: what is over, and the time that was seen.
  // At start, before anything is read: goes by the latest time that was ever seen. Errors are a
  // reason not to start, since what is over might be served.
  Result<> end_what_is_over(std::vector<std::string>& problems) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void expire_until(WallTime now, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void keep_time(WallTime now) PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);

  // -- revocations.cpp: what is taken away, also where the database cannot be written.
  // `written` is what came of the database. With a Revoked the revocation is to be applied.
  Result<Revoked> revoke(const Result<>& written, store::Revocation revocation, Change& change)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // Those of before the start, and again those that could not be written so far.
  Result<> write_noted() PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void write_unwritten() PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<> write_again(const store::Revocation& revocation) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);

  // -- bootstrap.cpp: the first token.
  void note_use();
  void keep_first_use();
  Result<std::optional<vault::Token>> waiting_first_token() const;
  Result<> keep_first_token(const vault::Token& token);

  // -- control_plane.cpp: one row of what is read at start.
  void load_api_token(const store::ApiTokenRow& row, Change& change,
                      std::vector<std::string>& problems) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void load_account(store::AccountRow& row, std::vector<std::string>& problems)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void load_server(store::McpServerRow& row, Change& change, std::vector<std::string>& problems)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);

  // -- credentials.cpp: sealing and opening.
  using Credentials = std::map<std::string, Secret>;
  struct SealedCredentials {
    Credentials values;
    std::string origin;  // where they go; empty: of a version that bound none
  };
  // Into the row, for this origin.
  void seal(store::AccountRow& row, const Credentials& credentials, std::string_view origin) const;
  Result<SealedCredentials> unseal(const store::AccountRow& row) const;
  // Seals again what a previous master key sealed, or a version that bound no origin. A failure is
  // a problem to report, no more: the old sealing still opens.
  void seal_again(store::AccountRow& row, const upstream::Account& live,
                  std::vector<std::string>& problems) const;
  static Result<std::shared_ptr<const upstream::Account>> open_account(
      std::string id, const std::shared_ptr<const catalog::ToolCatalog>& catalog,
      const Credentials& credentials, const json::Value& settings);
  // The account of a row, as it is stored. Error conflict: it would send the credentials to another
  // origin than they were entered for.
  Result<std::shared_ptr<const upstream::Account>> open_account(const store::AccountRow& row) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // What they are bound to; of those that are bound to none, where they have gone so far.
  static std::string bound_origin(const SealedCredentials& stored, const store::AccountRow& row,
                                  const std::shared_ptr<const catalog::ToolCatalog>& catalog);
  static Result<> check_origin(const upstream::Account& live, std::string_view bound);

  // -- accounts.cpp. Opens the connection of a changed row, into which the changes of credentials
  // are sealed first. `catalog` may be null (error conflict).
  using CredentialChanges = std::map<std::string, std::optional<Secret>>;
  Result<std::shared_ptr<const upstream::Account>> reopen_account(
      store::AccountRow& row, const std::shared_ptr<const catalog::ToolCatalog>& catalog,
      const std::optional<CredentialChanges>& changes) const;
  // Asks the upstream.
  Result<> prove(const std::shared_ptr<const upstream::Account>& account,
                 std::string_view environment_id) PATCHBAY_EXCLUDES(rows.writing, rows.mutex);
  // Commits `row` and serves it, unless the account is no longer
  // as it was `before`. `live` null: the connection stays.
  Result<store::AccountRow> commit_account(const Principal& principal,
                                           const store::AccountRow& before, store::AccountRow row,
                                           std::shared_ptr<const upstream::Account> live)
      PATCHBAY_EXCLUDES(rows.writing, rows.mutex);
  // Already known to need it, or deleted.
  bool needs_reauth_already(std::string_view account_id) const PATCHBAY_REQUIRES_SHARED(rows.mutex);
};

// One change, from its first check to its announcement: a Writing, at whose end what was made of
// the snapshot is published, and whoever waits for an expiry is called when all is free. A function
// that returns its result has done all of it.
//
// What is checked, and the commit to the repository, come before anything that changes rows or the
// snapshot; so a change that ends with an error has made nothing.
class PATCHBAY_SCOPED_LOCK ControlPlane::Change {
 public:
  explicit Change(Impl& impl) PATCHBAY_ACQUIRES(impl.rows.writing)
      PATCHBAY_ACQUIRES_SHARED(impl.rows.mutex);
  ~Change() PATCHBAY_RELEASES();
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

  // The next snapshot, made out of the present one when it is first asked for. A change that never
  // asks publishes none.
  SnapshotEditor& snapshot();
  // The same out of nothing: for reading everything anew.
  void begin_from_nothing() { snapshot_.emplace(nullptr); }

  bool expiry_changed = false;  // another expiry may be the nearest now

 private:
  Impl& impl_;
  std::optional<Writing> writing_;
  std::optional<SnapshotEditor> snapshot_;
};

// The page of rows that `rows` points to, newest first.
template <class Row>
std::vector<Row> take_page(std::vector<const Row*> rows, const Page& page) {
  const auto newer = [](WallTime a_time, std::string_view a, WallTime b_time, std::string_view b) {
    return a_time != b_time ? a_time > b_time : a > b;
  };
  std::ranges::sort(rows, [&](const Row* a, const Row* b) {
    return newer(a->created_at, a->id, b->created_at, b->id);
  });
  auto from = rows.begin();
  if (page.after) {
    from = std::ranges::partition_point(rows, [&](const Row* row) {
      return !newer(page.after->created_at, page.after->id, row->created_at, row->id);
    });
  }
  std::vector<Row> taken;
  for (; from != rows.end() && taken.size() < page.limit; ++from) taken.push_back(**from);
  return taken;
}

}  // namespace patchbay::control
