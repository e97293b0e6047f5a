// The tables, and how an older database becomes a newer one: numbered migrations that only go
// forward, in one transaction, under a lock that lets of several nodes that start at once one
// migrate. What has been released is never edited. A database of a newer version is refused, since
// its rules are unknown here.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "store/postgres/connection.h"
#include "store/tables.h"

namespace patchbay::store::postgres {

inline constexpr std::int64_t kSchemaVersion = 12;

// Errors: unsupported (newer), unavailable (another program's schema, or the database).
Result<> migrate(Connection& connection);

// Whether they may be used without more change than `tables` allows; changes nothing. Errors: those
// of migrate, not_found (there are none), conflict (they are older).
Result<> check_tables(Connection& connection, Tables tables);

}  // namespace patchbay::store::postgres
