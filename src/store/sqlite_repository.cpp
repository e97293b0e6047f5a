#include <cassert>
#include <memory>

#include "base/mutex.h"
#include "store/repository.h"
#include "store/sqlite_database.h"
#include "store/sqlite_rows.h"
#include "store/sqlite_schema.h"

namespace patchbay::store {
namespace {

constexpr Sql kInsertEnvironment =
    "INSERT INTO environment (name, created_at, updated_at, id) VALUES (?, ?, ?, ?)";
constexpr Sql kUpdateEnvironment =
    "UPDATE environment SET name = ?, created_at = ?, updated_at = ? WHERE id = ?";
constexpr Sql kSelectEnvironments =
    "SELECT id, name, created_at, updated_at FROM environment ORDER BY created_at, id";
constexpr Sql kDeleteEnvironment = "DELETE FROM environment WHERE id = ?";

constexpr Sql kInsertApiToken =
    "INSERT INTO api_token (environment_id, name, scope, limits, hash, expires_at, created_by, "
    "created_at, updated_at, mac, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr Sql kUpdateApiToken =
    "UPDATE api_token SET environment_id = ?, name = ?, scope = ?, limits = ?, hash = ?, "
    "expires_at = ?, created_by = ?, created_at = ?, updated_at = ?, mac = ? WHERE id = ?";
constexpr Sql kSelectApiTokens =
    "SELECT id, environment_id, name, scope, limits, hash, expires_at, created_by, created_at, "
    "updated_at, mac FROM api_token ORDER BY created_at, id";
constexpr Sql kDeleteApiToken = "DELETE FROM api_token WHERE id = ?";

constexpr Sql kInsertAccount =
    "INSERT INTO integrated_account (environment_id, integration, tenant_id, name, status, "
    "last_error, credentials, settings, created_by, created_at, updated_at, mac, id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr Sql kUpdateAccount =
    "UPDATE integrated_account SET environment_id = ?, integration = ?, tenant_id = ?, name = ?, "
    "status = ?, last_error = ?, credentials = ?, settings = ?, created_by = ?, created_at = ?, "
    "updated_at = ?, mac = ? WHERE id = ?";
constexpr Sql kSelectAccounts =
    "SELECT id, environment_id, integration, tenant_id, name, status, last_error, credentials, "
    "settings, created_by, created_at, updated_at, mac FROM integrated_account "
    "ORDER BY created_at, id";
constexpr Sql kDeleteAccount = "DELETE FROM integrated_account WHERE id = ?";

constexpr Sql kInsertMcpServer =
    "INSERT INTO mcp_server (account_id, environment_id, name, config, hash, expires_at, "
    "created_by, created_at, updated_at, mac, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr Sql kUpdateMcpServer =
    "UPDATE mcp_server SET account_id = ?, environment_id = ?, name = ?, config = ?, hash = ?, "
    "expires_at = ?, created_by = ?, created_at = ?, updated_at = ?, mac = ? WHERE id = ?";
constexpr Sql kSelectMcpServers =
    "SELECT id, account_id, environment_id, name, config, hash, expires_at, created_by, "
    "created_at, updated_at, mac FROM mcp_server ORDER BY created_at, id";
constexpr Sql kDeleteMcpServer = "DELETE FROM mcp_server WHERE id = ?";
constexpr Sql kDeleteExpiredMcpServers =
    "DELETE FROM mcp_server WHERE expires_at IS NOT NULL AND expires_at <= ? RETURNING id";

constexpr Sql kDeleteOldWrites = "DELETE FROM write_journal WHERE started_at < ?";
constexpr Sql kInsertWrite =
    "INSERT INTO write_journal (account_id, key, digest, state, result, started_at, id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, key) DO NOTHING";
constexpr Sql kSelectWriteOfKey =
    "SELECT id, account_id, key, digest, state, result, started_at FROM write_journal "
    "WHERE account_id = ? AND key = ?";
constexpr Sql kRestartWrite =
    "UPDATE write_journal SET state = 'started', started_at = ? "
    "WHERE id = ? AND started_at = ? AND state <> 'done'";
constexpr Sql kFinishWrite = "UPDATE write_journal SET state = ?, result = ? WHERE id = ?";
constexpr Sql kDeleteWrite = "DELETE FROM write_journal WHERE id = ?";

constexpr Sql kSelectSecret = "SELECT sealed FROM instance_secret WHERE name = ?";
constexpr Sql kInsertSecret = "INSERT INTO instance_secret (sealed, name) VALUES (?, ?)";
constexpr Sql kUpdateSecret = "UPDATE instance_secret SET sealed = ? WHERE name = ?";

class SqliteRepository final : public Repository {
 public:
  explicit SqliteRepository(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  Result<> insert(const EnvironmentRow& row) override { return write(kInsertEnvironment, row); }
  Result<> update(const EnvironmentRow& row) override { return write(kUpdateEnvironment, row); }
  Result<> delete_environment(std::string_view id) override {
    return remove(kDeleteEnvironment, id);
  }
  Result<std::vector<EnvironmentRow>> environments() override {
    return read<EnvironmentRow>(kSelectEnvironments);
  }

  Result<> insert(const ApiTokenRow& row) override { return write(kInsertApiToken, row); }
  Result<> update(const ApiTokenRow& row) override { return write(kUpdateApiToken, row); }
  Result<> delete_api_token(std::string_view id) override { return remove(kDeleteApiToken, id); }
  Result<std::vector<ApiTokenRow>> api_tokens() override {
    return read<ApiTokenRow>(kSelectApiTokens);
  }

  Result<> insert(const AccountRow& row) override { return write(kInsertAccount, row); }
  Result<> update(const AccountRow& row) override { return write(kUpdateAccount, row); }
  Result<> delete_account(std::string_view id) override { return remove(kDeleteAccount, id); }
  Result<std::vector<AccountRow>> accounts() override { return read<AccountRow>(kSelectAccounts); }

  Result<> insert(const McpServerRow& row) override { return write(kInsertMcpServer, row); }
  Result<> update(const McpServerRow& row) override { return write(kUpdateMcpServer, row); }
  Result<> delete_mcp_server(std::string_view id) override { return remove(kDeleteMcpServer, id); }
  Result<std::vector<McpServerRow>> mcp_servers() override {
    return read<McpServerRow>(kSelectMcpServers);
  }

  Result<std::vector<std::string>> delete_expired_mcp_servers(WallTime now) override {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(kDeleteExpiredMcpServers);
    if (!statement) return std::unexpected(statement.error());
    statement->integer(to_millis(now));
    std::vector<std::string> ids;
    while (true) {
      const auto row = statement->step();
      if (!row) return std::unexpected(row.error());
      if (!*row) return ids;
      ids.push_back(statement->column_text(0));
    }
  }

  Result<std::optional<WriteRow>> begin_write(const WriteRow& row, WallTime valid_from) override {
    const MutexLock lock(mutex_);
    // One transaction, so one wait for the disk.
    if (auto begun = database_->execute("BEGIN IMMEDIATE;"); !begun) {
      return std::unexpected(begun.error());
    }
    auto found = insert_or_find(row, valid_from);
    if (found) {
      if (auto done = database_->execute("COMMIT;"); !done) found = std::unexpected(done.error());
    }
    if (!found) static_cast<void>(database_->execute("ROLLBACK;"));
    return found;
  }
  Result<bool> restart_write(std::string_view id, WallTime then, WallTime now) override {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(kRestartWrite);
    if (!statement) return std::unexpected(statement.error());
    const auto changed = statement->integer(to_millis(now)).text(id).integer(to_millis(then)).run();
    if (!changed) return std::unexpected(changed.error());
    return *changed > 0;
  }
  Result<> finish_write(std::string_view id, std::string_view state,
                        const vault::SealedBytes& result) override {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(kFinishWrite);
    if (!statement) return std::unexpected(statement.error());
    statement->text(state).blob(result.bytes).text(id);
    return expect_a_change(statement->run());
  }
  Result<> delete_write(std::string_view id) override { return remove(kDeleteWrite, id); }

  Result<std::optional<vault::SealedBytes>> secret(std::string_view name) override {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(kSelectSecret);
    if (!statement) return std::unexpected(statement.error());
    statement->text(name);
    const auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    return vault::SealedBytes{statement->column_text(0)};
  }
  Result<> insert_secret(std::string_view name, const vault::SealedBytes& value) override {
    return write_secret(kInsertSecret, name, value);
  }
  Result<> update_secret(std::string_view name, const vault::SealedBytes& value) override {
    return write_secret(kUpdateSecret, name, value);
  }

 private:
  static Result<> expect_a_change(const Result<int>& changed) {
    if (!changed) return std::unexpected(changed.error());
    if (*changed == 0) return fail(ErrorCode::not_found, "There is no such record.");
    return {};
  }

  template <class Row>
  Result<> write(Sql sql, const Row& row) {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    bind(*statement, row);
    return expect_a_change(statement->run());
  }

  Result<> remove(Sql sql, std::string_view id) {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    statement->text(id);
    return expect_a_change(statement->run());
  }

  // What begin_write does within its transaction.
  Result<std::optional<WriteRow>> insert_or_find(const WriteRow& row, WallTime valid_from)
      PATCHBAY_REQUIRES(mutex_) {
    auto old = database_->prepare(kDeleteOldWrites);
    if (!old) return std::unexpected(old.error());
    if (auto gone = old->integer(to_millis(valid_from)).run(); !gone) {
      return std::unexpected(gone.error());
    }
    auto fresh = database_->prepare(kInsertWrite);
    if (!fresh) return std::unexpected(fresh.error());
    bind(*fresh, row);
    const auto inserted = fresh->run();
    if (!inserted) return std::unexpected(inserted.error());
    if (*inserted > 0) return std::nullopt;

    auto present = database_->prepare(kSelectWriteOfKey);
    if (!present) return std::unexpected(present.error());
    const auto found = present->text(row.account_id).text(row.key).step();
    if (!found) return std::unexpected(found.error());
    assert(*found && "it was in the way of the insert, in the same transaction");
    return read_row<WriteRow>(*present);
  }

  Result<> write_secret(Sql sql, std::string_view name, const vault::SealedBytes& value) {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    statement->blob(value.bytes).text(name);
    return expect_a_change(statement->run());
  }

  template <class Row>
  Result<std::vector<Row>> read(Sql sql) {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    std::vector<Row> rows;
    while (true) {
      const auto more = statement->step();
      if (!more) return std::unexpected(more.error());
      if (!*more) return rows;
      auto row = read_row<Row>(*statement);
      if (!row) return std::unexpected(row.error());
      rows.push_back(std::move(*row));
    }
  }

  Mutex mutex_;
  const std::unique_ptr<Database> database_ PATCHBAY_PT_GUARDED_BY(mutex_);
};

}  // namespace

Result<std::unique_ptr<Repository>> open_sqlite(const std::string& path) {
  auto database = Database::open(path);
  if (!database) return std::unexpected(database.error());
  if (auto migrated = migrate(**database); !migrated) return std::unexpected(migrated.error());
  return std::make_unique<SqliteRepository>(std::move(*database));
}

}  // namespace patchbay::store
