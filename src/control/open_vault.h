// The vault of an instance: its master key together with the pepper that its database holds.
#pragma once

#include <memory>
#include <span>

#include "base/error.h"
#include "base/secret.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::control {

// Reads the sealed pepper of token hashes, or makes it on the first start, and seals it again if a
// previous key sealed it. Errors: invalid_argument (the key's form; or neither key fits this
// database, which is better said at start than found out by every token), unavailable. Rows of a
// version that signed none are signed.
Result<std::shared_ptr<const vault::Vault>> open_vault(store::Repository& repository,
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
