// Whether all that a database holds is as it was written, opens, and hangs together: for who looks
// after the data.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::control {

// A sentence for each fault: a row that is not as it was signed, credentials that do not open, a
// row that names one that is not there or is another environment's. Errors: the repository's.
Result<std::vector<std::string>> store_faults(store::Repository& repository,
                                              const std::shared_ptr<const vault::Vault>& vault);

}  // namespace patchbay::control
