// The vault of an instance: its master key together with the pepper that its database holds.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::control {

// Reads the sealed pepper of token hashes, or makes it on the first start, and seals it again if a
// previous key sealed it. Errors: invalid_argument (the key's form; or neither key fits this
// database, which is better said at start than found out by every token), conflict (the rows carry
// no codes), unavailable.
//
// Rows without codes are of a version that made none, or somebody put that version's pepper back,
// to have what the rows say by now signed. Nothing in the database tells these apart, so whoever
// holds the key does: by sign_old_rows, once.
Result<std::shared_ptr<const vault::Vault>> open_vault(store::Repository& repository,
                                                       const Secret& master_key,
                                                       std::span<const Secret> previous = {});

// Signs the rows of a version that made no codes, as they stand. A sentence for each. Error
// conflict: they are signed already.
Result<std::vector<std::string>> sign_old_rows(store::Repository& repository,
                                               const Secret& master_key,
                                               std::span<const Secret> previous = {});

struct OpenedVault {
  std::shared_ptr<const vault::Vault> vault;
  bool rows_are_signed = false;  // authority.h
};
// The same, but changes nothing. Error not_found: the database is a new one.
Result<OpenedVault> look_into_vault(store::Repository& repository, const Secret& master_key,
                                    std::span<const Secret> previous = {});

}  // namespace patchbay::control
