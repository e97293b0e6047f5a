#include "cli/mcp/tools_commands.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/text.h"
#include "cli/line/members.h"
#include "cli/mcp/mcp_client.h"
#include "cli/mcp/mcp_url.h"
#include "cli/mcp/tool_text.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/table.h"
#include "cli/terminal/terminal.h"
#include "json/parse.h"

namespace patchbay::cli {
namespace {

struct ToolsRequest {
  std::string url;  // of `list`; "-": standard input
  std::string url_file;
  std::string ca_file;
  bool send_api_token = false;
  bool json = false;
  std::string tool;
  std::string matching;
  std::vector<std::string> arguments;
  bool dry_run = false;
};

Result<McpClient> open(const ToolsRequest& request) {
  auto url = read_mcp_url(request.url, request.url_file);
  if (!url) return std::unexpected(url.error());
  http::Headers headers;
  if (request.send_api_token) {
    const char* const token = std::getenv("PATCHBAY_API_TOKEN");
    if (token == nullptr || trim(token).empty()) {
      return fail(ErrorCode::invalid_argument, "There is no API token to send.",
                  "Set PATCHBAY_API_TOKEN, to one of scope mcp.");
    }
    headers.set("X-Api-Token", trim(token));
  }
  return McpClient::open(std::move(*url), std::move(headers), request.ca_file);
}

Result<json::Value> find_tool(const McpClient& client, const std::string& name) {
  const auto tools = client.list_tools();
  if (!tools) return std::unexpected(tools.error());
  std::vector<std::string> names;
  for (const json::Value& tool : *tools) {
    if (tool.string_or("name", "") == name) return tool;
    names.emplace_back(tool.string_or("name", ""));
  }
  const auto near = nearest(name, names, 5);
  return fail(
      ErrorCode::not_found, fmt::format("The server has no tool '{}'.", name),
      near.empty() ? "`patchbay tools list` shows all." : "Did you mean " + join(near) + "?");
}

int list(const ToolsRequest& request) {
  const auto client = open(request);
  if (!client) return report(client.error());
  const auto tools = client->list_tools();
  if (!tools) return report(tools.error());
  json::Array shown;
  for (const json::Value& tool : *tools) {
    if (contains_ignoring_case(tool.string_or("name", ""), request.matching) ||
        contains_ignoring_case(tool.string_or("description", ""), request.matching)) {
      shown.push_back(tool);
    }
  }
  if (request.json) {
    print_json(json::Object{{"tools", std::move(shown)}});
    return 0;
  }
  Table table({{"NAME", true}, {"EFFECT"}, {"DESCRIPTION"}});
  for (const json::Value& tool : shown) {
    table.add({std::string(tool.string_or("name", "")), effect_of(tool),
               std::string(tool.string_or("description", ""))});
  }
  if (shown.empty()) {
    remark(tools->empty() ? "The server has no tools." : "No tool of the server fits that.");
    return 0;
  }
  const std::string text = table.text(terminal_width(), output_is_styled());
  std::fputs(text.c_str(), stdout);
  return 0;
}

int show(const ToolsRequest& request) {
  const auto client = open(request);
  if (!client) return report(client.error());
  const auto tool = find_tool(*client, request.tool);
  if (!tool) return report(tool.error());
  if (request.json) {
    print_json(*tool);
  } else {
    const std::string text = tool_text(*tool);
    std::fputs(text.c_str(), stdout);
  }
  return 0;
}

// What a tool's result says is wrong: our own form of it, or whatever text it has.
int report_result(const json::Value& result) {
  const json::Value* const content = result.find("content");
  const json::Array* const blocks = content == nullptr ? nullptr : content->if_array();
  const bool one = blocks != nullptr && !blocks->empty();
  const auto value = json::parse(one ? blocks->front().string_or("text", "") : "");
  const json::Value* const error = value ? value->find("error") : nullptr;
  if (error == nullptr || error->string_or("message", "").empty()) {
    return report({ErrorCode::upstream, "The tool failed: " + result_text(result), ""});
  }
  report({ErrorCode::upstream, std::string(error->string_or("message", "")),
          std::string(error->string_or("hint", ""))});
  if (const auto applied = error->string_or("was_applied", ""); !applied.empty()) {
    remark(fmt::format("  Was it applied: {}", applied));
  }
  return 1;
}

int call(const ToolsRequest& request) {
  auto typed = read_members(request.arguments);
  if (!typed) return report(typed.error());
  const auto client = open(request);
  if (!client) return report(client.error());
  const auto tool = find_tool(*client, request.tool);
  if (!tool) return report(tool.error());
  auto arguments = fit_arguments(*tool, std::move(*typed), request.dry_run);
  if (!arguments) return report(arguments.error());
  const auto result = client->call_tool(request.tool, *arguments);
  if (!result) return report(result.error());
  const bool failed = result->bool_or("isError", false);
  if (request.json) {
    print_json(*result);
  } else if (failed) {
    return report_result(*result);
  } else {
    const std::string text = result_text(*result);
    std::fputs(text.c_str(), stdout);
  }
  return failed ? 1 : 0;
}

}  // namespace

Command add_tools_commands(Command& root) {
  const auto request = std::make_shared<ToolsRequest>();
  Command group = root.add_command("tools", "Look at and call the tools of any MCP URL");
  group.footer(
      "The URL is a secret, and arguments are seen by every process of the machine: give it in\n"
      "PATCHBAY_MCP_URL or in a file.");
  group.require_command();
  const auto command = [&](std::string_view name, std::string_view help,
                           int (*run)(const ToolsRequest&)) {
    Command made = group.add_command(name, help);
    made.option("--url-file", request->url_file,
                "File with the MCP URL on its first line; - is standard input")
        .filled()
        .placeholder("FILE");
    made.option("--ca-file", request->ca_file, "Certificates (PEM) to trust beside the system's")
        .filled()
        .placeholder("FILE");
    made.flag("--send-api-token", request->send_api_token,
              "Send PATCHBAY_API_TOKEN too, to a server with require_api_token_auth");
    made.flag("--json", request->json, "Print what the server says, on one line of JSON");
    made.action([request, run] { return run(*request); });
    return made;
  };
  Command listed = command("list", "List the tools", list);
  listed
      .option("url", request->url,
              "The MCP URL; - is standard input. Better: PATCHBAY_MCP_URL, or --url-file")
      .filled();
  listed.option("--matching", request->matching, "Only with this in the name or description")
      .filled()
      .placeholder("TEXT");
  Command shown = command("show", "Show a tool's description and arguments", show);
  shown.option("tool", request->tool, "Its name").required();
  Command called = command("call", "Call a tool; exit code 1 if it fails", call);
  called.footer(
      "Arguments: name=text (again for a list), name:=json, @file with a JSON object.\n\n"
      "Example:\n"
      "  patchbay tools call find_things kind=open limit:=5 @more.json");
  called.option("tool", request->tool, "Its name").required();
  called.option("arguments", request->arguments, "Its arguments").placeholder("NAME=VALUE");
  called.flag("--dry-run", request->dry_run, "Have the tool say what it would do");
  return group;
}

}  // namespace patchbay::cli
