// SQLite as values: a connection, its prepared statements, errors as Result. The only file of the
// room that calls SQLite's C API is this header's .cpp. For one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "store/database.h"
#include "store/sql.h"

struct sqlite3;
struct sqlite3_stmt;

namespace patchbay::store::sqlite {

class Connection {
 public:
  // Creates the file if there is none.
  static Result<std::unique_ptr<Connection>> open(const std::string& path);
  // To a file that is there; it changes nothing.
  static Result<std::unique_ptr<Connection>> open_for_reading(const std::string& path);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A statement is prepared once and kept. Errors: conflict (a unique index), not_found (a foreign
  // key), unavailable (anything else).
  Result<Answer> run(Sql sql, const Parameters& parameters);
  // One or more statements without parameters or rows.
  Result<> execute(Sql script);
  Result<std::int64_t> read_integer(Sql sql);
  // Ends the transaction that is open, if there is one and SQLite can.
  void roll_back() noexcept;

 private:
  Connection() = default;
  Result<sqlite3_stmt*> prepare(Sql sql);

  sqlite3* handle_ = nullptr;
  std::map<std::string_view, sqlite3_stmt*> statements_;  // by their text, which is a literal
};

}  // namespace patchbay::store::sqlite
