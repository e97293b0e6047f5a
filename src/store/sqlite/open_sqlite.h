// The database that needs no configuration: a file, for one process.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "store/repository.h"
#include "store/tables.h"

namespace patchbay::store {

// Opens (and, as `tables` allows, creates or migrates) a SQLite database. ":memory:" is allowed,
// for tests and demo. Errors: unavailable (path, permissions, not a database), unsupported (made by
// a newer version), and those of `tables`.
Result<std::unique_ptr<Repository>> open_sqlite(const std::string& path,
                                                Tables tables = Tables::make);

}  // namespace patchbay::store
