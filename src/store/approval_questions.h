// The questions of approval_rows.h over a database that speaks SQL. None takes a revision: no node
// keeps these rows in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/approval_rows.h"
#include "store/database.h"
#include "store/webhook_questions.h"

namespace patchbay::store {

Result<> insert_approval(Database& database, ApprovalRow& row, Telling telling,
                         const std::optional<Message>& told);
Result<> update_approval(Database& database, ApprovalRow& row);
Result<std::optional<ApprovalRow>> find_approval_of_call(Database& database,
                                                         std::string_view server_id,
                                                         std::string_view digest);
Result<std::vector<ApprovalRow>> list_approvals(Database& database, const ApprovalFilter& filter,
                                                const Page& page);
Result<std::int64_t> delete_old_approvals(Database& database, WallTime made_by, std::size_t limit);

}  // namespace patchbay::store
