// The questions of grant_rows.h over a database that speaks SQL. None takes a revision: no node
// keeps these rows in memory.
#pragma once

#include <memory>

#include "store/database.h"
#include "store/grant_rows.h"

namespace patchbay::store {

// The database outlives it.
std::unique_ptr<GrantRows> make_grants(Database& database);

}  // namespace patchbay::store
