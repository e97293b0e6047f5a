// The credentials of an account, or of a member, as a person gives them: asked for by the fields of
// the integration, or in a file. Never as arguments.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/instance/api_client.h"
#include "cli/line/command_line.h"
#include "json/value.h"

namespace patchbay::cli {

// Which fields a person is asked for.
enum class CredentialFields : std::uint8_t {
  all,       // of an account; those that are required until they are given
  some,      // the same, where each may be left out: a change
  personal,  // a member's own, all of them
};

// Where they come from; both empty: the person at the terminal is asked for each field, for what is
// secret without an echo.
struct CredentialSource {
  std::string file;      // a JSON object; "-": standard input
  std::string variable;  // of the environment, with the same
  bool is_given() const { return !file.empty() || !variable.empty(); }
};
void add_credential_options(Command& command, CredentialSource& source, std::string_view whose);

// Errors: invalid_argument (nobody is there to ask; no object of texts; two sources, or a variable
// that is not set), not_found (the integration), cancelled.
Result<json::Object> read_credentials(const ApiClient& client, const std::string& integration,
                                      const CredentialSource& source, CredentialFields asked);

}  // namespace patchbay::cli
