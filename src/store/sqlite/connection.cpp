#include "store/sqlite/connection.h"

#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace patchbay::store::sqlite {
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

Result<> open_handle(const std::string& path, int flags, sqlite3*& handle) {
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    return fail(ErrorCode::unavailable,
                "The database " + path + " cannot be opened: " + sqlite3_errstr(code) + ".",
                "Check that its folder exists and that this user may write there.");
  }
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  return {};
}

// The bytes stay the parameters', which outlive the statement's run.
void bind(sqlite3_stmt* statement, const Parameters& parameters) {
  int index = 0;
  for (const Cell& cell : parameters.cells()) {
    ++index;
    // Named as they are counted, or another value would stand in their place (statements.h).
    assert(sqlite3_bind_parameter_name(statement, index) == "$" + std::to_string(index));
    switch (cell.type) {
      case Cell::Type::null:
        sqlite3_bind_null(statement, index);
        break;
      case Cell::Type::integer:
        sqlite3_bind_int64(statement, index, cell.integer);
        break;
      case Cell::Type::text:
        sqlite3_bind_text64(statement, index, cell.bytes.data(), cell.bytes.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
        break;
      case Cell::Type::blob:
        sqlite3_bind_blob64(statement, index, cell.bytes.data(), cell.bytes.size(), SQLITE_STATIC);
        break;
    }
  }
}

Cell read_cell(sqlite3_stmt* statement, int column) {
  Cell cell;
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return cell;
    case SQLITE_INTEGER:
      cell.type = Cell::Type::integer;
      cell.integer = sqlite3_column_int64(statement, column);
      return cell;
    case SQLITE_BLOB:
      cell.type = Cell::Type::blob;
      break;
    default:
      cell.type = Cell::Type::text;
      break;
  }
  const void* const data = sqlite3_column_blob(statement, column);
  const int size = sqlite3_column_bytes(statement, column);
  if (data != nullptr) {
    cell.bytes.assign(static_cast<const char*>(data), static_cast<std::size_t>(size));
  }
  return cell;
}

// Ready for its next use when it has gone out of scope, and what was bound is forgotten.
class InUse {
 public:
  explicit InUse(sqlite3_stmt* statement) : statement_(statement) {}
  ~InUse() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path) {
  if (path != ":memory:") create_private_file(path);
  std::unique_ptr<Connection> connection(new Connection);
  if (auto opened =
          open_handle(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, connection->handle_);
      !opened) {
    return std::unexpected(opened.error());
  }
  // WAL with FULL: each commit is on the disk before it returns. secure_delete: what is deleted is
  // overwritten, since it was a secret. trusted_schema: functions in a tampered schema do not run.
  // The switch to WAL does not heed the busy timeout: processes that open a new database at once
  // try again, 200 times 10 ms is 2 seconds.
  auto configured = connection->execute("PRAGMA journal_mode = WAL;");
  for (int i = 0; !configured && sqlite3_errcode(connection->handle_) == SQLITE_BUSY && i < 200;
       ++i) {
    sqlite3_sleep(10);
    configured = connection->execute("PRAGMA journal_mode = WAL;");
  }
  if (!configured) return std::unexpected(configured.error());
  configured = connection->execute(
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA secure_delete = ON;"
      "PRAGMA trusted_schema = OFF;");
  if (!configured) return std::unexpected(configured.error());
  return connection;
}

Result<std::unique_ptr<Connection>> Connection::open_for_reading(const std::string& path) {
  std::unique_ptr<Connection> connection(new Connection);
  if (auto opened = open_handle(path, SQLITE_OPEN_READWRITE, connection->handle_); !opened) {
    return std::unexpected(opened.error());
  }
  // Not SQLITE_OPEN_READONLY: the last one to close takes the WAL along, which may be this one.
  if (auto configured = connection->execute("PRAGMA query_only = ON;"
                                            "PRAGMA trusted_schema = OFF;");
      !configured) {
    return std::unexpected(configured.error());
  }
  return connection;
}

Connection::~Connection() {
  for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Result<sqlite3_stmt*> Connection::prepare(Sql sql) {
  sqlite3_stmt*& statement = statements_[sql.text()];
  if (statement == nullptr) {
    const int code =
        sqlite3_prepare_v3(handle_, sql.text().data(), static_cast<int>(sql.text().size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return std::unexpected(error_of(handle_, code));
  }
  return statement;
}

Result<Answer> Connection::run(Sql sql, const Parameters& parameters) {
  const auto statement = prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  const InUse in_use(*statement);
  bind(*statement, parameters);
  const int columns = sqlite3_column_count(*statement);
  const std::int64_t before = sqlite3_total_changes64(handle_);
  std::vector<Cell> cells;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(*statement)) == SQLITE_ROW) {
    for (int column = 0; column < columns; ++column) {
      cells.push_back(read_cell(*statement, column));
    }
  }
  if (code != SQLITE_DONE) return std::unexpected(error_of(handle_, code));
  return Answer(std::move(cells), static_cast<std::size_t>(columns),
                sqlite3_total_changes64(handle_) - before);
}

Result<> Connection::execute(Sql script) {
  // A literal: it ends with a zero.
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage)
  const int code = sqlite3_exec(handle_, script.text().data(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(error_of(handle_, code));
  return {};
}

void Connection::roll_back() noexcept {
  if (sqlite3_get_autocommit(handle_) != 0) return;
  sqlite3_exec(handle_, "ROLLBACK;", nullptr, nullptr, nullptr);
}

Result<std::int64_t> Connection::read_integer(Sql sql) {
  const auto answer = run(sql, {});
  if (!answer) return std::unexpected(answer.error());
  if (answer->rows() == 0) return 0;
  return answer->at(0, 0).integer;
}

}  // namespace patchbay::store::sqlite
