#include "app/foundations.h"

#include <span>

#include <unistd.h>

#include "app/collector.h"
#include "app/database.h"
#include "app/master_keys.h"
#include "app/tls_files.h"
#include "control/open_vault.h"
#include "http/server.h"
#include "io/runtime.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::app {
namespace {

// Folder, database and keys, as far as they can be had.
void open_kept(const Config& config, bool in_memory, const telemetry::Log& log, Faults& faults,
               Foundations& out) {
  const auto keys = faults.take(read_keys(config, log));
  // Keys that are none at all are told apart from those that do not fit the database.
  const auto proper =
      keys ? faults.take(vault::Vault::open(keys->front(), std::span(*keys).subspan(1)))
           : std::nullopt;
  if (!in_memory) {
    auto folder = faults.take(DataFolder::open(config.data_dir));
    if (!folder) return;  // the database of another process is none of ours
    out.folder.emplace(std::move(*folder));
    auto notes = faults.take(store::RevocationNotes::open(revocation_notes_file(config.data_dir)));
    if (notes) out.notes = std::move(*notes);
  }
  auto database =
      faults.take(in_memory ? store::open_sqlite(":memory:") : open_database(config, &log));
  if (!database || !proper) return;
  out.repository = std::move(*database);
  auto vault =
      faults.take(control::open_vault(*out.repository, keys->front(), std::span(*keys).subspan(1)));
  if (vault) out.vault = std::move(*vault);
}

// `cache`: see DefinitionOptions.
std::unique_ptr<definitions::Definitions> check_named(const Config& config, std::string cache,
                                                      const Clock& clock, const telemetry::Log& log,
                                                      Faults& faults) {
  check_tls_files(config, faults);
  static_cast<void>(faults.take(collector_headers(config)));
  auto made = std::make_unique<definitions::Definitions>(
      definitions::DefinitionOptions{.folder = config.integrations_dir,
                                     .cache = std::move(cache),
                                     .allow_loopback = config.allow_loopback_upstreams},
      clock, log);
  faults.check(made->load(), "Name a folder of integrations with --integrations, or leave it out.");
  return made;
}

}  // namespace

std::vector<Error> configuration_faults(const Config& config) {
  Faults faults;
  const SystemClock clock;
  const telemetry::Log log(STDERR_FILENO, telemetry::Level::error);
  static_cast<void>(check_named(config, "", clock, log, faults));
  return {faults.all().begin(), faults.all().end()};
}

Result<Foundations> lay_foundations(const Config& config, bool in_memory, const Clock& clock,
                                    const telemetry::Log& log) {
  Faults faults;
  Foundations out;
  {
    io::Runtime runtime({.loops = 1});
    faults.check(http::Server::try_port(runtime, config.address, config.port));
  }
  std::string cache = in_memory ? "" : config.data_dir + "/definitions";
  out.definitions = check_named(config, std::move(cache), clock, log, faults);
  open_kept(config, in_memory, log, faults, out);
  if (!faults.any()) {
    faults.check(out.definitions->load_stored(out.repository->definitions(), out.vault));
  }
  if (faults.any()) return std::unexpected(faults.told("reasons not to start"));
  return out;
}

Result<Foundations> open_data(const Config& config, const telemetry::Log& log) {
  Faults faults;
  Foundations out;
  open_kept(config, false, log, faults, out);
  if (faults.any()) return std::unexpected(faults.told("reasons not to start"));
  return out;
}

}  // namespace patchbay::app
