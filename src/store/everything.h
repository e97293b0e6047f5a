// All that a database holds, row by row, as it goes from one to another.
//
// The list of changes stays behind: it is about memories of nodes, and these begin anew with a
// database that was written as a whole (changes.h, Forgotten).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/cell.h"
#include "store/changes.h"

namespace patchbay::store {

// In the order in which they are written: what owns comes before what it owns, and what has
// revisions before what has none. A new one is a row in everything.cpp as well, and no more.
enum class Table : std::uint8_t {
  revision,  // one row of one cell
  environment,
  api_token,
  integrated_account,
  mcp_server,
  mcp_server_use,
  account_grant,
  approval,
  webhook,
  webhook_delivery,
  instance_secret,
  integration_revision,
  audit_chain,
  audit_event,
  audit_calls,
};
inline constexpr std::size_t kTables = 15;
std::string_view to_string(Table table);
// Whose changes are told (changes.h).
std::optional<Table> table_of(Kind kind);
bool has_revisions(Table table);

struct Record {
  Table table = Table::revision;
  std::vector<Cell> cells;  // the id first
  const std::string& id() const { return cells.front().bytes; }
  bool operator==(const Record&) const = default;
};

using VisitRecord = std::function<Result<>(const Record&)>;

// How far a copy into this database is (copy.h). It lies there itself, and changes with the rows
// that it tells of.
struct CopyState {
  std::string source;         // which database is copied
  std::int64_t revision = 0;  // of the source: what was changed up to it is here
  Table table = Table::environment;
  std::optional<std::string> last;  // the last row of that table that is here; nothing: none
  std::int64_t steps = 0;           // taken so far
};

// A row as it is to be here: its id, and its cells or that there is none.
struct Wanted {
  Table table = Table::revision;
  std::string id;
  std::optional<Record> record;
};

// Errors of all: unavailable (the database).
class Everything {
 public:
  virtual ~Everything() = default;

  // From table to table and there by id. Sees one moment, and holds up no change.
  virtual Result<> read(const VisitRecord& visit) = 0;
  // Into an empty database (error conflict), all or nothing; `records` may be called again from its
  // start.
  virtual Result<> write(const std::function<Result<>(const VisitRecord&)>& records) = 0;

  // The rows whose ids come after that one, or the first ones.
  virtual Result<std::vector<Record>> after(Table table, const std::optional<std::string>& id,
                                            std::size_t limit) = 0;
  virtual Result<std::optional<Record>> row(Table table, const std::string& id) = 0;
  virtual Result<std::size_t> count(Table table) = 0;

  // A copy into this database, which is of no other use until it has ended (tables.h). Nothing:
  // none is under way.
  virtual Result<std::optional<CopyState>> copy_state() = 0;
  // Error conflict: it is not empty.
  virtual Result<> begin_copy(const CopyState& state) = 0;
  // The rows and how far it is with them, in one commit: `state` with one step more. Errors:
  // conflict (another process is at the same copy; a row is there already or its name is taken),
  // not_found (what owns a row is not there), invalid_argument (a row cannot be stored).
  virtual Result<> append(CopyState& state, const std::vector<Record>& records) = 0;
  virtual Result<> bring(CopyState& state, const std::vector<Wanted>& rows) = 0;
  // It is a database like any other from here on.
  virtual Result<> end_copy(const CopyState& state) = 0;
};

class Database;

// The database outlives it.
std::unique_ptr<Everything> make_everything(Database& database);

}  // namespace patchbay::store
