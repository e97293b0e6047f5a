// The database that the configuration names: a file in the data folder, or a PostgreSQL.
#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "base/error.h"
#include "store/repository.h"

namespace patchbay::app {

// The file of an instance that has one of its own.
std::string database_file(const Config& config);

// Makes what is not there. Errors: the store's.
Result<std::unique_ptr<store::Repository>> open_database(const Config& config);
// Error not_found: a file that is not there is not made.
Result<std::unique_ptr<store::Repository>> open_existing_database(const Config& config);

}  // namespace patchbay::app
