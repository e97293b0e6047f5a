// What a ControlPlane holds, for the files of this room that implement it.
//
// The database is asked, not copied: lists and single rows come out of it, a change names the
// version of the row that it read. What calls use is read once and held in memory (held.h) as long
// as there is room; whatever changes a row, here or on another node, changes what is held of it.
//
// Two locks. `changing` is a turn: what changes rows through this node has it from its first check
// to its end, and so while the database is waited for. `holding` guards what is held, for moments:
// nobody waits for a database with it, so that a call which has to read its server never waits for
// a change of another one. Probes run without any.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <initializer_list>
#include <tuple>

#include "base/mutex.h"
#include "base/shares.h"
#include "control/absent.h"
#include "control/approvals.h"
#include "control/authority.h"
#include "control/catalogs.h"
#include "control/connect.h"
#include "control/control_plane.h"
#include "control/grants.h"
#include "control/held.h"
#include "control/high_water.h"
#include "control/server_config.h"
#include "control/sign_ins.h"
#include "control/unwritten.h"
#include "control/webhooks.h"
#include "store/everything.h"

namespace patchbay::control {

inline constexpr std::size_t kLongestError = 500;  // bytes of last_error

// Who made the first token, when there was none yet.
inline constexpr std::string_view kBootstrap = "bootstrap";

struct ControlPlane::Impl {
  static constexpr std::size_t kMostAltered = 10'000;  // that are counted
  // A shared database that was not heard for so long is not waited for where something is taken
  // away.
  static constexpr Trust::Time kSilent{2'000};

  Impl(store::Repository& the_repository, std::shared_ptr<const vault::Vault> the_vault,
       const Clock& the_clock, SnapshotHolder& the_holder, Probe the_probe,
       ControlOptions the_options)
      : repository(the_repository),
        vault(std::move(the_vault)),
        clock(the_clock),
        holder(the_holder),
        probe(std::move(the_probe)),
        options(std::move(the_options)),
        unwritten(options.notes) {}

  // Constant after construction.
  store::Repository& repository;
  const std::shared_ptr<const vault::Vault> vault;
  HighWater clock;
  SnapshotHolder& holder;
  const Probe probe;
  const ControlOptions options;

  // Synchronised by themselves.
  std::atomic<std::size_t> memory{options.memory};
  Catalogs catalogs;
  std::unique_ptr<Approvals> approvals;
  std::unique_ptr<Webhooks> webhooks;
  std::unique_ptr<SignIns> sign_ins;
  std::unique_ptr<Connections> connections;
  std::atomic<std::chrono::seconds> expiry_notice{options.expiry_notice};
  Unwritten unwritten;
  Absent absent;

  Mutex changing;
  mutable Mutex holding;  // taken last
  Held held PATCHBAY_GUARDED_BY(holding);
  std::size_t held_bytes PATCHBAY_GUARDED_BY(holding) = 0;
  // What was counted of servers and is not in the database yet, by id.
  ById<store::ServerUse> uncounted PATCHBAY_GUARDED_BY(holding);
  // The latest time that the database knows of.
  std::optional<WallTime> time_kept PATCHBAY_GUARDED_BY(changing);
  // Toolsets in use, by integration and filter: shared by all servers that are alike.
  using Words = std::vector<std::string>;
  using ToolsetKey =
      std::tuple<std::string, Words, Words, Words, Words, catalog::Exposure, catalog::NameForm>;
  std::map<ToolsetKey, std::weak_ptr<const catalog::Toolset>> toolsets PATCHBAY_GUARDED_BY(holding);
  static constexpr std::size_t kFewToolsets = 256;
  std::size_t toolsets_at_most PATCHBAY_GUARDED_BY(holding) = kFewToolsets;  // before a look
  // Ids of rows that were changed, the latest last, and how many there were ever: who read a row
  // without the lock knows by it whether the row is still good.
  std::deque<std::string> touched PATCHBAY_GUARDED_BY(holding);
  std::uint64_t touched_ever PATCHBAY_GUARDED_BY(holding) = 0;

  // One thread at a time reads what other nodes changed; taken before the others.
  Mutex catching_up;
  // Another thread does so all the time: who is in doubt waits for its news.
  std::atomic<bool> is_followed = false;
  Mutex news_mutex;
  Condition news;
  std::int64_t seen_revision PATCHBAY_GUARDED_BY(catching_up) = 0;

  // The first token was given, and no token was used yet; and: one was, which is to be written.
  std::atomic<bool> first_token_waits = false;
  std::atomic<bool> first_use = false;
  // Rows that were found not to be as they were signed, by their ids.
  mutable Mutex altered_mutex;
  mutable ById<store::Table> altered PATCHBAY_GUARDED_BY(altered_mutex);

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
  // With what is told of it (tidings.h), in one commit.
  template <class Row>
  Result<> insert(Row& row, const store::Message& told) const {
    sign(*vault, row);
    return repository.insert(row, told);
  }
  template <class Row>
  Result<> update(Row& row, const store::Message& told) const {
    sign(*vault, row);
    return repository.update(row, told);
  }
  // Tells of it, once.
  template <class Row>
  void note_altered(const Row& row) const {
    {
      const MutexLock lock(altered_mutex);
      if (altered.size() >= kMostAltered || !altered.emplace(row.id, table_of(row)).second) return;
    }
    report(say_altered(row));
  }
  static store::Table table_of(const store::ApiTokenRow&) { return store::Table::api_token; }
  static store::Table table_of(const store::AccountRow&) {
    return store::Table::integrated_account;
  }
  static store::Table table_of(const store::McpServerRow&) { return store::Table::mcp_server; }
  static store::Table table_of(const store::ApprovalRow&) { return store::Table::approval; }
  // look_over.cpp: whether it is there, and still not as it was signed; also where nobody can tell.
  bool is_still_altered(store::Table table, const std::string& id) const;
  // Goes with changes of tokens: the last admin of the instance stays, or nobody could come in
  // again.
  store::KeepAnAdmin keep_an_admin() const { return {.at = clock.now()}; }
  void report(std::string problem) const {
    if (options.report) options.report(std::move(problem));
  }

  // -- stored.cpp: single rows, as they count. Nothing: there is none, it was revoked, or it is not
  // as it was signed.
  template <class T>
  using Maybe = Result<std::optional<T>>;
  Maybe<store::EnvironmentRow> stored_environment(std::string_view id) const;
  Maybe<store::ApiTokenRow> stored_api_token(std::string_view id) const;
  Maybe<store::ApiTokenRow> stored_api_token(const vault::TokenHash& hash) const;
  Maybe<store::AccountRow> stored_account(std::string_view id) const;
  Maybe<store::McpServerRow> stored_server(std::string_view id) const;
  Maybe<store::McpServerRow> stored_server(const vault::TokenHash& hash) const;
  template <class Row>
  bool counts(const Row& row) const;
  // The same, or what is held of it while the database does not answer: enough to take it away.
  Maybe<store::EnvironmentRow> known_environment(std::string_view id) const
      PATCHBAY_EXCLUDES(holding);
  Maybe<store::ApiTokenRow> known_api_token(std::string_view id) const PATCHBAY_EXCLUDES(holding);
  Maybe<store::AccountRow> known_account(std::string_view id) const PATCHBAY_EXCLUDES(holding);
  Maybe<store::McpServerRow> known_server(std::string_view id) const PATCHBAY_EXCLUDES(holding);
  bool is_silent() const { return holder.trust.age() > kSilent; }
  bool is_over(const std::optional<WallTime>& expires_at) const {
    return expires_at && *expires_at <= clock.now();
  }

  // -- rules.cpp: looking things up on a principal's behalf.
  // Within the scope of the principal's token as well as in its environment.
  static bool may_see_account(const Principal& principal, const store::AccountRow& row);
  static bool may_see(const Principal& principal, std::string_view environment_id);
  // Between its moment and the timer that removes it, a server is gone already; nor is there one
  // that reaches further than who asks may mint: its new URL would.
  bool may_see_server(const Principal& principal, const store::McpServerRow& row) const;
  Result<store::EnvironmentRow> find_environment(const Principal&, std::string_view id) const;
  Result<store::ApiTokenRow> find_api_token(const Principal&, std::string_view id) const;
  Result<store::AccountRow> find_account(const Principal&, std::string_view id) const;
  Result<store::McpServerRow> find_server(const Principal&, std::string_view account_id,
                                          std::string_view id) const;
  // The environment that something new goes to.
  Result<std::string> choose_environment(const Principal&, std::string_view wanted) const;
  Result<> check_expiry(const std::optional<WallTime>& expires_at) const;
  // Whether what the limits name is there, and in reach of the token that they are to be of.
  // Errors: not_found, invalid_argument.
  Result<> check_limits(const Principal& owner, const TokenScope& scope) const;
  // Error conflict: without this one nobody could come in again. The repository says the same
  // within its transaction; this holds also where it cannot be written, and a revocation would.
  Result<> check_not_the_last(const store::ApiTokenRow& row) const;
  // Whether the token with which the principal came in still stands: it may have waited, for a
  // body, a probe or its turn. Error: unauthenticated.
  Result<> check_standing(const Principal&) const;

  // -- remember.cpp: what is held, together with what the snapshot shows of it. Each notes the row
  // as touched, held or not.
  void touch(std::string_view id) PATCHBAY_REQUIRES(holding);
  // Whether that row, or what owns it, was touched since there were so many; also where that is not
  // known any more.
  bool touched_since(std::uint64_t before, const store::McpServerRow& row) const
      PATCHBAY_REQUIRES(holding);
  bool touched_since(std::uint64_t before, const store::ApiTokenRow& row) const
      PATCHBAY_REQUIRES(holding);
  bool touched_since(std::uint64_t before, std::initializer_list<std::string_view> ids) const
      PATCHBAY_REQUIRES(holding);
  std::uint64_t touched_by_now() PATCHBAY_EXCLUDES(holding);
  // Older than what is held: nothing.
  void hold_api_token(const store::ApiTokenRow& row, Change& change) PATCHBAY_REQUIRES(holding);
  void hold_server(store::McpServerRow row, std::shared_ptr<const McpServer> live, Change& change)
      PATCHBAY_REQUIRES(holding);
  // Of what this node has committed: unless it went meanwhile, by another node. `before`:
  // touched_by_now() of before the commit.
  void hold_committed(const store::ApiTokenRow& row, std::uint64_t before, Change& change)
      PATCHBAY_REQUIRES(holding);
  void hold_committed(const store::McpServerRow& row, std::shared_ptr<const McpServer> live,
                      std::uint64_t before, Change& change) PATCHBAY_REQUIRES(holding);
  // The row has changed. `live` null: the connection that there is stays.
  void remember_account(store::AccountRow row, const std::shared_ptr<const upstream::Account>& live,
                        Change& change) PATCHBAY_REQUIRES(holding);
  // Each with all that it owns; nothing where it is not held.
  void drop_environment(std::string_view id, Change& change) PATCHBAY_REQUIRES(holding);
  void drop_api_token(std::string_view id, Change& change) PATCHBAY_REQUIRES(holding);
  void drop_account(std::string_view id, Change& change) PATCHBAY_REQUIRES(holding);
  void drop_server(std::string_view id, Change& change) PATCHBAY_REQUIRES(holding);
  // What was used least recently goes, until the rest fits.
  void make_room(Change& change) PATCHBAY_REQUIRES(holding);

  // -- usage.cpp: what is counted of servers.
  void count_use(const HeldServer& server, WallTime now) PATCHBAY_REQUIRES(holding);

  // -- read_through.cpp: what calls ask for and is not held.
  Result<> read_server(const vault::TokenHash& hash) PATCHBAY_EXCLUDES(holding);
  Result<> read_token(const vault::TokenHash& hash) PATCHBAY_EXCLUDES(holding);

  // -- follow.cpp: what other nodes changed.
  Result<> catch_up() PATCHBAY_REQUIRES(catching_up) PATCHBAY_EXCLUDES(changing, holding);
  Result<> look_at_all_again() PATCHBAY_EXCLUDES(holding);
  void wake_timer() PATCHBAY_EXCLUDES(callbacks_mutex);
  void tell_news() PATCHBAY_EXCLUDES(news_mutex);
  void wait_for_news() PATCHBAY_EXCLUDES(news_mutex);
  // As it is now, if what is held of it is older than that revision.
  Result<> look_at(store::Kind kind, std::string_view id, std::int64_t revision)
      PATCHBAY_EXCLUDES(holding);
  Result<> look_at_server(std::string_view id, std::int64_t revision) PATCHBAY_EXCLUDES(holding);
  Result<> look_at_token(std::string_view id, std::int64_t revision) PATCHBAY_EXCLUDES(holding);
  Result<> look_at_account(std::string_view id, std::int64_t revision) PATCHBAY_EXCLUDES(holding);
  Result<> look_at_environment(std::string_view id) PATCHBAY_EXCLUDES(holding);

  // -- derive.cpp: what the call path uses, out of rows.
  Result<std::shared_ptr<const catalog::Toolset>> select_toolset(
      const std::shared_ptr<const catalog::ToolCatalog>& catalog, catalog::ToolFilter filter)
      PATCHBAY_REQUIRES(holding);
  // Error conflict: the account cannot be used.
  Result<std::shared_ptr<const McpServer>> derive_server(
      const store::McpServerRow& row, const std::shared_ptr<const upstream::Account>& account)
      PATCHBAY_REQUIRES(holding);
  // The open connection of a row, opened if it is not.
  Result<std::shared_ptr<const upstream::Account>> connection_of(const store::AccountRow& row)
      PATCHBAY_REQUIRES(holding);
  // The same; error conflict: it cannot be used, and why.
  Result<std::shared_ptr<const upstream::Account>> usable_connection_of(
      const store::AccountRow& row) PATCHBAY_REQUIRES(holding);
  // The same of an account by its id, which is read if it is not open. Errors: not_found, conflict
  // (it cannot be used).
  Result<std::shared_ptr<const upstream::Account>> open_connection(std::string_view account_id)
      PATCHBAY_EXCLUDES(holding);
  // For a row that is new, or whose choice of tools is.
  Result<std::shared_ptr<const McpServer>> derive_new(const store::McpServerRow& row)
      PATCHBAY_EXCLUDES(holding);
  // What is served for `row` if nothing but its name, expiry and URL changed. Null: it is not held.
  std::shared_ptr<const McpServer> with_same_tools(const store::McpServerRow& row) const
      PATCHBAY_REQUIRES(holding);
  // Derives the held servers of the account anew, after it or its integration has changed. What
  // cannot be derived keeps what it had; returns why.
  std::vector<std::string> derive_servers_of(
      std::string_view account_id, const std::shared_ptr<const upstream::Account>& account,
      Change& change) PATCHBAY_REQUIRES(holding);
  std::vector<std::string> open_again(std::string_view integration) PATCHBAY_EXCLUDES(holding);

  // -- expiry.cpp: what is over, and the time that was seen.
  // At start, before anything is read: goes by the latest time that was ever seen. Errors are a
  // reason not to start, since what is over might be served.
  Result<> end_what_is_over(std::vector<std::string>& problems) PATCHBAY_EXCLUDES(holding);
  Result<> expire_until(WallTime now) PATCHBAY_EXCLUDES(holding);
  Result<> delete_expired(WallTime until) PATCHBAY_EXCLUDES(holding);
  // -- rotation.cpp: takes previous tokens away that are over.
  Result<> end_overlaps(WallTime until) PATCHBAY_EXCLUDES(holding);
  // Those who asked are told of what expires soon. Nothing: nobody asked, or nothing ever does;
  // else when that is to be done again.
  std::optional<WallTime> tell_of_expiry(WallTime now) const;
  void keep_time(WallTime now) PATCHBAY_REQUIRES(changing);

  // -- revocations.cpp: what is taken away, also where the database cannot be written.
  // `written` is what came of the database. With a Revoked the revocation is to be applied, and
  // where it is not on disk the timer to be woken.
  Result<Revoked> revoke(const Result<>& written, store::Revocation revocation,
                         std::optional<store::McpServerRow> rotated = {});
  // All of it, once the principal may: `drop` takes it out of memory, `erase` out of the database.
  Result<Revoked> take_away(const Principal& principal, const store::Revocation& revocation,
                            const std::function<void(Change&)>& drop,
                            const std::function<Result<>()>& erase)
      PATCHBAY_EXCLUDES(changing, holding);
  // Those of before the start, and again those that could not be written so far.
  Result<> write_noted() PATCHBAY_EXCLUDES(changing, holding);
  void write_unwritten() PATCHBAY_EXCLUDES(changing, holding);
  Result<> write_again(const store::Revocation& revocation, const store::McpServerRow* rotated)
      PATCHBAY_EXCLUDES(changing, holding);
  Result<> write_expired(const std::string& until) PATCHBAY_EXCLUDES(changing, holding);

  // -- bootstrap.cpp: the first token.
  void note_use();
  void keep_first_use();
  Result<std::optional<vault::Token>> waiting_first_token() const;
  Result<> keep_first_token(const vault::Token& token);

  // -- credentials.cpp: sealing and opening.
  using Credentials = std::map<std::string, Secret>;
  struct SealedCredentials {
    Credentials values;
    std::string origin;  // where they go; empty: of a version that bound none
  };
  // Into the row, for this origin.
  void seal(store::AccountRow& row, const Credentials& credentials, std::string_view origin) const;
  Result<SealedCredentials> unseal(const store::AccountRow& row) const;
  // A member's own, for this server of this account and integration.
  void seal(store::McpServerRow& row, std::string_view integration, const Credentials& credentials,
            std::string_view origin) const;
  Result<SealedCredentials> unseal(const store::McpServerRow& row,
                                   std::string_view integration) const;
  // Seals again what a previous master key sealed, or a version that bound no origin. A failure is
  // a problem to report, no more: the old sealing still opens. Whether the row was changed.
  bool seal_again(store::AccountRow& row, const upstream::Account& live,
                  std::vector<std::string>& problems) const;
  // The same of a server's own.
  bool seal_again(store::McpServerRow& row, std::string_view integration,
                  std::vector<std::string>& problems) const;
  static Result<std::shared_ptr<const upstream::Account>> open_account(
      std::string id, const std::shared_ptr<const catalog::ToolCatalog>& catalog,
      const Credentials& credentials, const json::Value& settings,
      const upstream::Account* before = nullptr);
  // The account of a row, as it is stored; `before`: what was opened for the same row by another
  // definition. Error conflict: it would send the credentials to another origin than they were
  // entered for.
  Result<std::shared_ptr<const upstream::Account>> open_account(
      const store::AccountRow& row, const upstream::Account* before = nullptr) const;
  // What they are bound to; of those that are bound to none, where they have gone so far.
  static std::string bound_origin(const SealedCredentials& stored, const store::AccountRow& row,
                                  const std::shared_ptr<const catalog::ToolCatalog>& catalog);
  static Result<> check_origin(const upstream::Account& live, std::string_view bound);

  // -- people.cpp: servers that are a member's.
  // What a server's calls are made with: the account's connection, that of its own credentials, or
  // one with none at all where these cannot be used.
  std::shared_ptr<const upstream::Account> connection_for(
      const store::McpServerRow& row, const std::shared_ptr<const upstream::Account>& account)
      PATCHBAY_REQUIRES(holding);
  // What is wanted of whose it is, proved at the upstream and put into the row.
  Result<> settle_member(store::McpServerRow& row, const store::AccountRow& account,
                         const Edit<std::string>& member, const Edit<OwnCredentials>& credentials)
      PATCHBAY_EXCLUDES(holding);
  // A server's row with that in it, of whose it shall be.
  Result<store::McpServerRow> with_member(const Principal& principal, std::string_view account_id,
                                          std::string_view id, const McpServerChange& wanted)
      PATCHBAY_EXCLUDES(holding);
  Result<upstream::Member> whose(const std::shared_ptr<const upstream::Account>& own,
                                 const std::shared_ptr<const upstream::Account>& account,
                                 const std::string& named, std::string_view environment_id)
      PATCHBAY_EXCLUDES(holding);
  // A row of a server that this change made, into the database and what is held of it.
  Result<> commit_needs_reauth(store::McpServerRow row, std::string_view why)
      PATCHBAY_REQUIRES(changing) PATCHBAY_EXCLUDES(holding);
  Result<> commit_member(store::McpServerRow row, bool needs_reauth = false)
      PATCHBAY_REQUIRES(changing) PATCHBAY_EXCLUDES(holding);
  // After the account has moved: its servers' own credentials are of where it was.
  void drop_own_credentials(const store::AccountRow& account, std::string_view origin)
      PATCHBAY_EXCLUDES(changing, holding);

  // -- accounts.cpp.
  static Result<> check_credentials(const Credentials& credentials);
  // What the caller is told when the upstream refuses: always the caller's to mend (a code of its
  // own would look like a refusal of the API token).
  static std::unexpected<Error> connection_refused(std::string_view label, const Error& error);
  // Opens the connection of a changed row, into which the changes of credentials
  // are sealed first. `catalog` may be null (error conflict).
  using CredentialChanges = std::map<std::string, std::optional<Secret>>;
  Result<std::shared_ptr<const upstream::Account>> reopen_account(
      store::AccountRow& row, const std::shared_ptr<const catalog::ToolCatalog>& catalog,
      const std::optional<CredentialChanges>& changes) const;
  // Asks the upstream.
  Result<> prove(const std::shared_ptr<const upstream::Account>& account,
                 std::string_view environment_id) PATCHBAY_EXCLUDES(holding);
  enum class ToBeTold : std::uint8_t { nothing, needs_reauth };
  // Commits `row` and serves it, unless the account is of another version by now. `live` null: the
  // connection stays.
  Result<store::AccountRow> commit_account(const Principal& principal, store::AccountRow row,
                                           std::shared_ptr<const upstream::Account> live,
                                           ToBeTold told = ToBeTold::nothing)
      PATCHBAY_EXCLUDES(holding);
};

// One change of what is held: the lock, at whose end what was made of the snapshot is published,
// and whoever waits for an expiry is called when all is free.
//
// What is checked, and the commit to the repository, come before it; so a change that ends with an
// error has made nothing.
class PATCHBAY_SCOPED_LOCK ControlPlane::Change {
 public:
  explicit Change(Impl& impl) PATCHBAY_ACQUIRES(impl.holding);
  ~Change() PATCHBAY_RELEASES();
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

  // The next snapshot, made out of the present one when it is first asked for. A change that never
  // asks publishes none.
  SnapshotEditor& snapshot();

  bool expiry_changed = false;  // another expiry may be the nearest now
  // Something was only read into memory: nobody need look again.
  bool only_read = false;

 private:
  Impl& impl_;
  std::optional<SnapshotEditor> snapshot_;
};

// The page of a list of which some rows do not count: as many questions as it takes.
template <class Ask, class Counts>
auto page_of(const Page& page, Ask ask, Counts counts) -> decltype(ask(page)) {
  decltype(ask(page)) all;
  Page next = page;
  while (true) {
    auto rows = ask(next);
    if (!rows) return rows;
    const bool more = rows->size() == next.limit;
    if (more && !rows->empty()) next.after = {rows->back().created_at, rows->back().id};
    for (auto& row : *rows) {
      if (all->size() < page.limit && counts(row)) all->push_back(std::move(row));
    }
    if (!more || all->size() >= page.limit) return all;
  }
}

}  // namespace patchbay::control
