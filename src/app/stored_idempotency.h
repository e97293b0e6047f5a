// Idempotency keys in the repository, with the results sealed: they are customers' data.
#pragma once

#include <memory>

#include "gateway/call/idempotency.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::app {

class StoredIdempotency final : public gateway::IdempotencyStore {
 public:
  // The repository outlives it.
  StoredIdempotency(store::Repository& repository, std::shared_ptr<const vault::Vault> vault)
      : repository_(repository), vault_(std::move(vault)) {}

  Result<std::optional<Attempt>> begin(const Key& key, std::string_view digest, WallTime now,
                                       WallTime valid_from) override;
  Result<> finish(const Key& key, State state, std::string_view result) override;
  Result<> forget(const Key& key) override;

 private:
  store::Repository& repository_;
  const std::shared_ptr<const vault::Vault> vault_;
};

}  // namespace patchbay::app
