// Signatures by the Standard Webhooks convention (standardwebhooks.com, version 1.0.0):
//
//   webhook-id: msg_…                 the same at each attempt
//   webhook-timestamp: 1796000000     seconds since 1970, of this attempt
//   webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">
//
// separated by a space where several secrets sign. A secret is told as "whsec_" and base64; the
// bytes behind it are the key. The convention asks for 24 to 64 of them; these have 32.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace patchbay::webhooks {

inline constexpr std::string_view kSecretPrefix = "whsec_";

Secret new_secret();

// The header's value: of each secret one, in their order. Secrets are new_secret()'s; any other
// signs nothing.
std::string signature(std::span<const Secret> secrets, std::string_view id, std::int64_t seconds,
                      std::string_view body);

}  // namespace patchbay::webhooks
