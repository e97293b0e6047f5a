// What every Repository must do, as one function: each store's tests call it with their factory.
#pragma once

#include <functional>
#include <memory>

#include "store/repository.h"

namespace patchbay::store {

// Makes an empty store; `reopen` gives the same one again, as after a restart.
struct RepositoryFactory {
  std::function<std::unique_ptr<Repository>()> make;
  // Closes the given one and opens the same data again.
  std::function<std::unique_ptr<Repository>(std::unique_ptr<Repository>)> reopen;
};

// To be called from a TEST_CASE; its SUBCASEs run one after the other.
void check_repository_contract(const RepositoryFactory& factory);

}  // namespace patchbay::store
