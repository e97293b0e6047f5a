// A database as a file, and from one database to another, for whoever looks after the data. All
// refuse (conflict) while revocations wait in a data folder that the database could not take.
#pragma once

#include <cstddef>
#include <string>

#include "app/config.h"
#include "base/error.h"
#include "store/progress.h"

namespace patchbay::app {

// The state of one moment into a new file; may run beside a server. Returns how many rows it holds.
// Errors: not_found (there is no database), and those of store::backup.
Result<std::size_t> backup_store(const Config& config, const std::string& file,
                                 const store::Progress& progress);

// The other way, into a new database. Errors: conflict (a server runs on the data folder, or the
// database has rows), and those of store::restore.
Result<std::size_t> restore_store(const Config& config, const std::string& file,
                                  const store::Progress& progress);

// From one database to an empty one; each is the address of a PostgreSQL or a data folder. What
// broke off is gone on with by the same call. Then every row is compared. Errors: invalid_argument
// (one of the two, or both the same), not_found (there is none to read), and those of store::copy.
Result<std::size_t> migrate_store(const std::string& from, const std::string& to,
                                  const store::Progress& progress);

}  // namespace patchbay::app
