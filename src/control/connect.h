// How a person signs an integrated account in: a link that is sent to them, a page that says what
// it is for, the authorization server's own pages, and the way back.
//
// The link:
//
//   cnl_<account's id>.<seconds since 1970>.<when it was connected, in milliseconds>.
//     <id of the API token that made it>.<code in base64url>
//
// The code is keyed and over all that stands before it. A link serves until its time is over, its
// API token goes, or somebody has signed the account in: then the moment of connecting, which it
// names, is another one, and a link that lies about connects nobody else's account in its place.
//
// What has to be known at the way back (state, PKCE's verifier) goes to the browser that began it,
// sealed, in a cookie: no node keeps anything meanwhile, and no other browser can end what this one
// began.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "control/control_plane.h"
#include "store/grant_rows.h"
#include "upstream/account.h"
#include "vault/vault.h"

namespace patchbay::control {

// What a link is for, as its page shows it.
struct ConnectOffer {
  std::string account_name;
  std::string integration_label;
  std::string environment_name;
  std::string goes_to;  // the host of the authorization server
  WallTime until{};
};

struct ConnectBegun {
  std::string address;  // where the browser is sent
  std::string cookie;   // what it brings back
};

class Connections {
 public:
  // The tokens for a code; blocks. Errors: upstream::Sender::redeem's.
  using Redeem = std::function<Result<upstream::Tokens>(
      std::shared_ptr<const upstream::Account> account, upstream::AuthorizationCode code)>;
  static constexpr std::chrono::seconds kUsualLink{3600};
  static constexpr std::chrono::seconds kLeastLink{60};
  static constexpr std::chrono::seconds kLongestLink{7 * 24 * 3600};
  static constexpr std::chrono::seconds kForSigningIn{900};  // from the page to the way back

  // All outlive it.
  Connections(ControlPlane& control, store::Repository& repository, const vault::Vault& vault,
              const Clock& clock, Redeem redeem);

  struct Link {
    std::string token;
    WallTime until{};
  };
  // Errors: not_found; unsupported (its integration signs in otherwise), invalid_argument.
  Result<Link> make_link(const Principal& principal, std::string_view account_id,
                         std::chrono::seconds lifetime);

  // Error not_found, of all three: the link is none of ours, too old or used.
  Result<ConnectOffer> at_link(std::string_view token);
  Result<ConnectBegun> begin(std::string_view token, const std::string& redirect_uri);
  // Whether it is one of ours and in time; asks nobody and does not block.
  bool may_be_link(std::string_view token) const;

  // What the authorization server sent the browser back with.
  struct Returned {
    std::string state;
    std::string code;
    std::string error;  // its own word, such as access_denied; empty: none
    std::string cookie;
    std::string redirect_uri;
  };
  struct Connected {
    store::AccountRow account;
    std::string made_by;  // the API token of the link
    std::string remark;   // what does not work yet, although it is connected; may be empty
  };
  // Errors: not_found (nothing was begun in this browser, or too long ago), permission_denied (the
  // person said no), unauthenticated, unavailable.
  Result<Connected> finish(const Returned& returned);

 private:
  struct Named {
    Principal principal;
    store::AccountRow row;
    std::shared_ptr<const upstream::Account> live;
    WallTime until{};
    std::int64_t connected_at = 0;
  };
  Result<Named> named_by(std::string_view token);
  Result<std::int64_t> connected_at(std::string_view account_id);

  ControlPlane& control_;
  store::Repository& repository_;
  const vault::Vault& vault_;
  const Clock& clock_;
  const Redeem redeem_;
};

}  // namespace patchbay::control
