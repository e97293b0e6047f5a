// Rows to bound parameters and back. The order of columns is the order of these functions, and of
// the statements in sqlite_repository.cpp that use them.
#pragma once

#include "store/repository.h"
#include "store/sqlite_database.h"

namespace patchbay::store {

// All columns but the id; statements bind the id last, in insert and update alike.
void bind(Statement& statement, const EnvironmentRow& row);
void bind(Statement& statement, const ApiTokenRow& row);
void bind(Statement& statement, const AccountRow& row);
void bind(Statement& statement, const McpServerRow& row);
void bind(Statement& statement, const WriteRow& row);

// The row that the statement stands on: id first, then the rest in the same order. Error internal:
// the row is damaged; the message names table and id.
template <class Row>
Result<Row> read_row(const Statement& statement);

template <>
Result<EnvironmentRow> read_row(const Statement& statement);
template <>
Result<ApiTokenRow> read_row(const Statement& statement);
template <>
Result<AccountRow> read_row(const Statement& statement);
template <>
Result<McpServerRow> read_row(const Statement& statement);
template <>
Result<WriteRow> read_row(const Statement& statement);

std::int64_t to_millis(WallTime time);

}  // namespace patchbay::store
