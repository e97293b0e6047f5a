// Sign-in: Basic with "company+public:private", and a clientId header on every call.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/operations/settings.h"
#include "sandbox/options.h"
#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

// Whether the request carries the keys that the sandbox was started with.
bool has_credentials(const http::Request& request, const SandboxOptions& options);

// Keys of a member of one's own, beside those.
struct MemberKeys {
  std::string member;  // identifier
  std::string public_key;
  std::string private_key;
};

// The member whose keys the request carries; null: it carries none of these.
const MemberKeys* find_keys(const http::Request& request, const SandboxOptions& options,
                            const std::vector<MemberKeys>& known);

ApiError not_authenticated();
// Of a request whose keys are known; nothing if it may pass.
std::optional<ApiError> refuse_client(const http::Request& request, const Settings& settings);

}  // namespace patchbay::sandbox
