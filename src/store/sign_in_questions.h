// The questions of sign_in_rows.h over a database that speaks SQL. None takes a revision: no node
// keeps these rows in memory.
#pragma once

#include <memory>

#include "store/database.h"
#include "store/sign_in_rows.h"

namespace patchbay::store {

// The database outlives it.
std::unique_ptr<SignInRows> make_sign_ins(Database& database);

}  // namespace patchbay::store
