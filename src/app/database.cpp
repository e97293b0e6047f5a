#include "app/database.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "store/postgres/open_postgres.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::app {
namespace {

Result<std::unique_ptr<store::Repository>> open_with(const Config& config, store::Tables tables) {
  if (!config.database.empty()) return store::open_postgres(config.database, {.tables = tables});
  return store::open_sqlite(database_file(config), tables);
}

}  // namespace

std::string database_file(const Config& config) {
  return config.data_dir + "/patchbay.db";
}

Result<std::unique_ptr<store::Repository>> open_database(const Config& config,
                                                         const telemetry::Log* log) {
  if (config.database.empty()) return store::open_sqlite(database_file(config));
  store::PostgresOptions options;
  if (log != nullptr) {
    options.tell_operator = [log](std::string_view what, const std::string& reason) {
      log->write(telemetry::Level::error, what, {{"reason", std::string_view(reason)}});
    };
    if (const std::string unsafe = store::unverified(config.database); !unsafe.empty()) {
      log->write(telemetry::Level::warning, unsafe);
    }
  }
  return store::open_postgres(config.database, options);
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
  return open_with(config, tables);
}

Result<std::unique_ptr<store::Repository>> open_target_database(const Config& config) {
  return open_with(config, store::Tables::receive);
}

Result<std::optional<WallTime>> database_time(const Config& config) {
  if (config.database.empty()) return std::nullopt;
  return store::time_of_postgres(config.database);
}

}  // namespace patchbay::app
