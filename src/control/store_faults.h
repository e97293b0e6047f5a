// Whether all that a database holds is as it was written, opens, and hangs together: for who looks
// after the data.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::control {

// A sentence for each of the first ones, and how many there are.
struct StoreFaults {
  static constexpr std::size_t kMostTold = 1'000;
  std::vector<std::string> told;
  std::size_t count = 0;
  void add(std::string fault);
};

// A row that is damaged, or not as it was signed; what is sealed and does not open; a row that
// names one that is not there or is another environment's. Rows that come and go meanwhile are
// none. Errors: the repository's.
Result<StoreFaults> store_faults(store::Repository& repository,
                                 const std::shared_ptr<const vault::Vault>& vault);

}  // namespace patchbay::control
