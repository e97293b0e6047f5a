#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/find.h"
#include "cli/instance/minted.h"
#include "cli/instance/remote.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/prompt.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

struct TokenRequest {
  Remote remote;
  std::string token;  // id or name
  std::optional<std::string> name;
  std::optional<std::string> scope;
  std::string environment;  // id or name; empty: not said
  std::vector<std::string> accounts;
  std::vector<std::string> methods;
  std::vector<std::string> tags;
  std::vector<std::string> servers;
  std::string expires;
  std::string file;
  bool yes = false;
};

std::string limits_text(const json::Value& record) {
  const json::Value* const limits = record.find("limits");
  const json::Object* const members = limits == nullptr ? nullptr : limits->if_object();
  std::string text;
  if (members != nullptr) {
    for (const auto& [name, value] : *members) {
      text += fmt::format("{}{}={}", text.empty() ? "" : "  ", name, member_text(*limits, name));
    }
  }
  return text.empty() ? "none" : text;
}

std::string reach_of(const json::Value& record) {
  const auto environment = record.string_or("environment_id", "");
  return environment.empty() ? "whole instance" : std::string(environment);
}

int show_token(const json::Value& record, const Remote& remote) {
  return print_record(record,
                      {{"Id", id_of(record)},
                       {"Name", member_text(record, "name")},
                       {"Scope", member_text(record, "scope")},
                       {"Limits", limits_text(record)},
                       {"Reaches", reach_of(record)},
                       {"Made by", member_text(record, "created_by")},
                       {"Expires", time_text(record, "expires_at")},
                       {"Created", time_text(record, "created_at")}},
                      remote);
}

Result<json::Object> limits_of(const TokenRequest& request, const ApiClient& client) {
  json::Object limits;
  if (!request.accounts.empty()) {
    auto ids = account_ids(client, request.accounts);
    if (!ids) return std::unexpected(ids.error());
    limits["integrated_account_ids"] = std::move(*ids);
  }
  if (!request.methods.empty()) limits["methods"] = as_array(request.methods);
  if (!request.tags.empty()) limits["tags"] = as_array(request.tags);
  if (!request.servers.empty()) {
    auto ids = server_ids(client, request.servers);
    if (!ids) return std::unexpected(ids.error());
    limits["mcp_server_ids"] = std::move(*ids);
  }
  return limits;
}

Result<json::Object> body_of(const TokenRequest& request, const ApiClient& client) {
  json::Object body;
  if (request.name) body["name"] = *request.name;
  if (request.scope) body["scope"] = *request.scope;
  auto limits = limits_of(request, client);
  if (!limits) return limits;
  if (!limits->empty()) body["limits"] = std::move(*limits);
  return body;
}

int create(const TokenRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  auto body = body_of(request, *client);
  if (!body) return report(body.error());
  if (!request.environment.empty()) {
    const auto environment = find_environment(*client, request.environment);
    if (!environment) return report(environment.error());
    (*body)["environment_id"] = id_of(*environment);
  }
  if (!request.expires.empty()) {
    auto expires = read_expiry(request.expires, SystemClock().now());
    if (!expires) return report(expires.error());
    (*body)["expires_at"] = std::move(*expires);
  }
  auto file = SecretFile::open(request.file);
  if (!file) return report(file.error());
  const auto made = client->post("/api-token", *body);
  if (!made) {
    file->discard();
    return report(made.error());
  }
  return print_minted_token(*made, std::move(*file), request.file, request.remote);
}

int list(const TokenRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto records = client->list("/api-token");
  if (!records) return report(records.error());
  return print_records(*records,
                       {member("ID", "id", true),
                        member("NAME", "name"),
                        member("SCOPE", "scope"),
                        {{"LIMITS"}, limits_text},
                        {{"REACHES"}, reach_of},
                        time_member("EXPIRES", "expires_at"),
                        time_member("CREATED", "created_at")},
                       request.remote, "There are no API tokens.");
}

int update(const TokenRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto body = body_of(request, *client);
  if (!body) return report(body.error());
  if (body->empty()) {
    return report({ErrorCode::invalid_argument, "Nothing to change was given.",
                   "`patchbay token update --help` shows what can be."});
  }
  const auto token = find_api_token(*client, request.token);
  if (!token) return report(token.error());
  const auto changed = client->patch(path_to({"api-token", id_of(*token)}), *body);
  if (!changed) return report(changed.error());
  return show_token(*changed, request.remote);
}

int revoke(const TokenRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto token = find_api_token(*client, request.token);
  if (!token) return report(token.error());
  const std::string name = member_text(*token, "name");
  const auto agreed =
      confirm(fmt::format("The API token '{}' ({}, of scope {}) opens nothing any more.",
                          one_line(name), id_of(*token), member_text(*token, "scope")),
              name, request.yes);
  if (!agreed) return report(agreed.error());
  const auto gone = client->remove(path_to({"api-token", id_of(*token)}));
  if (!gone) return report(gone.error());
  print_notices(*gone);
  if (request.remote.json) {
    print_json(*gone);
  } else {
    fmt::print("Revoked the API token '{}'.\n", one_line(name));
  }
  return 0;
}

void add_scope_options(Command& command, TokenRequest& request) {
  command.option("--scope", request.scope, "What it may do")
      .one_of({"admin", "read", "mint", "mcp"});
  command.option("--accounts", request.accounts, "Of scope mint: only of these, by id or name")
      .separated_by(',')
      .repeatable()
      .placeholder("LIST");
  command.option("--methods", request.methods, "Of scope mint: only with these methods")
      .separated_by(',')
      .repeatable()
      .placeholder("LIST");
  command.option("--tags", request.tags, "Of scope mint: only with these tags")
      .separated_by(',')
      .repeatable()
      .placeholder("LIST");
  command.option("--servers", request.servers, "Of scope mcp: only for these, by id or name")
      .separated_by(',')
      .repeatable()
      .placeholder("LIST");
}

}  // namespace

void add_token_commands(Command& token) {
  const auto request = std::make_shared<TokenRequest>();
  const auto command = [&](std::string_view name, std::string_view help,
                           int (*run)(const TokenRequest&)) {
    Command made = token.add_command(name, help);
    add_remote_options(made, request->remote);
    made.action([request, run] { return run(*request); });
    return made;
  };
  Command created = command("create", "Create an API token; it is shown once", create);
  created.footer(
      "Example, for a client as the second factor of one MCP server:\n"
      "  patchbay token create claude --scope mcp --servers support --file claude.token");
  created.option("name", request->name, "What lists show").required();
  add_scope_options(created, *request);
  created
      .option("--environment", request->environment,
              "Which environment, by id or name. Default: as far as your own token")
      .filled();
  created
      .option("--expires", request->expires,
              "When it ends: 30m, 12h, 7d, 4w, an ISO 8601 time, or never")
      .filled()
      .placeholder("WHEN");
  created
      .option("--file", request->file,
              "A new file for the token, for its owner only. Default: standard output")
      .filled()
      .placeholder("FILE");
  command("list", "List API tokens", list);
  Command updated = command("update", "Change its name, or its scope with its limits", update);
  updated.option("token", request->token, "Its id or name").required();
  updated.option("--name", request->name, "What lists show");
  add_scope_options(updated, *request);
  Command revoked = command("revoke", "Revoke one; it opens nothing any more", revoke);
  revoked.option("token", request->token, "Its id or name").required();
  revoked.flag("--yes", request->yes, "Do not ask");
}

}  // namespace patchbay::cli
