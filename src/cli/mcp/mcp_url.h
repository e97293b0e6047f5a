// The MCP URL that a command goes to: a secret, and so best no argument.
#pragma once

#include <string>

#include "base/error.h"
#include "http/url.h"

namespace patchbay::cli {

// `argument` (blotted out of what other processes see: secrecy.h), else the first line of `file`
// ("-": of standard input), else PATCHBAY_MCP_URL. Errors: invalid_argument, not_found.
Result<http::Url> read_mcp_url(const std::string& argument, const std::string& file);

}  // namespace patchbay::cli
