// The repository over a database that speaks SQL: what the two have in common, which is all but how
// a statement reaches them.
#pragma once

#include <memory>

#include "base/error.h"
#include "store/database.h"
#include "store/repository.h"
#include "store/tables.h"

namespace patchbay::store {

// Of a database whose tables are as they must be. Error conflict: a copy into it has not ended
// (tables.h).
Result<std::unique_ptr<Repository>> open_repository(std::unique_ptr<Database> database,
                                                    Tables tables);

}  // namespace patchbay::store
