// A link that signs the owner of the first API token in to the dashboard.
#pragma once

#include <string>

#include "audit/journal.h"
#include "base/error.h"
#include "control/control_plane.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::app {

// Of whose API token it is, recorded as made by `program`. That a link was made is no use of the
// token: it is told again until it was used itself. Errors: unauthenticated (it is gone),
// unavailable.
struct LinkOf {
  control::ControlPlane& control;
  store::Repository& repository;
  const vault::Vault& vault;
  audit::Journal& journal;
  std::string public_url;
};
Result<std::string> make_sign_in_link(const LinkOf& of, const vault::Token& api_token,
                                      std::string program);

}  // namespace patchbay::app
