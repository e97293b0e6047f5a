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
    "INSERT INTO api_token (environment_id, name, hash, expires_at, created_by, created_at, "
    "updated_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr Sql kSelectApiTokens =
    "SELECT id, environment_id, name, hash, expires_at, created_by, created_at, updated_at "
    "FROM api_token ORDER BY created_at, id";
constexpr Sql kDeleteApiToken = "DELETE FROM api_token WHERE id = ?";

constexpr Sql kInsertAccount =
    "INSERT INTO integrated_account (environment_id, integration, tenant_id, name, status, "
    "last_error, credentials, settings, created_by, created_at, updated_at, id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr Sql kUpdateAccount =
    "UPDATE integrated_account SET environment_id = ?, integration = ?, tenant_id = ?, name = ?, "
    "status = ?, last_error = ?, credentials = ?, settings = ?, created_by = ?, created_at = ?, "
    "updated_at = ? WHERE id = ?";
constexpr Sql kSelectAccounts =
    "SELECT id, environment_id, integration, tenant_id, name, status, last_error, credentials, "
    "settings, created_by, created_at, updated_at FROM integrated_account ORDER BY created_at, id";
constexpr Sql kDeleteAccount = "DELETE FROM integrated_account WHERE id = ?";

constexpr Sql kInsertMcpServer =
    "INSERT INTO mcp_server (account_id, environment_id, name, config, hash, expires_at, "
    "created_by, created_at, updated_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr Sql kUpdateMcpServer =
    "UPDATE mcp_server SET account_id = ?, environment_id = ?, name = ?, config = ?, hash = ?, "
    "expires_at = ?, created_by = ?, created_at = ?, updated_at = ? WHERE id = ?";
constexpr Sql kSelectMcpServers =
    "SELECT id, account_id, environment_id, name, config, hash, expires_at, created_by, "
    "created_at, updated_at FROM mcp_server ORDER BY created_at, id";
constexpr Sql kDeleteMcpServer = "DELETE FROM mcp_server WHERE id = ?";
constexpr Sql kDeleteExpiredMcpServers =
    "DELETE FROM mcp_server WHERE expires_at IS NOT NULL AND expires_at <= ? RETURNING id";

constexpr Sql kDeleteOldIdempotent = "DELETE FROM idempotency WHERE started_at < ?";
constexpr Sql kInsertIdempotent =
    "INSERT INTO idempotency (account_id, key, digest, state, result, started_at) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, key) DO NOTHING";
constexpr Sql kSelectIdempotent =
    "SELECT digest, state, result, started_at FROM idempotency WHERE account_id = ? AND key = ?";
constexpr Sql kFinishIdempotent =
    "UPDATE idempotency SET state = ?, result = ? WHERE account_id = ? AND key = ?";
constexpr Sql kDeleteIdempotent = "DELETE FROM idempotency WHERE account_id = ? AND key = ?";

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

  Result<std::optional<IdempotencyRow>> begin_idempotent(const IdempotencyRow& row,
                                                         WallTime valid_from) override {
    const MutexLock lock(mutex_);
    if (auto gone = delete_old_idempotent(valid_from); !gone) return std::unexpected(gone.error());
    auto inserted = insert_idempotent(row);
    if (!inserted) return std::unexpected(inserted.error());
    if (*inserted > 0) return std::nullopt;
    return find_idempotent(row);
  }
  Result<> finish_idempotent(const IdempotencyRow& row) override {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(kFinishIdempotent);
    if (!statement) return std::unexpected(statement.error());
    statement->text(row.state).blob(row.result.bytes).text(row.account_id).text(row.key);
    return expect_a_change(statement->run());
  }
  Result<> delete_idempotent(std::string_view account_id, std::string_view key) override {
    const MutexLock lock(mutex_);
    auto statement = database_->prepare(kDeleteIdempotent);
    if (!statement) return std::unexpected(statement.error());
    statement->text(account_id).text(key);
    return expect_a_change(statement->run());
  }

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

  // The parts of begin_idempotent.
  Result<> delete_old_idempotent(WallTime valid_from) PATCHBAY_REQUIRES(mutex_) {
    auto statement = database_->prepare(kDeleteOldIdempotent);
    if (!statement) return std::unexpected(statement.error());
    const auto changed = statement->integer(to_millis(valid_from)).run();
    if (!changed) return std::unexpected(changed.error());
    return {};
  }
  Result<int> insert_idempotent(const IdempotencyRow& row) PATCHBAY_REQUIRES(mutex_) {
    auto statement = database_->prepare(kInsertIdempotent);
    if (!statement) return std::unexpected(statement.error());
    return statement->text(row.account_id)
        .text(row.key)
        .text(row.digest)
        .text(row.state)
        .blob(row.result.bytes)
        .integer(to_millis(row.started_at))
        .run();
  }
  Result<std::optional<IdempotencyRow>> find_idempotent(const IdempotencyRow& wanted)
      PATCHBAY_REQUIRES(mutex_) {
    auto statement = database_->prepare(kSelectIdempotent);
    if (!statement) return std::unexpected(statement.error());
    const auto found = statement->text(wanted.account_id).text(wanted.key).step();
    if (!found) return std::unexpected(found.error());
    // Another process may have removed it in between: then it is as if there had been trouble.
    if (!*found) return fail(ErrorCode::unavailable, "The record went away meanwhile.");
    IdempotencyRow row;
    row.account_id = wanted.account_id;
    row.key = wanted.key;
    row.digest = statement->column_text(0);
    row.state = statement->column_text(1);
    row.result.bytes = statement->column_text(2);
    row.started_at = WallTime(std::chrono::milliseconds(statement->column_integer(3).value_or(0)));
    return row;
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
