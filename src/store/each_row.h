// Every row of a kind, one after the other, without having all of them in memory: for whoever has
// to see them all (signing again, sealing again, `store check`). Rows that come and go meanwhile
// may be seen or not; every other one is seen once.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/error.h"
#include "store/everything.h"
#include "store/repository.h"

namespace patchbay::store {

inline constexpr std::size_t kRowsAtOnce = 500;  // of 4 KB each it is 2 MB

template <class Row>
Result<std::vector<Row>> rows_after(Repository& repository, const Repository::After& id,
                                    std::size_t limit) {
  if constexpr (std::is_same_v<Row, EnvironmentRow>) {
    return repository.environments_after(id, limit);
  } else if constexpr (std::is_same_v<Row, ApiTokenRow>) {
    return repository.api_tokens_after(id, limit);
  } else if constexpr (std::is_same_v<Row, AccountRow>) {
    return repository.accounts_after(id, limit);
  } else if constexpr (std::is_same_v<Row, McpServerRow>) {
    return repository.mcp_servers_after(id, limit);
  } else if constexpr (std::is_same_v<Row, WebhookRow>) {
    return repository.webhooks().webhooks_after(id, limit);
  } else if constexpr (std::is_same_v<Row, DeliveryRow>) {
    return repository.webhooks().deliveries_after(id, limit);
  } else {
    static_assert(std::is_same_v<Row, ApprovalRow>);
    return repository.approvals_after(id, limit);
  }
}

// Calls `visit(Row&) -> Result<>` with each, and ends with the first error. It may update or delete
// the row.
template <class Row, class Visit>
Result<> each_row(Repository& repository, Visit visit, std::size_t at_once = kRowsAtOnce) {
  Repository::After last;
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

template <class Row>
Result<std::optional<Row>> row_of(Repository& repository, std::string_view id) {
  if constexpr (std::is_same_v<Row, EnvironmentRow>) {
    return repository.environment(id);
  } else if constexpr (std::is_same_v<Row, ApiTokenRow>) {
    return repository.api_token(id);
  } else if constexpr (std::is_same_v<Row, AccountRow>) {
    return repository.account(id);
  } else if constexpr (std::is_same_v<Row, McpServerRow>) {
    return repository.mcp_server(id);
  } else if constexpr (std::is_same_v<Row, WebhookRow>) {
    return repository.webhooks().webhook(id);
  } else if constexpr (std::is_same_v<Row, DeliveryRow>) {
    return repository.webhooks().delivery(id);
  } else {
    static_assert(std::is_same_v<Row, ApprovalRow>);
    return repository.approval(id);
  }
}

// The same, but goes on past rows that are damaged: calls `damaged(Error)` with what is wrong with
// each.
template <class Row, class Visit, class Damaged>
Result<> each_readable_row(Repository& repository, Visit visit, Damaged damaged,
                           std::size_t at_once = kRowsAtOnce) {
  constexpr Table kTable = std::is_same_v<Row, EnvironmentRow> ? Table::environment
                           : std::is_same_v<Row, ApiTokenRow>  ? Table::api_token
                           : std::is_same_v<Row, AccountRow>   ? Table::integrated_account
                           : std::is_same_v<Row, McpServerRow> ? Table::mcp_server
                           : std::is_same_v<Row, WebhookRow>   ? Table::webhook
                           : std::is_same_v<Row, DeliveryRow>  ? Table::webhook_delivery
                                                               : Table::approval;
  Repository::After last;
  while (true) {
    auto rows = rows_after<Row>(repository, last, at_once);
    if (!rows && rows.error().code != ErrorCode::internal) return std::unexpected(rows.error());
    if (rows) {
      if (rows->empty()) return {};
      last = rows->back().id;
      for (Row& row : *rows) {
        if (Result<> visited = visit(row); !visited) return visited;
      }
      continue;
    }
    // One of them: by their ids, one by one.
    const auto records = repository.everything().after(kTable, last, at_once);
    if (!records) return std::unexpected(records.error());
    if (records->empty()) return {};
    last = records->back().id();
    for (const Record& record : *records) {
      auto row = row_of<Row>(repository, record.id());
      if (!row && row.error().code != ErrorCode::internal) return std::unexpected(row.error());
      if (!row) {
        damaged(row.error());
      } else if (*row) {
        if (Result<> visited = visit(**row); !visited) return visited;
      }
    }
  }
}

}  // namespace patchbay::store
