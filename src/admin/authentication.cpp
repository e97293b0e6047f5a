#include "admin/authentication.h"

#include <utility>

namespace patchbay::admin {

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
