// The credentials of an account, or of a member, as a person gives them: asked for by the fields of
// the integration, or in a file. Never as arguments.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "cli/instance/api_client.h"
#include "json/value.h"

namespace patchbay::cli {

// Which fields a person is asked for.
enum class CredentialFields : std::uint8_t {
  all,       // of an account; those that are required until they are given
  some,      // the same, where each may be left out: a change
  personal,  // a member's own, all of them
};

// `file`: a JSON object ("-": standard input); empty: the person at the terminal is asked for each
// field, for what is secret without an echo.
// Errors: invalid_argument (nobody is there to ask; no object of texts), not_found (the
// integration), cancelled.
Result<json::Object> read_credentials(const ApiClient& client, const std::string& integration,
                                      const std::string& file, CredentialFields asked);

}  // namespace patchbay::cli
