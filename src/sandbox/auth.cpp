#include "sandbox/auth.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/secret.h"
#include "base/text.h"

namespace patchbay::sandbox {
namespace {

// "public:private" of a request to this company; nothing if it has no such thing.
std::optional<std::string> keys_of(const http::Request& request, const SandboxOptions& options) {
  const std::optional<std::string_view> header = request.headers.find("Authorization");
  if (!header) return std::nullopt;
  const std::size_t blank = header->find(' ');
  if (blank == std::string_view::npos || !equal_ignoring_case(header->substr(0, blank), "basic")) {
    return std::nullopt;
  }
  const std::optional<std::string> given = from_base64(trim(header->substr(blank)));
  if (!given) return std::nullopt;
  // The company may come in any case, the keys may not.
  const std::size_t plus = given->find('+');
  if (plus == std::string::npos ||
      !equal_ignoring_case(std::string_view(*given).substr(0, plus), options.company_id)) {
    return std::nullopt;
  }
  return given->substr(plus + 1);
}

}  // namespace

bool has_credentials(const http::Request& request, const SandboxOptions& options) {
  const auto given = keys_of(request, options);
  return given && equal_in_constant_time(
                      *given, fmt::format("{}:{}", options.public_key, options.private_key));
}

const MemberKeys* find_keys(const http::Request& request, const SandboxOptions& options,
                            const std::vector<MemberKeys>& known) {
  const auto given = keys_of(request, options);
  if (!given) return nullptr;
  for (const MemberKeys& keys : known) {
    if (equal_in_constant_time(*given, fmt::format("{}:{}", keys.public_key, keys.private_key))) {
      return &keys;
    }
  }
  return nullptr;
}

ApiError not_authenticated() {
  // A client switches on this pair of code and message.
  return ApiError{401, "ConnectWiseApi", "UserNotAuthenticated", {}};
}

std::optional<ApiError> refuse_client(const http::Request& request, const Settings& settings) {
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
