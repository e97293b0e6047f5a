#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "app/application.h"
#include "app/config.h"
#include "app/machine_bounds.h"
#include "app/version.h"
#include "cli/commands.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {

namespace {

using Flags = std::map<std::string, std::string>;

// For the person who starts an instance for the first time. A log is no place for it, nor is a
// file: it is over in ten minutes, and the file of the token beside it opens the same.
void tell_sign_in_link(app::Application& application) {
  if (!application.first_token() || ::isatty(STDOUT_FILENO) != 1) return;
  const auto link = application.sign_in_link("patchbay serve");
  if (!link) return;
  fmt::print("Dashboard (signs in once, within ten minutes):\n  {}\n", *link);
  std::fflush(stdout);
}

// File, environment, flags: the latter wins.
app::Config read_all(const std::string& config_file, const Flags& flags, app::Faults& faults) {
  app::Config config;
  app::fit_to_machine(config);
  std::string file = config_file;
  if (file.empty()) {
    if (const char* const variable = std::getenv("PATCHBAY_CONFIG")) file = variable;
  }
  if (!file.empty()) app::read_config_file(config, file, faults);
  const auto get_variable = [](const std::string& name) -> const char* {
    return std::getenv(name.c_str());
  };
  app::read_environment(config, get_variable, faults);
  for (const auto& [name, text] : flags) {
    if (auto set = app::find_option(name)->set(config, text); !set) {
      faults.add({set.error().code, "--" + name + " " + set.error().message, set.error().hint});
    }
  }
  return config;
}

}  // namespace

Result<app::Config> read_config(const std::string& config_file, const Flags& flags,
                                std::vector<Error>* told) {
  app::Faults faults;
  app::Config config = read_all(config_file, flags, faults);
  if (told != nullptr) told->assign(faults.all().begin(), faults.all().end());
  if (faults.any()) return std::unexpected(faults.told("faults in the configuration"));
  return config;
}

int serve(const ServeRequest& request) {
  auto config = read_config(request.config_file, request.flags);
  if (!config) return report(config.error());
  block_signals();
  // A limit on the size of files is a disk that is full, and not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  const SystemClock clock;
  telemetry::Log log(STDERR_FILENO, config->log_level);
  for (const std::string& name : app::unknown_variables(environ)) {
    log.write(telemetry::Level::warning, "This variable is no setting; is it misspelt?",
              {{"variable", std::string_view(name)}});
  }
  auto application =
      app::Application::start({.config = std::move(*config),
                               .read_config =
                                   [&request](app::Faults& faults) {
                                     return read_all(request.config_file, request.flags, faults);
                                   }},
                              clock, log);
  if (!application) return report(application.error());

  // The log is no place for a secret, and a terminal may not be there.
  if (const std::string& file = (*application)->first_token_file(); !file.empty()) {
    log.write(
        telemetry::Level::info,
        "No API token of this instance was used yet. The first one is in the file named here; "
        "keep the token and delete the file.",
        {{"file", std::string_view(file)}});
  }
  log.write(telemetry::Level::info, "serving",
            {{"url", std::string_view((*application)->url())}, {"version", app::kVersion}});
  tell_sign_in_link(**application);
  while (wait_for_signal() == Asked::reload) {
    static_cast<void>((*application)->reload("SIGHUP"));  // the log tells how it went
  }
  log.write(telemetry::Level::info, "stopping");
  (*application)->stop();
  return 0;
}

}  // namespace patchbay::cli
