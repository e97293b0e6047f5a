// What people have said yes to: the tokens of accounts that are signed in through an authorization
// server's own pages, kept where they outlive the process and where every node finds them.
//
// A refresh token is often good for one use: the answer brings the next one. So, in this order:
//
//   claim   nobody else uses the refresh token until the claim is over, on any node
//   ask     the authorization server, with the refresh token that was read
//   keep    the new ones, before anybody uses the new access token
//
// A crash between the last two loses what was never written: the next try finds the old one, and
// where the server does not take it again, people have to sign in once more. A crash after `keep`
// loses nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"

namespace patchbay::upstream {

struct HeldGrant {
  // Where it was given and may be used (Account::bound_to()). Credentials that lead elsewhere have
  // nothing of it, also where they were changed just as somebody said yes.
  std::string bound_to;
  Secret access;
  Secret refresh;  // empty: there is none, or it is over
  WallTime expires_at{};
  std::int64_t version = 0;  // goes up with every change
};

// All functions block on a disk or a network, and may come from several threads at once. Errors of
// all: unavailable (the store).
class GrantKeeper {
 public:
  virtual ~GrantKeeper() = default;
  // Nothing: nobody has signed the account in.
  virtual Result<std::optional<HeldGrant>> read(std::string_view account_id) = 0;
  // Takes the grant of that version for the caller until then. The version that it has from here
  // on; nothing: it was changed meanwhile, or somebody else has it.
  virtual Result<std::optional<std::int64_t>> claim(std::string_view account_id,
                                                    std::int64_t version, WallTime now,
                                                    WallTime until) = 0;
  // In place of the claimed one, which ends the claim. Error conflict: it was changed meanwhile
  // (people have signed in anew), and nothing is kept.
  virtual Result<> keep(std::string_view account_id, const HeldGrant& grant) = 0;
};

}  // namespace patchbay::upstream
