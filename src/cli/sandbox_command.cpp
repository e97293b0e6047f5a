#include <cstdio>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"

namespace patchbay::cli {

int run_sandbox(const SandboxRequest& request) {
  block_stop_signals();
  const SystemClock clock;
  io::Runtime runtime;
  sandbox::Sandbox sandbox(runtime, clock, request.options);
  runtime.start();
  if (auto started = sandbox.start(); !started) return report(started.error());

  const sandbox::SandboxOptions& options = sandbox.options();
  const bool secure = !options.server.tls_certificate_file.empty();
  const std::string url =
      fmt::format("{}://{}:{}", secure ? "https" : "http", options.server.address, sandbox.port());
  if (request.json) {
    const std::string line = json::to_string(json::Object{{"sandbox_url", url},
                                                          {"company_id", options.company_id},
                                                          {"public_key", options.public_key},
                                                          {"private_key", options.private_key},
                                                          {"client_id", options.client_id}});
    fmt::print("{}\n", line);
  } else {
    fmt::print(
        "{}\n\n"
        "  Base URL     {}/v4_6_release/apis/3.0\n"
        "  Sign in      user {}+{}, password {}\n"
        "  clientId     {}\n\n"
        "Try\n"
        "  curl -s -u {}+{}:{} -H 'clientId: {}' '{}/v4_6_release/apis/3.0/service/tickets"
        "?pageSize=1'\n\n"
        "Ctrl-C stops it; nothing is kept.\n",
        bold("A ConnectWise PSA to try things on is running."), url, options.company_id,
        options.public_key, options.private_key, options.client_id, options.company_id,
        options.public_key, options.private_key, options.client_id, url);
  }
  std::fflush(stdout);
  wait_for_stop_signal();
  sandbox.stop(std::chrono::milliseconds(500));
  runtime.stop();
  return 0;
}

}  // namespace patchbay::cli
