// What a ControlPlane holds, for the files of this room that implement it.
//
// All rows lie in memory as well: listing, authenticating and re-deriving never wait for the
// database, and a node goes on when the database is away (10,000 servers are about 20 MB).
//
// A change is a Writing (guarded_rows.h): it checks, commits to the repository, puts the rows under
// an Applying, publishes, and calls back when all is free. Probes run without any lock.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <set>
#include <unordered_map>

#include "base/mutex.h"
#include "control/control_plane.h"
#include "control/guarded_rows.h"
#include "control/server_config.h"

namespace patchbay::control {

// A snapshot that is to be published, and the servers whose tools have changed.
struct Change {
  explicit Change(const std::shared_ptr<const Snapshot>& base) : snapshot(base) {}
  SnapshotEditor snapshot;
  std::vector<std::string> changed_servers;
  bool expiry_changed = false;
};

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
  const Clock& clock;
  SnapshotHolder& holder;
  const Probe probe;
  const ControlOptions options;

  GuardedRows rows;
  bool loaded PATCHBAY_GUARDED_BY(rows.writing) = false;
  std::set<std::pair<WallTime, std::string>> expiries PATCHBAY_GUARDED_BY(rows.writing);
  // Toolsets in use, by integration and filter: shared by all servers that are alike.
  using ToolsetKey = std::tuple<std::string, std::vector<std::string>, std::vector<std::string>>;
  std::map<ToolsetKey, std::weak_ptr<const catalog::Toolset>> toolsets
      PATCHBAY_GUARDED_BY(rows.writing);

  // Probes that run.
  std::atomic<int> probing = 0;

  Mutex callbacks_mutex;
  std::function<void()> expiry_callback PATCHBAY_GUARDED_BY(callbacks_mutex);
  std::function<void(std::string_view)> toolset_callback PATCHBAY_GUARDED_BY(callbacks_mutex);

  // -- rules.cpp: looking things up on a principal's behalf. What they point to is guarded.
  static bool may_see(const Principal& principal, std::string_view environment_id);
  Result<const store::EnvironmentRow*> find_environment(const Principal&, std::string_view id) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<const AccountEntry*> find_account(const Principal&, std::string_view id) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<const ServerEntry*> find_server(const Principal&, std::string_view account_id,
                                         std::string_view id) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<std::shared_ptr<const catalog::ToolCatalog>> find_catalog(std::string_view name) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // The environment that something new goes to.
  Result<std::string> choose_environment(const Principal&, std::string_view wanted) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Result<> check_expiry(const std::optional<WallTime>& expires_at) const;

  // -- serving.cpp: rows to what the call path uses. Within a Writing; they apply by themselves.
  Result<std::shared_ptr<const catalog::Toolset>> select_toolset(
      const std::shared_ptr<const catalog::ToolCatalog>& catalog, catalog::ToolFilter filter)
      PATCHBAY_REQUIRES(rows.writing);
  Result<std::shared_ptr<const McpServer>> derive_server(
      const store::McpServerRow& row, std::shared_ptr<const upstream::Account> account)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // Puts the row and what is served for it into the maps and the change. `live` null: not served.
  void put_server(store::McpServerRow row, std::shared_ptr<const McpServer> live,
                  std::string problem, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void drop_server(std::string_view id, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  void drop_account(std::string_view id, Change& change) PATCHBAY_REQUIRES(rows.writing)
      PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // Derives the account's servers anew, after the account or its integration has changed. What
  // cannot be derived keeps what it had; returns why.
  std::vector<std::string> derive_servers_of(std::string_view account_id, Change& change)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  // What is served for `row`, into which a patch's `config` (may be null) is merged.
  Result<std::shared_ptr<const McpServer>> patched_server(const ServerEntry& entry,
                                                          store::McpServerRow& row,
                                                          const json::Value* config)
      PATCHBAY_REQUIRES(rows.writing) PATCHBAY_REQUIRES_SHARED(rows.mutex);
  Change begin_change() const PATCHBAY_REQUIRES(rows.writing) { return Change(holder.current()); }
  void publish(Change& change) PATCHBAY_REQUIRES(rows.writing) {
    holder.set(change.snapshot.finish());
  }

  // -- credentials.cpp: sealing and opening.
  vault::SealedBytes seal(const std::map<std::string, Secret>& credentials,
                          std::string_view account_id) const;
  Result<std::map<std::string, Secret>> unseal(const store::AccountRow& row) const;
  bool sealed_with_current_key(const store::AccountRow& row) const;
  static Result<std::shared_ptr<const upstream::Account>> open_account(
      std::string id, const std::shared_ptr<const catalog::ToolCatalog>& catalog,
      const std::map<std::string, Secret>& credentials, const json::Value& settings);
  // Both: of a row as it is stored.
  Result<std::shared_ptr<const upstream::Account>> open_account(const store::AccountRow& row) const
      PATCHBAY_REQUIRES_SHARED(rows.mutex);

  // -- accounts.cpp. Asks the upstream.
  Result<> prove(const std::shared_ptr<const upstream::Account>& account)
      PATCHBAY_EXCLUDES(rows.writing, rows.mutex);
  // Commits `row` and serves it, unless the account is no longer
  // as it was `before`. `live` null: the connection stays.
  Result<store::AccountRow> commit_account(const store::AccountRow& before, store::AccountRow row,
                                           std::shared_ptr<const upstream::Account> live)
      PATCHBAY_EXCLUDES(rows.writing, rows.mutex);
  // Already known to need it, or deleted.
  bool needs_reauth_already(std::string_view account_id) const PATCHBAY_REQUIRES_SHARED(rows.mutex);

  // Calls back.
  void announce(const Change& change) PATCHBAY_EXCLUDES(rows.writing, rows.mutex);
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
