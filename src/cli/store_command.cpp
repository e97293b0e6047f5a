#include <chrono>

#include <fmt/format.h>
#include <unistd.h>

#include "app/store_check.h"
#include "app/store_transfer.h"
#include "cli/commands.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"

namespace patchbay::cli {

namespace {

// How far it is, once a second and at the end, where a person looks.
store::Progress told() {
  using Clock = std::chrono::steady_clock;
  if (::isatty(STDERR_FILENO) == 0) return {};
  return [next = Clock::now()](const store::Done& done) mutable {
    if (Clock::now() < next && done.rows < done.total) return;
    next = Clock::now() + std::chrono::seconds(1);
    const std::size_t percent = done.total == 0 ? 100 : done.rows * 100 / done.total;
    fmt::print(stderr, "{}: {} of {} rows ({} %)\n", done.what, done.rows, done.total, percent);
  };
}

std::string count_of_rows(std::size_t count) {
  return count == 1 ? "1 row" : fmt::format("{} rows", count);
}

int print_rows(std::size_t rows) {
  print_json(json::Object{{"rows", rows}});
  return 0;
}

}  // namespace

int backup_store(const TransferRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  const auto done = app::backup_store(*config, request.file, told());
  if (!done) return report(done.error());
  if (request.json) return print_rows(*done);
  fmt::print("Wrote {} to {}. Without the master key they are of no use: keep it, and apart.\n",
             count_of_rows(*done), request.file);
  return 0;
}

int restore_store(const TransferRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  const auto done = app::restore_store(*config, request.file, told());
  if (!done) return report(done.error());
  if (request.json) return print_rows(*done);
  fmt::print("Restored {}. `patchbay store check` looks at each of them.\n", count_of_rows(*done));
  return 0;
}

int migrate_store(const TransferRequest& request) {
  const auto done = app::migrate_store(request.from, request.to, told());
  if (!done) return report(done.error());
  if (request.json) return print_rows(*done);
  fmt::print("Copied {}, and found them the same. Start the servers on the new database.\n",
             count_of_rows(*done));
  return 0;
}

int check_store(const StoreRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  const telemetry::Log log(STDERR_FILENO, telemetry::Level::warning);
  const auto faults = app::check_store(*config, log);
  if (!faults) return report(faults.error());
  if (request.json) {
    fmt::print("{}\n", json::to_string(json::Object{
                           {"faults", json::Array(faults->told.begin(), faults->told.end())},
                           {"count", faults->count}}));
  } else if (faults->count == 0) {
    fmt::print("Every row is as it was written.\n");
  } else {
    for (const std::string& fault : faults->told) fmt::print("{}\n", fault);
    if (faults->count > faults->told.size()) {
      fmt::print("There are {} faults; the first {} are listed.\n", faults->count,
                 faults->told.size());
    }
    fmt::print(
        "Restore these rows from a backup that you trust, or delete them, and find out who else "
        "can write to the data folder.\n");
  }
  return faults->count == 0 ? 0 : 1;
}

int sign_store(const StoreRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  const telemetry::Log log(STDERR_FILENO, telemetry::Level::warning);
  const auto rows = app::sign_store(*config, log);
  if (!rows) return report(rows.error());
  if (request.json) {
    print_json(json::Object{{"signed", json::Array(rows->begin(), rows->end())}});
    return 0;
  }
  for (const std::string& row : *rows) fmt::print("{}\n", row);
  fmt::print("Signed {} as they stand. What should not be there, delete at the admin API.\n",
             count_of_rows(rows->size()));
  return 0;
}

}  // namespace patchbay::cli
