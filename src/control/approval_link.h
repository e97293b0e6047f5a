// A link by which one approval can be decided without a token:
//
//   apl_<id>.<seconds since 1970>.<id of the API token that made it>.<code in base64url>
//
// The code is keyed and over all that stands before it: who has no key makes no link, and prolongs
// none. That it is used once is the approval's: decided, there is nothing left to decide.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "vault/vault.h"

namespace patchbay::control {

struct ApprovalLink {
  std::string approval_id;
  std::string token_id;
  WallTime until{};
};

std::string write_approval_link(const vault::Vault& vault, const ApprovalLink& link);
// Nothing: it is none of ours. Whether it is in time is the caller's to ask.
std::optional<ApprovalLink> read_approval_link(const vault::Vault& vault, std::string_view text);

}  // namespace patchbay::control
