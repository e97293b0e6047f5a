#include <cstdlib>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "app/application.h"
#include "app/config.h"
#include "app/version.h"
#include "cli/commands.h"
#include "cli/terminal.h"

namespace patchbay::cli {

Result<app::Config> read_config(const std::string& config_file,
                                const std::map<std::string, std::string>& flags) {
  app::Config config;
  std::string file = config_file;
  if (file.empty()) {
    if (const char* const variable = std::getenv("PATCHBAY_CONFIG")) file = variable;
  }
  if (!file.empty()) {
    if (auto read = app::read_config_file(config, file); !read)
      return std::unexpected(read.error());
  }
  const auto get_variable = [](const std::string& name) -> const char* {
    return std::getenv(name.c_str());
  };
  if (auto read = app::read_environment(config, get_variable); !read) {
    return std::unexpected(read.error());
  }
  for (const auto& [name, text] : flags) {
    if (auto set = app::find_option(name)->set(config, text); !set) {
      return fail(set.error().code, "--" + name + " " + set.error().message);
    }
  }
  return config;
}

namespace {

// The log is no place for a secret, and a terminal may not be there: the first token goes into a
// file that only its owner can read.
Result<std::string> write_first_token(const app::Config& config, const vault::Token& token) {
  std::string path = config.data_dir + "/first-api-token";
  std::ofstream file(path, std::ios::trunc);  // the umask is 0077 since the store was opened
  file << token.reveal() << '\n';
  file.close();
  if (!file) return fail(ErrorCode::unavailable, fmt::format("Cannot write '{}'.", path));
  return path;
}

}  // namespace

int serve(const ServeRequest& request) {
  auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  block_stop_signals();
  const SystemClock clock;
  const telemetry::Log log(STDERR_FILENO, config->log_level);
  for (const std::string& name : app::unknown_variables(environ)) {
    log.write(telemetry::Level::warning, "This variable is no setting; is it misspelt?",
              {{"variable", std::string_view(name)}});
  }
  auto application = app::Application::start({.config = *config}, clock, log);
  if (!application) return report(application.error());

  if (const auto& token = (*application)->first_token()) {
    const auto path = write_first_token(*config, *token);
    if (!path) return report(path.error());
    log.write(telemetry::Level::info,
              "This instance is new. Its first API token is in the file named here; keep the token "
              "and delete the file.",
              {{"file", std::string_view(*path)}});
  }
  log.write(telemetry::Level::info, "serving",
            {{"url", std::string_view((*application)->url())}, {"version", app::kVersion}});
  wait_for_stop_signal();
  log.write(telemetry::Level::info, "stopping");
  (*application)->stop();
  return 0;
}

}  // namespace patchbay::cli
