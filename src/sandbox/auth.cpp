#include "sandbox/auth.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/secret.h"
#include "base/text.h"

namespace patchbay::sandbox {

bool has_credentials(const http::Request& request, const SandboxOptions& options) {
  const std::optional<std::string_view> header = request.headers.find("Authorization");
  if (!header) return false;
  const std::size_t blank = header->find(' ');
  if (blank == std::string_view::npos || !equal_ignoring_case(header->substr(0, blank), "basic")) {
    return false;
  }
  const std::optional<std::string> given = from_base64(trim(header->substr(blank)));
  if (!given) return false;
  // The company may come in any case, the keys may not.
  const std::size_t plus = given->find('+');
  if (plus == std::string::npos ||
      !equal_ignoring_case(std::string_view(*given).substr(0, plus), options.company_id)) {
    return false;
  }
  return equal_in_constant_time(std::string_view(*given).substr(plus + 1),
                                fmt::format("{}:{}", options.public_key, options.private_key));
}

std::optional<ApiError> refuse_sign_in(const http::Request& request, const SandboxOptions& options,
                                       const Settings& settings) {
  if (!has_credentials(request, options)) {
    // A client switches on this pair of code and message.
    return ApiError{401, "ConnectWiseApi", "UserNotAuthenticated", {}};
  }
  const std::optional<std::string_view> client_id = request.headers.find("clientId");
  if (settings.require_client_id && (!client_id || client_id->empty())) {
    return ApiError{settings.missing_client_id_status,
                    "Unauthorized",
                    "A clientId header is required on every request.",
                    {}};
  }
  return std::nullopt;
}

}  // namespace patchbay::sandbox
