#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/find.h"
#include "cli/instance/log_follower.h"
#include "cli/instance/remote.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/endless_output.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {
namespace {

struct LogRequest {
  Remote remote;
  std::string server;   // id or name; empty: of all
  std::string account;  // the same
  std::string tool;
  std::string outcome;
  std::string kind;
  std::string text;
  std::uint64_t lines = 10;
};

Result<ApiClient::Query> filters_of(const ApiClient& client, const LogRequest& request) {
  ApiClient::Query filters{{"tool", request.tool},
                           {"outcome", request.outcome},
                           {"kind", request.kind},
                           {"text", request.text}};
  if (!request.server.empty()) {
    const auto server = find_server(client, request.server, request.account);
    if (!server) return std::unexpected(server.error());
    filters.emplace_back("mcp_server_id", id_of(*server));
  } else if (!request.account.empty()) {
    const auto account = find_account(client, request.account);
    if (!account) return std::unexpected(account.error());
    filters.emplace_back("integrated_account_id", id_of(*account));
  }
  return filters;
}

std::string colored(std::string_view outcome) {
  const std::string padded = fmt::format("{:<7}", one_line(outcome));
  if (outcome == "failed") return red(padded);
  if (outcome == "unknown") return yellow(padded);
  return outcome == "started" ? faint(padded) : padded;
}

// What tells most about it: what it was about, and why it failed.
std::string remarks_of(const json::Value& event) {
  std::string text;
  const auto add = [&](std::string_view label, std::string_view name) {
    const std::string value = member_text(event, name);
    if (value != "-") text += fmt::format("  {}{}", label, value);
  };
  add("", "mcp_server_id");
  add("record ", "record_id");
  add("", "target");
  add("", "error_code");
  if (event.string_or("outcome", "") == "unknown") add("", "check");
  if (const auto took = event.int64_or("duration_ms", 0); took > 0) {
    text += fmt::format("  {} ms", took);
  }
  return text;
}

std::string line_of(const json::Value& event) {
  return fmt::format("{}  {}  {}\n", one_line(event.string_or("at", "")),
                     colored(event.string_or("outcome", "")),
                     one_line(fmt::format("{:<6}  {}{}", event.string_or("kind", ""),
                                          member_text(event, "tool"), remarks_of(event))));
}

void print(EndlessOutput& output, const json::Array& events, bool json) {
  std::string lines;
  for (const json::Value& event : events) lines += json ? json_line(event) : line_of(event);
  if (!lines.empty()) output.print(lines);
}

// Until the output ends it, or the instance refuses. One that cannot be reached is waited for.
int follow(LogFollower& log, EndlessOutput& output, bool json) {
  bool is_away = false;
  while (true) {
    std::this_thread::sleep_for(LogFollower::kPause);
    const auto events = log.next();
    if (events) {
      if (is_away) remark("It answers again.");
      is_away = false;
      print(output, *events, json);
      continue;
    }
    const Error& error = events.error();
    if (error.code != ErrorCode::unavailable && error.code != ErrorCode::upstream) {
      return report(error);
    }
    if (!is_away) remark(fmt::format("{} It is asked again until it answers.", error.message));
    is_away = true;
  }
}

int tail(const LogRequest& request) {
  // For as long as the process lives: its thread looks at it until the end.
  static EndlessOutput output;
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  auto filters = filters_of(*client, request);
  if (!filters) return report(filters.error());
  LogFollower log([&](const std::string& path) { return client->get(path); }, std::move(*filters));
  const auto last = log.begin(request.lines);
  if (!last) return report(last.error());
  print(output, *last, request.remote.json);
  return follow(log, output, request.remote.json);
}

}  // namespace

Command add_log_commands(Command& root) {
  const auto request = std::make_shared<LogRequest>();
  Command group = root.add_command("logs", "The audit log: what was called and changed");
  group.require_command();
  Command tailed =
      group.add_command("tail", "Print the last events, and those that come, until Ctrl-C");
  tailed.footer(
      "A write comes when it begins (started) and again when it has ended.\n\n"
      "Example:\n"
      "  patchbay logs tail --server support --outcome failed --json | jq .error_code");
  tailed.option("--server", request->server, "Only calls of this MCP server, by id or name")
      .filled();
  tailed.option("--account", request->account, "Only of this account, by id or name").filled();
  tailed.option("--tool", request->tool, "Only calls of this tool, by its exact name").filled();
  tailed.option("--outcome", request->outcome, "Only events with this outcome")
      .one_of({"started", "done", "failed", "unknown"});
  tailed.option("--kind", request->kind, "Only events of this kind")
      .one_of({"read", "write", "change", "note"});
  tailed.option("--text", request->text, "Only events in which this stands, in any case").filled();
  tailed.option("--lines", request->lines, "How many of the last events come first, 0 to 1000")
      .within(0, 1'000)
      .placeholder("COUNT")
      .show_default();
  tailed.option("--profile", request->remote.profile, "Which instance; else the profile in use")
      .filled()
      .placeholder("PROFILE");
  tailed.flag("--json", request->remote.json, "Print a line of JSON for each event");
  tailed.action([request] { return tail(*request); });
  return group;
}

}  // namespace patchbay::cli
