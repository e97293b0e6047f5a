// The credentials of an account as a person gives them: asked for by the fields of the integration,
// or in a file. Never as arguments.
#pragma once

#include <string>

#include "base/error.h"
#include "cli/instance/api_client.h"
#include "json/value.h"

namespace patchbay::cli {

// `file`: a JSON object ("-": standard input); empty: the person at the terminal is asked for each
// field, for what is secret without an echo. With `some`, fields may be left out: a change.
// Errors: invalid_argument (nobody is there to ask; no object of texts), not_found (the
// integration), cancelled.
Result<json::Object> read_credentials(const ApiClient& client, const std::string& integration,
                                      const std::string& file, bool some);

}  // namespace patchbay::cli
