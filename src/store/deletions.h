// Deleting what owns a lot. One statement that takes hundreds of thousands of rows along would pass
// the database's time limit, or hold up all other changes until it is done. So what owns more than
// a few goes in parts: the first commit makes it and all that it owns unfindable, on every node,
// and the rows follow some at a time. Until the last of them its own row stands there with a
// version below 0, which only reading by `after` still shows; so a crash in between loses nothing.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "store/database.h"

namespace patchbay::store {

Result<> delete_account_from(Database& database, std::string_view id);
Result<> delete_environment_from(Database& database, std::string_view id);

// At most so many rows of what is deleted already, in one commit. False: there are none.
Result<bool> delete_remains(Database& database, std::size_t limit);

}  // namespace patchbay::store
