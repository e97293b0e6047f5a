#include "cli/mcp/mcp_url.h"

#include <cstdlib>

#include "base/text.h"
#include "cli/terminal/prompt.h"

namespace patchbay::cli {

Result<http::Url> read_mcp_url(const std::string& argument, const std::string& file) {
  if (!argument.empty() && !file.empty()) {
    return fail(ErrorCode::invalid_argument, "Which MCP URL: the argument, or that of --url-file?",
                "Give one of them.");
  }
  if (!argument.empty() && argument != "-") return http::parse_url(argument);
  if (!argument.empty() || !file.empty()) {
    const auto line = read_first_line(argument.empty() ? file : argument, "MCP URL");
    if (!line) return std::unexpected(line.error());
    return http::parse_url(line->reveal());
  }
  if (const char* const variable = std::getenv("PATCHBAY_MCP_URL")) {
    return http::parse_url(trim(variable));
  }
  return fail(ErrorCode::invalid_argument, "Which MCP URL?",
              "Give it in PATCHBAY_MCP_URL or with --url-file.");
}

}  // namespace patchbay::cli
