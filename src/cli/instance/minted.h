// A secret that the API shows once: where it goes, and what a person does with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/instance/remote.h"
#include "cli/terminal/private_file.h"
#include "json/value.h"

namespace patchbay::cli {

// Where it goes instead of standard output. Made before it is minted, so that none is lost for want
// of a file.
class SecretFile {
 public:
  // `path` empty: standard output. Errors: those of PrivateFile::create.
  static Result<SecretFile> open(const std::string& path);
  bool is_file() const { return file_.has_value(); }
  // Nothing was minted.
  void discard();
  // Errors: unavailable.
  Result<> write(std::string_view secret);

 private:
  std::optional<PrivateFile> file_;
};

// The URL of an MCP server that was made or rotated: to the file, as JSON, or on a line of its own
// on standard output, and the next step beside it. The exit code.
int print_minted_server(const json::Value& server, SecretFile file, const std::string& path,
                        const Remote& remote);
// The same of an API token.
int print_minted_token(const json::Value& token, SecretFile file, const std::string& path,
                       const Remote& remote);

// The same of a webhook's secret.
int print_minted_webhook(const json::Value& webhook, SecretFile file, const std::string& path,
                         const Remote& remote);

}  // namespace patchbay::cli
