// The rows of what people have said yes to: one for each integrated account that is signed in
// through an authorization server's pages (upstream/grants.h). An interface of its own, as sign-ins
// and webhooks have one.
//
// Nobody keeps these rows in memory but who uses them at the moment, so no change of theirs is told
// to other nodes: whoever needs a token that is over reads the row, and finds the next one where
// another node was there first. They go with their account.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "vault/vault.h"

namespace patchbay::store {

struct GrantRow {
  std::string account_id;
  vault::SealedBytes tokens;  // sealed with the account's id
  WallTime expires_at{};      // of the access token
  WallTime connected_at{};    // when somebody said yes
  WallTime claimed_until{};   // until then one node alone may use the refresh token
  std::int64_t version = 0;   // goes up with every change
};

// Errors of all: unavailable.
class GrantRows {
 public:
  virtual ~GrantRows() = default;
  virtual Result<std::optional<GrantRow>> grant(std::string_view account_id) = 0;
  // In place of what is there, whatever it is: of the row, its version and claim are not taken.
  // Error not_found: the account is gone.
  virtual Result<> put(const GrantRow& row) = 0;
  // False: it is not of that version any more, or it is claimed at `now`. With it the version is
  // the next one.
  virtual Result<bool> claim(std::string_view account_id, std::int64_t version, WallTime now,
                             WallTime until) = 0;
  // Other tokens for the row of that version, whose claim is over with it. False: it is of another.
  virtual Result<bool> keep(std::string_view account_id, std::int64_t version,
                            const vault::SealedBytes& tokens, WallTime expires_at) = 0;
  // The same tokens, sealed anew. False: it is of another version, or claimed at `now`.
  virtual Result<bool> reseal(std::string_view account_id, std::int64_t version, WallTime now,
                              const vault::SealedBytes& tokens) = 0;
  virtual Result<> remove(std::string_view account_id) = 0;  // no error where there is none
};

}  // namespace patchbay::store
