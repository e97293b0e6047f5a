#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "app/demo.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

std::string facts_as_json(const app::Demo::Facts& facts) {
  return json::to_string(json::Object{
      {"mcp_url", facts.mcp_url},
      {"admin_url", facts.admin_url},
      {"api_token", facts.api_token},
      {"dashboard_url", facts.dashboard_url},
      {"tags", json::Array(facts.tags.begin(), facts.tags.end())},
      {"tool_count", facts.tool_count},
      {"notices",
       facts.tool_count_remark.empty() ? json::Array() : json::Array{facts.tool_count_remark}},
      {"integrated_account_id", facts.integrated_account_id},
      {"sandbox_url", facts.sandbox_url},
      {"sandbox", json::Object{{"company_id", facts.company_id},
                               {"public_key", facts.public_key},
                               {"private_key", facts.private_key},
                               {"client_id", facts.client_id}}},
  });
}

// The path of this program, for client configurations that start it themselves.
std::string program_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "patchbay" : path.string();
}

std::string desktop_config(const app::Demo::Facts& facts) {
  const json::Value config = json::Object{
      {"mcpServers",
       json::Object{{facts.client_name,
                     json::Object{{"command", program_path()},
                                  {"args", json::Array{"stdio"}},
                                  {"env", json::Object{{"PATCHBAY_MCP_URL", facts.mcp_url}}}}}}}};
  return json::to_pretty_string(config);
}

std::string welcome(const app::Demo::Facts& facts) {
  return fmt::format(
      R"(
{title}
An MSP's ConnectWise PSA that is not real, and an MCP server for it that is.

{mcp_label} {tags_note}
  {mcp_url}{count_note}

{dashboard_label} {dashboard_note}
  {dashboard_url}

{admin_label}
  {admin_url}
  API token: {api_token}

{code_label}
  claude mcp add --transport http {client_name} {mcp_url}

{desktop_label} {desktop_note}
{desktop}

{curl_label}
  curl -s {mcp_url} -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d '{call}'

{ask_label}
  List all open tickets on the Triage board. Show me their status and who they are assigned to.
  Create a high-priority ticket for Acme Corp: "Primary firewall down in London office", on the Emergency Escalations board.
  Pull all time entries of yesterday. Which billable ones have less than 50 characters of notes?

{sandbox_note}
Ctrl-C stops everything; nothing is kept.
)",
      fmt::arg("title", bold("Patchbay is running.")), fmt::arg("mcp_label", bold("MCP URL")),
      fmt::arg("tags_note",
               faint(facts.tags.empty() ? fmt::format("(all {} tools)", facts.tool_count)
                                        : fmt::format("({} tools of {}; --all-tools for all)",
                                                      facts.tool_count, join(facts.tags)))),
      fmt::arg("count_note", facts.tool_count_remark.empty()
                                 ? std::string()
                                 : "\n  " + faint(facts.tool_count_remark)),
      fmt::arg("dashboard_label", bold("Dashboard")),
      fmt::arg("dashboard_note",
               faint("(signs in once, within ten minutes; later with the API token)")),
      fmt::arg("dashboard_url", facts.dashboard_url), fmt::arg("mcp_url", facts.mcp_url),
      fmt::arg("client_name", facts.client_name), fmt::arg("admin_label", bold("Admin API")),
      fmt::arg("admin_url", facts.admin_url), fmt::arg("api_token", facts.api_token),
      fmt::arg("code_label", bold("Claude Code")),
      fmt::arg("desktop_label", bold("Claude Desktop")),
      fmt::arg("desktop_note", faint("(claude_desktop_config.json)")),
      fmt::arg("desktop", desktop_config(facts)), fmt::arg("curl_label", bold("curl")),
      fmt::arg(
          "call",
          R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_all_connect_wise_psa_tickets","arguments":{"board":"Triage","closed":false,"limit":3}}})"),
      fmt::arg("ask_label", bold("Then ask it")),
      fmt::arg("sandbox_note",
               faint(fmt::format("Sandbox PSA: {} (company {}, keys {} / {}, clientId {})",
                                 facts.sandbox_url, facts.company_id, facts.public_key,
                                 facts.private_key, facts.client_id))));
}

}  // namespace

int demo(const DemoRequest& request) {
  block_stop_signals();
  const SystemClock clock;
  telemetry::Log log(STDERR_FILENO, telemetry::Level::warning);
  const bool shows_progress = !request.json && ::isatty(STDOUT_FILENO) == 1;
  if (shows_progress) {
    std::fputs("Starting the sandbox and the server …", stdout);
    std::fflush(stdout);
  }
  auto started = app::Demo::start(request.options, clock, log);
  if (shows_progress) std::fputs("\r\x1b[K", stdout);
  if (!started) return report(started.error());

  const app::Demo::Facts& facts = (*started)->facts();
  const std::string text = request.json ? facts_as_json(facts) + "\n" : welcome(facts);
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
  wait_for_stop_signal();
  if (!request.json) std::fputs("\nStopping.\n", stdout);
  (*started)->stop();
  return 0;
}

}  // namespace patchbay::cli
