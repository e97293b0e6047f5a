#include "store/sqlite_database.h"

#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace patchbay::store {
namespace {

constexpr int kBusyTimeoutMs = 5'000;  // another process may hold the lock while it commits

Error error_of(sqlite3* database, int code) {
  switch (sqlite3_extended_errcode(database)) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return {ErrorCode::conflict, "There is one with this name already.", {}};
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return {ErrorCode::not_found, "What it belongs to does not exist.", {}};
    default:
      break;
  }
  // sqlite3_errstr, not sqlite3_errmsg: the latter can quote values.
  return {ErrorCode::unavailable, std::string("The database failed: ") + sqlite3_errstr(code) + ".",
          "Check the disk, its free space and the file's permissions."};
}

// SQLite would create the file readable for everybody; its WAL takes the same mode.
void create_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
}

}  // namespace

Statement::Statement(sqlite3* database, sqlite3_stmt* statement)
    : database_(database), statement_(statement) {}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      bound_(other.bound_) {}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Statement& Statement::text(std::string_view value) {
  sqlite3_bind_text64(statement_, ++bound_, value.empty() ? "" : value.data(), value.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::blob(std::string_view value) {
  sqlite3_bind_blob64(statement_, ++bound_, value.empty() ? "" : value.data(), value.size(),
                      SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::integer(std::int64_t value) {
  sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

Statement& Statement::optional_integer(std::optional<std::int64_t> value) {
  if (value) return integer(*value);
  sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Statement& Statement::null_if_empty(std::string_view value) {
  if (!value.empty()) return text(value);
  sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return std::unexpected(error_of(database_, code));
}

Result<int> Statement::run() {
  const auto row = step();
  if (!row) return std::unexpected(row.error());
  return sqlite3_changes(database_);
}

std::string Statement::column_text(int column) const {
  const void* const data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr
             ? std::string()
             : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::optional<std::int64_t> Statement::column_integer(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER) return {};
  return sqlite3_column_int64(statement_, column);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path) {
  if (path != ":memory:") create_private_file(path);
  std::unique_ptr<Database> database(new Database);
  const int code =
      sqlite3_open_v2(path.c_str(), &database->handle_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    return fail(ErrorCode::unavailable,
                "The database " + path + " cannot be opened: " + sqlite3_errstr(code) + ".",
                "Check that its folder exists and that this user may write there.");
  }
  sqlite3_busy_timeout(database->handle_, kBusyTimeoutMs);
  // WAL with FULL: each commit is on the disk before it returns. secure_delete: what is deleted is
  // overwritten, since it was a secret. trusted_schema: functions in a tampered schema do not run.
  // The switch to WAL does not heed the busy timeout: processes that open a new database at once
  // try again, 200 times 10 ms is 2 seconds.
  auto configured = database->execute("PRAGMA journal_mode = WAL;");
  for (int i = 0; !configured && sqlite3_errcode(database->handle_) == SQLITE_BUSY && i < 200;
       ++i) {
    sqlite3_sleep(10);
    configured = database->execute("PRAGMA journal_mode = WAL;");
  }
  if (!configured) return std::unexpected(configured.error());
  configured = database->execute(
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA secure_delete = ON;"
      "PRAGMA trusted_schema = OFF;");
  if (!configured) return std::unexpected(configured.error());
  return database;
}

Database::~Database() {
  for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Result<Statement> Database::prepare(Sql sql) {
  sqlite3_stmt*& statement = statements_[sql.text()];
  if (statement == nullptr) {
    const int code =
        sqlite3_prepare_v3(handle_, sql.text().data(), static_cast<int>(sql.text().size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return std::unexpected(error_of(handle_, code));
  }
  return Statement(handle_, statement);
}

Result<> Database::execute(Sql script) {
  // A literal: it ends with a zero.
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage)
  const int code = sqlite3_exec(handle_, script.text().data(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(error_of(handle_, code));
  return {};
}

Result<std::int64_t> Database::read_integer(Sql pragma) {
  auto statement = prepare(pragma);
  if (!statement) return std::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return statement->column_integer(0).value_or(0);
}

}  // namespace patchbay::store
