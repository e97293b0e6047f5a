// Rows to parameters and back. The order of columns is the order of these functions, and of the
// statements that use them (statements.cpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "store/approval_rows.h"
#include "store/database.h"
#include "store/records.h"
#include "store/write_rows.h"

namespace patchbay::store {

// All columns, `version` in place of the row's own, and the id last, for insert and update alike.
Parameters parameters_of(const EnvironmentRow& row, std::int64_t version);
Parameters parameters_of(const ApiTokenRow& row, std::int64_t version);
Parameters parameters_of(const AccountRow& row, std::int64_t version);
Parameters parameters_of(const McpServerRow& row, std::int64_t version);
Parameters parameters_of(const WriteRow& row);
Parameters parameters_of(const ApprovalRow& row, std::int64_t version);

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
Result<WriteRow> read_row(const Answer& answer, std::size_t row);
template <>
Result<ApprovalRow> read_row(const Answer& answer, std::size_t row);

std::int64_t to_millis(WallTime time);

}  // namespace patchbay::store
