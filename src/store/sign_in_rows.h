// The rows of people who are signed in to the dashboard, and of links that sign somebody in. An
// interface of its own, as approvals and webhooks have one.
//
// Nobody keeps these rows in memory: what is deleted here opens nothing any more, on no node, from
// the next request on. They go with their API token, and no backup or copy carries them: a sign-out
// would not be in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "vault/token.h"

namespace patchbay::store {

struct DashboardSessionRow {
  std::string id;
  std::string api_token_id;
  vault::TokenHash hash;  // of what the browser holds
  WallTime ends_at{};     // unless it is used before; never after expires_at
  WallTime expires_at{};
  WallTime created_at{};
  std::string mac = {};
};

struct SignInLinkRow {
  std::string id;
  std::string api_token_id;
  vault::TokenHash hash;
  WallTime expires_at{};
  WallTime created_at{};
  std::string mac = {};
};

// Errors of all: unavailable, internal (a row is damaged).
class SignInRows {
 public:
  virtual ~SignInRows() = default;

  // Of an API token's sessions the `most` that end last stay. Error not_found: the token is gone.
  virtual Result<> insert(const DashboardSessionRow& row, std::size_t most) = 0;
  virtual Result<std::optional<DashboardSessionRow>> session(const vault::TokenHash& hash) = 0;
  // False: it is gone.
  virtual Result<bool> prolong(std::string_view id, WallTime ends_at) = 0;
  virtual Result<bool> remove_session(std::string_view id) = 0;
  // How many there were.
  virtual Result<std::int64_t> remove_sessions_of(std::string_view api_token_id) = 0;

  // The same of links.
  virtual Result<> insert(const SignInLinkRow& row, std::size_t most) = 0;
  virtual Result<std::optional<SignInLinkRow>> link(const vault::TokenHash& hash) = 0;
  // The link goes and the session comes, in one commit. False: somebody else used it.
  virtual Result<bool> use_link(std::string_view id, const DashboardSessionRow& row,
                                std::size_t most) = 0;

  // Sessions and links that have ended by then, at most so many of each. How many went.
  virtual Result<std::int64_t> remove_ended(WallTime by, std::size_t limit) = 0;
};

}  // namespace patchbay::store
