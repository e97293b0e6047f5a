// Where an account's credentials go, for who looks after an instance without serving it.
#pragma once

#include <string>

#include "base/error.h"
#include "store/records.h"
#include "vault/vault.h"

namespace patchbay::control {

// "https://host:443"; empty: sealed by a version that bound none. Error internal: they do not open.
Result<std::string> sealed_origin(const vault::Vault& vault, const store::AccountRow& row);

}  // namespace patchbay::control
