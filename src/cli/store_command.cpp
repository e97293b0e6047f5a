#include <fmt/format.h>
#include <unistd.h>

#include "app/store_check.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "json/write.h"

namespace patchbay::cli {

int check_store(const StoreRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  const telemetry::Log log(STDERR_FILENO, telemetry::Level::warning);
  const auto faults = app::check_store(*config, log);
  if (!faults) return report(faults.error());
  if (request.json) {
    fmt::print("{}\n", json::to_string(
                           json::Object{{"faults", json::Array(faults->begin(), faults->end())}}));
  } else if (faults->empty()) {
    fmt::print("Every row is as it was written.\n");
  } else {
    for (const std::string& fault : *faults) fmt::print("{}\n", fault);
    fmt::print(
        "Restore these rows from a backup that you trust, or delete them, and find out who else "
        "can write to the data folder.\n");
  }
  return faults->empty() ? 0 : 1;
}

int sign_store(const StoreRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  const telemetry::Log log(STDERR_FILENO, telemetry::Level::warning);
  const auto rows = app::sign_store(*config, log);
  if (!rows) return report(rows.error());
  for (const std::string& row : *rows) fmt::print("{}\n", row);
  fmt::print("Signed {} as they stand. What should not be there, delete at the admin API.\n",
             rows->size() == 1 ? "1 row" : fmt::format("{} rows", rows->size()));
  return 0;
}

}  // namespace patchbay::cli
