#include <utility>

#include <unistd.h>

#include "app/new_token.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/instance/minted.h"
#include "cli/instance/remote.h"
#include "cli/terminal/terminal.h"
#include "json/value.h"

namespace patchbay::cli {

int new_token(const NewTokenRequest& request) {
  const auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  // A variable of a script that was not set is no wish for a key to everything.
  if (request.environment_id && trim(*request.environment_id).empty()) {
    return report({ErrorCode::invalid_argument, "--environment is given empty.",
                   "Leave it out for a token of the whole instance; else name an environment."});
  }
  // Before there is a token that nobody would be told.
  auto file = SecretFile::open(request.file);
  if (!file) return report(file.error());
  const SystemClock clock;
  const telemetry::Log log(STDERR_FILENO, config->log_level);
  const auto made = app::new_token(
      *config, {.name = request.name, .environment_id = request.environment_id.value_or("")}, clock,
      log);
  if (!made) {
    file->discard();
    return report(made.error());
  }
  json::Value answer = made->record;
  answer["token"] = made->token.reveal();
  Remote remote;
  remote.json = request.json;
  return print_minted_token(answer, std::move(*file), request.file, remote);
}

}  // namespace patchbay::cli
