// The tables, and how an older database becomes a newer one.
//
// PRAGMA user_version counts the migrations that have run. They only go forward, each within a
// transaction; what has been released is never edited, a change is a new migration. A database of a
// newer version is refused, since its rules are unknown here.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "store/sqlite/connection.h"
#include "store/tables.h"

namespace patchbay::store::sqlite {

inline constexpr std::int64_t kSchemaVersion = 16;

// `to`: for tests, what an older program would have made. Errors: unsupported (newer), unavailable
// (another program's database, or the disk).
Result<> migrate(Connection& connection, std::int64_t to = kSchemaVersion);

// Whether they may be used without more change than `tables` allows; changes nothing. Errors: those
// of migrate, not_found (there are none), conflict (they are older).
Result<> check_tables(Connection& connection, Tables tables);

}  // namespace patchbay::store::sqlite
