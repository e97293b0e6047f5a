// The questions of definition_rows.h over a database that speaks SQL.
#pragma once

#include <memory>

#include "store/database.h"
#include "store/definition_rows.h"

namespace patchbay::store {

// The database outlives it.
std::unique_ptr<DefinitionRows> make_definitions(Database& database);

}  // namespace patchbay::store
