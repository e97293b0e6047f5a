// All that a database holds, row by row, as it goes from one to another.
//
// The list of changes stays behind: it is about memories of nodes, and these begin anew with a
// database that was written as a whole (changes.h, Forgotten).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/cell.h"

namespace patchbay::store {

// In the order in which they are written: what owns comes before what it owns.
enum class Table : std::uint8_t {
  revision,  // one row of one cell
  environment,
  api_token,
  integrated_account,
  mcp_server,
  write_journal,
  approval,
  instance_secret,
};
inline constexpr std::size_t kTables = 8;
std::string_view to_string(Table table);

struct Record {
  Table table = Table::revision;
  std::vector<Cell> cells;  // the id first
  bool operator==(const Record&) const = default;
};

using VisitRecord = std::function<Result<>(const Record&)>;

class Database;

// What Repository::read_everything and write_everything do.
Result<> read_everything_of(Database& database, const VisitRecord& visit);
Result<> write_everything_to(Database& database,
                             const std::function<Result<>(const VisitRecord&)>& records);

}  // namespace patchbay::store
