#include "admin/authentication.h"

#include <utility>

#include "admin/api_request.h"
#include "admin/session_cookie.h"
#include "control/sign_ins.h"

namespace patchbay::admin {

Credentials credentials_of(const http::Request& request, std::string_view public_url) {
  if (!request.headers.find_all("Authorization").empty()) {
    return {.api_token = std::string(bearer_token(request)), .session = {}};
  }
  return {.api_token = {},
          .session = std::string(session_cookie(request, is_secure(request, public_url)))};
}

io::Task<Result<Asker>> authenticate(io::Runtime& runtime, control::ControlPlane& control,
                                     Credentials credentials) {
  if (credentials.session.empty()) {
    auto principal = co_await authenticate(runtime, control, std::move(credentials.api_token));
    if (!principal) co_return std::unexpected(std::move(principal.error()));
    co_return Asker{.principal = std::move(*principal)};
  }
  auto found =
      co_await runtime.run_blocking([&] { return control.sign_ins().find(credentials.session); });
  if (!found) co_return std::unexpected(std::move(found.error()));
  co_return Asker{.principal = std::move(found->principal), .session = std::move(found->session)};
}

io::Task<Result<control::Principal>> authenticate(io::Runtime& runtime,
                                                  control::ControlPlane& control,
                                                  std::string api_token) {
  Result<control::Principal> principal = control.authenticate(api_token);
  if (principal || !control.may_be_unread(api_token)) co_return principal;
  auto work = [&] { return control.read_api_token(api_token); };
  if (Result<> read = co_await runtime.run_blocking(std::move(work)); !read) {
    co_return std::unexpected(std::move(read.error()));
  }
  co_return control.authenticate(api_token);
}

}  // namespace patchbay::admin
