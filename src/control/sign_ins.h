// People in the dashboard: sessions, each of an API token, and links that sign somebody in.
//
// A session is a secret of its own in a cookie. It can do what its API token can at that moment,
// and ends with it: both are read from the database with each request, so that a sign-out and a
// revocation hold at once, on every node. It ends by itself when it was not used for a while, and
// after a longer while in any case. A link signs in once, within ten minutes; it is for a terminal
// that has an API token, beside a browser that has none.
//
// All functions block: they run on the blocking pool. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "control/control_plane.h"
#include "store/sign_in_rows.h"
#include "vault/vault.h"

namespace patchbay::control {

class SignIns {
 public:
  static constexpr std::chrono::hours kLongestIdle{8};
  static constexpr std::chrono::hours kLongest{7 * 24};
  static constexpr std::chrono::minutes kLinkLifetime{10};
  // Of an API token; one more ends the one that ends first anyway.
  static constexpr std::size_t kMostSessions = 100;
  static constexpr std::size_t kMostLinks = 20;

  // All outlive it. `report` is told of rows that are not as they were signed; may be empty.
  SignIns(ControlPlane& control, store::SignInRows& rows, const vault::Vault& vault,
          const Clock& clock, std::function<void(std::string)> report);

  struct SignedIn {
    Principal principal;
    store::DashboardSessionRow session;
  };
  struct Begun {
    SignedIn signed_in;
    vault::Token secret;  // for the cookie
  };
  // Error: unauthenticated (its API token is gone in the meantime).
  Result<Begun> begin(const Principal& principal);
  // Whom it would sign in; it is not used up. Error unauthenticated: there is no such link any
  // more.
  Result<Principal> owner_of_link(std::string_view link);
  Result<Begun> begin_by_link(std::string_view link);

  // By what the cookie holds. A session that is found goes on. Error unauthenticated: it is none,
  // or over.
  Result<SignedIn> find(std::string_view secret);
  // How many ended.
  Result<std::int64_t> end(const store::DashboardSessionRow& session);
  Result<std::int64_t> end_all(const Principal& principal);

  struct Link {
    vault::Token secret;
    WallTime expires_at{};
    std::string id;
  };
  Result<Link> make_link(const Principal& principal);

 private:
  Result<store::SignInLinkRow> find_link(std::string_view link);
  Begun new_session(Principal principal) const;
  void remove_ended();

  ControlPlane& control_;
  store::SignInRows& rows_;
  const vault::Vault& vault_;
  const Clock& clock_;
  const std::function<void(std::string)> report_;
};

}  // namespace patchbay::control
