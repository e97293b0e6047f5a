// What people have said yes to, in the store and sealed: upstream/grants.h over store/grant_rows.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/grant_rows.h"
#include "upstream/grants.h"
#include "vault/vault.h"

namespace patchbay::control {

class Grants final : public upstream::GrantKeeper {
 public:
  // Both outlive it.
  Grants(store::GrantRows& rows, const vault::Vault& vault) : rows_(rows), vault_(vault) {}

  Result<std::optional<upstream::HeldGrant>> read(std::string_view account_id) override;
  Result<std::optional<std::int64_t>> claim(std::string_view account_id, std::int64_t version,
                                            WallTime now, WallTime until) override;
  Result<> keep(std::string_view account_id, const upstream::HeldGrant& grant) override;

  // Of somebody who has just said yes: in place of whatever was there. Error not_found: the account
  // is gone.
  Result<> put(std::string_view account_id, const upstream::HeldGrant& grant, WallTime now);
  // Whether what is sealed is this account's, and opens.
  static bool opens(const vault::Vault& vault, std::string_view account_id,
                    const vault::SealedBytes& tokens);
  // Where a previous master key sealed it. What is just being renewed is sealed anew by that.
  Result<> reseal(std::string_view account_id, WallTime now);

 private:
  store::GrantRows& rows_;
  const vault::Vault& vault_;
};

}  // namespace patchbay::control
