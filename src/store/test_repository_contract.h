// What every Repository must do: each store's tests call it with their factory.
#pragma once

#include <functional>
#include <memory>

#include "store/repository.h"

namespace patchbay::store {

// Makes an empty store; the others open the same one again.
struct RepositoryFactory {
  std::function<std::unique_ptr<Repository>()> make;
  // Closes the given one first, as at a restart.
  std::function<std::unique_ptr<Repository>(std::unique_ptr<Repository>)> reopen;
};

// Each is to be called from a TEST_CASE of its own; its SUBCASEs run one after the other.
void check_rows(const RepositoryFactory& factory);
void check_lists(const RepositoryFactory& factory);
void check_changes(const RepositoryFactory& factory);
void check_events_and_secrets(const RepositoryFactory& factory);
void check_approvals(const RepositoryFactory& factory);
void check_uses(const RepositoryFactory& factory);
void check_webhooks(const RepositoryFactory& factory);
void check_sign_ins(const RepositoryFactory& factory);
void check_definitions(const RepositoryFactory& factory);
void check_grants(const RepositoryFactory& factory);
void check_a_clock_set_back(const RepositoryFactory& factory);

}  // namespace patchbay::store
