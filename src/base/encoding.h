// Bytes as text and back. Not in constant time: secrets are compared as bytes (base/secret.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay {

std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);
// Standard alphabet, padding required, no white space, canonical (RFC 4648 sections 3.5 and 4).
std::optional<std::string> from_base64(std::string_view text);
std::string to_base64url(std::string_view bytes);  // without padding
std::optional<std::string> from_base64url(std::string_view text);

// "%2F" for "/": all bytes but the unreserved ones of RFC 3986, section 2.3.
std::string percent_encode(std::string_view text);

}  // namespace patchbay
