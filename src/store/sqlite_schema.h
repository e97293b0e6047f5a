// The tables, and how an older database becomes a newer one.
//
// PRAGMA user_version counts the migrations that have run. They only go forward, each within a
// transaction; what has been released is never edited, a change is a new migration. A database of a
// newer version is refused, since its rules are unknown here.
#pragma once

#include "store/sqlite_database.h"

namespace patchbay::store {

inline constexpr std::int64_t kSchemaVersion = 4;

// Errors: unsupported (newer), unavailable (another program's database, or the disk).
Result<> migrate(Database& database);

}  // namespace patchbay::store
