// Who asks: by an API token, or by the session of somebody in the dashboard.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "control/control_plane.h"
#include "http/message.h"
#include "io/runtime.h"
#include "store/sign_in_rows.h"

namespace patchbay::admin {

// What a request comes in with. A header goes before a cookie: whoever sends one means it.
struct Credentials {
  std::string api_token;
  std::string session;  // what the cookie holds; empty where an API token is given
};
Credentials credentials_of(const http::Request& request, std::string_view public_url);

struct Asker {
  control::Principal principal;
  std::optional<store::DashboardSessionRow> session = {};  // nothing: by the API token itself
};

// An API token is read where it is not in memory, a session in any case. Errors: unauthenticated,
// unavailable.
io::Task<Result<Asker>> authenticate(io::Runtime& runtime, control::ControlPlane& control,
                                     Credentials credentials);
io::Task<Result<control::Principal>> authenticate(io::Runtime& runtime,
                                                  control::ControlPlane& control,
                                                  std::string api_token);

}  // namespace patchbay::admin
