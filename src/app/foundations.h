// What a server stands on: everything that its configuration names, opened or tried before anything
// is changed, and all that is wrong with it told at once.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/config.h"
#include "app/data_folder.h"
#include "base/clock.h"
#include "base/error.h"
#include "definitions/definitions.h"
#include "store/repository.h"
#include "store/revocation_notes.h"
#include "telemetry/log.h"
#include "vault/vault.h"

namespace patchbay::app {

// Order is lifetime.
struct Foundations {
  std::optional<DataFolder> folder;  // none: all in memory
  std::unique_ptr<store::Repository> repository;
  std::shared_ptr<store::RevocationNotes> notes;  // null: all in memory
  std::shared_ptr<const vault::Vault> vault;
  std::unique_ptr<definitions::Definitions> definitions;  // loaded; null of open_data()
};

// What is wrong with what the configuration names beside data and address: certificates and
// integrations. Opens, and keeps nothing.
std::vector<Error> configuration_faults(const Config& config);

// The error of a single fault is that fault; of several it lists them, each with its mend.
// Clock and log outlive what is returned.
Result<Foundations> lay_foundations(const Config& config, bool in_memory, const Clock& clock,
                                    const telemetry::Log& log);

// Only what is kept: folder, database and keys. For who works on the data while no server runs.
Result<Foundations> open_data(const Config& config, const telemetry::Log& log);

}  // namespace patchbay::app
