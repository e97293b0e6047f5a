// The repository over a database that speaks SQL: what the two have in common, which is all but how
// a statement reaches them.
#pragma once

#include <memory>

#include "store/database.h"
#include "store/repository.h"

namespace patchbay::store {

std::unique_ptr<Repository> make_repository(std::unique_ptr<Database> database);

}  // namespace patchbay::store
