// Rows to parameters and back. The order of columns is the order of these functions, and of the
// statements that use them (statements.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "store/approval_rows.h"
#include "store/database.h"
#include "store/event_rows.h"
#include "store/records.h"
#include "store/webhook_rows.h"

namespace patchbay::store {

// All columns, `version` in place of the row's own, and the id last, for insert and update alike.
Parameters parameters_of(const EnvironmentRow& row, std::int64_t version);
Parameters parameters_of(const ApiTokenRow& row, std::int64_t version);
Parameters parameters_of(const AccountRow& row, std::int64_t version);
Parameters parameters_of(const McpServerRow& row, std::int64_t version);
Parameters parameters_of(const EventRow& row);
Parameters parameters_of(const CallsRow& row);
Parameters parameters_of(const ChainRow& row);
Parameters parameters_of(const ApprovalRow& row, std::int64_t version);
Parameters parameters_of(const WebhookRow& row, std::int64_t version);
Parameters parameters_of(const DeliveryRow& row);

// A row of the answer: id first, then the rest in the same order. Error internal: the row is
// damaged; the message names table and id.
template <class Row>
Result<Row> read_row(const Answer& answer, std::size_t row);

template <>
Result<EnvironmentRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<ApiTokenRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<AccountRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<McpServerRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<EventRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<CallsRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<ChainRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<ApprovalRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<WebhookRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<DeliveryRow> read_row(const Answer& answer, std::size_t row);

template <class Row>
Result<std::vector<Row>> read_rows(const Answer& answer) {
  std::vector<Row> rows;
  rows.reserve(answer.rows());
  for (std::size_t i = 0; i < answer.rows(); ++i) {
    auto row = read_row<Row>(answer, i);
    if (!row) return std::unexpected(std::move(row.error()));
    rows.push_back(std::move(*row));
  }
  return rows;
}

std::int64_t to_millis(WallTime time);
WallTime time_of(const Cell& cell);
// As a parameter: at most what a column holds.
std::int64_t to_limit(std::size_t limit);
// Error not_found.
std::unexpected<Error> no_such_record();
// A pattern of LIKE, with ESCAPE '\'.
std::string with_this_in_it(std::string_view text);

}  // namespace patchbay::store
