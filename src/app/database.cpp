#include "app/database.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "store/postgres/open_postgres.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::app {

std::string database_file(const Config& config) {
  return config.data_dir + "/patchbay.db";
}

Result<std::unique_ptr<store::Repository>> open_database(const Config& config) {
  if (!config.database.empty()) return store::open_postgres(config.database);
  return store::open_sqlite(database_file(config));
}

Result<std::unique_ptr<store::Repository>> open_existing_database(const Config& config,
                                                                  store::Tables tables) {
  std::error_code error;
  if (config.database.empty() && !std::filesystem::is_regular_file(database_file(config), error)) {
    return fail(ErrorCode::not_found,
                fmt::format("There is no database '{}'.", database_file(config)),
                "Name the data folder of the server with --data-dir, or its database with "
                "--database.");
  }
  if (!config.database.empty()) {
    return store::open_postgres(config.database, {.tables = tables});
  }
  return store::open_sqlite(database_file(config), tables);
}

}  // namespace patchbay::app
