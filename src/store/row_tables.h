// Each kind of row and its statements, for what is done alike with all kinds.
#pragma once

#include "store/approval_rows.h"
#include "store/changes.h"
#include "store/records.h"
#include "store/statements.h"

namespace patchbay::store {

// Each kind of row, with the statements that are the same for all.
template <class Row>
struct RowTable;
template <>
struct RowTable<EnvironmentRow> {
  static constexpr Kind kKind = Kind::environment;
  static constexpr Question kInsert = Question::insert_environment;
  static constexpr Question kUpdate = Question::update_environment;
  static constexpr Question kById = Question::environment;
  static constexpr Question kAfter = Question::environments_after;
};
template <>
struct RowTable<ApiTokenRow> {
  static constexpr Kind kKind = Kind::api_token;
  static constexpr Question kInsert = Question::insert_api_token;
  static constexpr Question kUpdate = Question::update_api_token;
  static constexpr Question kRemove = Question::delete_api_token;
  static constexpr Question kById = Question::api_token;
  static constexpr Question kAfter = Question::api_tokens_after;
};
template <>
struct RowTable<AccountRow> {
  static constexpr Kind kKind = Kind::account;
  static constexpr Question kInsert = Question::insert_account;
  static constexpr Question kUpdate = Question::update_account;
  static constexpr Question kById = Question::account;
  static constexpr Question kAfter = Question::accounts_after;
};
template <>
struct RowTable<McpServerRow> {
  static constexpr Kind kKind = Kind::mcp_server;
  static constexpr Question kInsert = Question::insert_mcp_server;
  static constexpr Question kUpdate = Question::update_mcp_server;
  static constexpr Question kRemove = Question::delete_mcp_server;
  static constexpr Question kById = Question::mcp_server;
  static constexpr Question kAfter = Question::mcp_servers_after;
};

}  // namespace patchbay::store
