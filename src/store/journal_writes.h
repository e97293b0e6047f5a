// The two questions of the journal (write_rows.h) that are more than a statement.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "store/database.h"
#include "store/write_rows.h"

namespace patchbay::store {

Result<std::optional<WriteRow>> begin_journal_write(Database& database, const WriteRow& row,
                                                    WallTime valid_from);
Result<bool> restart_journal_write(Database& database, std::string_view id, WallTime then,
                                   WallTime now);

}  // namespace patchbay::store
