#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "app/new_token.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/terminal/private_file.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {

int new_token(const NewTokenRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  // A variable of a script that was not set is no wish for a key to everything.
  if (request.environment_id && trim(*request.environment_id).empty()) {
    return report({ErrorCode::invalid_argument, "--environment is given empty.",
                   "Leave it out for a token of the whole instance; else name an environment."});
  }
  std::optional<PrivateFile> file;
  // Before there is a token that nobody would be told.
  if (!request.file.empty()) {
    auto made = PrivateFile::create(request.file);
    if (!made) return report(made.error());
    file.emplace(std::move(*made));
  }
  const SystemClock clock;
  const telemetry::Log log(STDERR_FILENO, config->log_level);
  const auto token = app::new_token(
      *config, {.name = request.name, .environment_id = request.environment_id.value_or("")}, clock,
      log);
  if (!token) {
    if (file) file->remove();
    return report(token.error());
  }
  const std::string line = std::string(token->reveal()) + "\n";
  if (!file) {
    fmt::print("{}", line);
    return 0;
  }
  if (auto kept = file->write(line); !kept) return report(kept.error());
  fmt::print("Wrote a new API token to {}.\n", request.file);
  return 0;
}

}  // namespace patchbay::cli
