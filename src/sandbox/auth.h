// Sign-in: Basic with "company+public:private", and a clientId header on every call.
#pragma once

#include <optional>
#include <string_view>

#include "sandbox/operations/settings.h"
#include "sandbox/options.h"
#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

bool has_credentials(const http::Request& request, const SandboxOptions& options);

// Nothing if the request may pass.
std::optional<ApiError> refuse_sign_in(const http::Request& request, const SandboxOptions& options,
                                       const Settings& settings);

}  // namespace patchbay::sandbox
