// The database that needs no configuration: a file, for one process.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "store/repository.h"

namespace patchbay::store {

// Opens (and creates or migrates) a SQLite database. ":memory:" is allowed, for tests and demo.
// Errors: unavailable (path, permissions, not a database), unsupported (made by a newer version).
Result<std::unique_ptr<Repository>> open_sqlite(const std::string& path);

}  // namespace patchbay::store
