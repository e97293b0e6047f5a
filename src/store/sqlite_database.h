// SQLite as values: a connection, prepared statements, errors as Result. The only file of the room
// that calls the C API is this header's .cpp.
//
// One connection under one mutex: changes of the control plane are rare (a commit with
// synchronous=FULL takes 0.15 ms), and reading is done once, at start.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace patchbay::store {

// SQL that was written in this program: only a literal converts, so no input can become a
// statement.
class Sql {
 public:
  template <std::size_t N>
  consteval Sql(const char (&literal)[N]) : text_(literal, N - 1) {}  // NOLINT: implicit
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// A prepared statement in use. Parameters are bound in the order of the calls.
class Statement {
 public:
  Statement(sqlite3* database, sqlite3_stmt* statement);
  Statement(Statement&& other) noexcept;
  ~Statement();  // resets it for its next use, and forgets what was bound

  Statement& text(std::string_view value);
  Statement& blob(std::string_view value);
  Statement& integer(std::int64_t value);
  Statement& optional_integer(std::optional<std::int64_t> value);
  Statement& null_if_empty(std::string_view value);

  // True: on a row. False: done. Errors: conflict (a unique index), not_found (a foreign key),
  // unavailable (anything else).
  Result<bool> step();
  // For a statement without rows: how many it changed.
  Result<int> run();

  // Columns of the row, from 0. A column of another type reads as empty or nothing.
  std::string column_text(int column) const;
  std::optional<std::int64_t> column_integer(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Prepared once and kept. Not to be used again before the Statement is gone.
  Result<Statement> prepare(Sql sql);
  // One or more statements without parameters or rows.
  Result<> execute(Sql script);
  Result<std::int64_t> read_integer(Sql pragma);

 private:
  Database() = default;
  sqlite3* handle_ = nullptr;
  std::map<std::string_view, sqlite3_stmt*> statements_;  // by their text, which is a literal
};

}  // namespace patchbay::store
