#include <memory>

#include <fmt/format.h>

#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/remote.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {
namespace {

int open_dashboard(const Remote& remote) {
  const auto client = ApiClient::open(remote.profile);
  if (!client) return report(client.error());
  const auto made = client->post("/session/link", json::Object{});
  if (!made) return report(made.error());
  if (remote.json) {
    print_json(*made);
    return 0;
  }
  fmt::print("{}\n", made->string_or("url", ""));
  remark("It signs in once, within ten minutes.");
  return 0;
}

}  // namespace

Command add_dashboard_command(Command& root) {
  const auto remote = std::make_shared<Remote>();
  Command command = root.add_command("dashboard", "Make a link that signs a browser in");
  command.footer(
      "The link signs in as the API token of the profile, once and within ten minutes. The token\n"
      "needs the scope admin.\n\n"
      "Example:\n"
      "  xdg-open \"$(patchbay dashboard)\"");
  add_remote_options(command, *remote);
  command.action([remote] { return open_dashboard(*remote); });
  return command;
}

}  // namespace patchbay::cli
