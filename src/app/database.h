// The database that the configuration names: a file in the data folder, or a PostgreSQL.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/config.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/repository.h"
#include "store/tables.h"
#include "telemetry/log.h"

namespace patchbay::app {

// The file of an instance that has one of its own.
std::string database_file(const Config& config);

// Makes what is not there. Errors: the store's. `log` hears why a shared database cannot be reached
// later; it outlives the repository.
Result<std::unique_ptr<store::Repository>> open_database(const Config& config,
                                                         const telemetry::Log* log = nullptr);
// One that a server has used: error not_found where there is none, which is not made, and conflict
// where it is of an older version, unless `tables` lets it be migrated.
Result<std::unique_ptr<store::Repository>> open_existing_database(
    const Config& config, store::Tables tables = store::Tables::leave);
// To copy another one into it: the only way to open one of which a copy has not ended.
Result<std::unique_ptr<store::Repository>> open_target_database(const Config& config);

// What time it is on the database's machine; nothing: it is a file of this one.
Result<std::optional<WallTime>> database_time(const Config& config);

}  // namespace patchbay::app
