#include "app/store_check.h"

#include <memory>
#include <span>
#include <utility>

#include "app/data_folder.h"
#include "app/database.h"
#include "app/master_keys.h"
#include "audit/journal.h"
#include "audit/verify.h"
#include "base/clock.h"
#include "control/authority.h"
#include "control/open_vault.h"
#include "definitions/stored.h"
#include "store/each_row.h"
#include "store/repository.h"
#include "store/revocation_notes.h"

namespace patchbay::app {

namespace {

struct Kept {
  std::vector<Secret> keys;
  std::unique_ptr<store::Repository> repository;
};

Result<Kept> open_kept(const Config& config, const telemetry::Log& log, store::Tables tables) {
  auto keys = read_keys(config, log);
  if (!keys) return std::unexpected(keys.error());
  auto repository = open_existing_database(config, tables);
  if (!repository) return std::unexpected(repository.error());
  return Kept{.keys = std::move(*keys), .repository = std::move(*repository)};
}

// Their results lie sealed for the place of their keys, and go after a day.
Result<> look_at_writes(store::Repository& repository, const vault::Vault& vault,
                        control::StoreFaults& faults) {
  store::Repository::After last;
  while (true) {
    const auto rows = repository.events_after(last, store::kRowsAtOnce);
    if (!rows) return std::unexpected(rows.error());
    for (const store::EventRow& row : *rows) {
      if (!audit::opens(row, vault)) {
        faults.add("The result of the write " + row.id + " of account " + row.account_id +
                   " does not open.");
      }
    }
    if (rows->size() < store::kRowsAtOnce) return {};
    last = rows->back().id;
  }
}

Result<> look_at_events(store::Repository& repository, const vault::Vault& vault,
                        control::StoreFaults& faults) {
  const auto verified = audit::verify(repository, vault);
  if (!verified) return std::unexpected(verified.error());
  for (const audit::Fault& fault : verified->faults) faults.add(fault.what);
  return {};
}

Result<> look_at_definitions(store::Repository& repository,
                             const std::shared_ptr<const vault::Vault>& vault,
                             control::StoreFaults& faults) {
  const SystemClock clock;
  const auto found =
      definitions::StoredDefinitions(repository.definitions(), vault, clock).faults();
  if (!found) return std::unexpected(found.error());
  for (const std::string& fault : *found) faults.add(fault);
  return {};
}

}  // namespace

Result<control::StoreFaults> check_store(const Config& config, const telemetry::Log& log) {
  const auto kept = open_kept(config, log, store::Tables::leave);
  if (!kept) return std::unexpected(kept.error());
  const auto opened = control::look_into_vault(*kept->repository, kept->keys.front(),
                                               std::span(kept->keys).subspan(1));
  if (!opened) return std::unexpected(opened.error());
  if (!opened->rows_are_signed) {
    return fail(ErrorCode::conflict, "The rows of this database were never signed.",
                "`patchbay store sign` signs them as they stand, once.");
  }
  const auto waiting = store::read_revocation_notes(revocation_notes_file(config.data_dir));
  if (!waiting) return std::unexpected(waiting.error());
  auto faults = control::store_faults(*kept->repository, opened->vault);
  if (!faults) return faults;
  if (auto looked = look_at_writes(*kept->repository, *opened->vault, *faults); !looked) {
    return std::unexpected(std::move(looked.error()));
  }
  if (auto looked = look_at_events(*kept->repository, *opened->vault, *faults); !looked) {
    return std::unexpected(std::move(looked.error()));
  }
  if (auto looked = look_at_definitions(*kept->repository, opened->vault, *faults); !looked) {
    return std::unexpected(std::move(looked.error()));
  }
  for (const store::Revocation& each : *waiting) {
    faults->add("The revocation of " + to_string(each) +
                " waits in the data folder, and is not in the database: make room on the "
                "disk and start the server once.");
  }
  return faults;
}

Result<std::vector<std::string>> sign_store(const Config& config, const telemetry::Log& log) {
  const auto kept = open_kept(config, log, store::Tables::migrate);
  if (!kept) return std::unexpected(kept.error());
  const auto folder = DataFolder::open(config.data_dir);
  if (!folder) return std::unexpected(folder.error());
  return control::sign_old_rows(*kept->repository, kept->keys.front(),
                                std::span(kept->keys).subspan(1));
}

}  // namespace patchbay::app
