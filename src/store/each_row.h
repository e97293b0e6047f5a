// Every row of a kind, one after the other, without having all of them in memory: for whoever has
// to see them all (signing again, sealing again, `store check`). Rows that come and go meanwhile
// may be seen or not; every other one is seen once.
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>

#include "base/error.h"
#include "store/repository.h"

namespace patchbay::store {

inline constexpr std::size_t kRowsAtOnce = 500;  // of 4 KB each it is 2 MB

template <class Row>
Result<std::vector<Row>> rows_after(Repository& repository, std::string_view id,
                                    std::size_t limit) {
  if constexpr (std::is_same_v<Row, EnvironmentRow>) {
    return repository.environments_after(id, limit);
  } else if constexpr (std::is_same_v<Row, ApiTokenRow>) {
    return repository.api_tokens_after(id, limit);
  } else if constexpr (std::is_same_v<Row, AccountRow>) {
    return repository.accounts_after(id, limit);
  } else if constexpr (std::is_same_v<Row, McpServerRow>) {
    return repository.mcp_servers_after(id, limit);
  } else {
    static_assert(std::is_same_v<Row, ApprovalRow>);
    return repository.approvals_after(id, limit);
  }
}

// Calls `visit(Row&) -> Result<>` with each, and ends with the first error. It may update or delete
// the row.
template <class Row, class Visit>
Result<> each_row(Repository& repository, Visit visit, std::size_t at_once = kRowsAtOnce) {
  std::string last;
  while (true) {
    auto rows = rows_after<Row>(repository, last, at_once);
    if (!rows) return std::unexpected(std::move(rows.error()));
    if (rows->empty()) return {};
    last = rows->back().id;
    for (Row& row : *rows) {
      if (Result<> visited = visit(row); !visited) return visited;
    }
  }
}

}  // namespace patchbay::store
