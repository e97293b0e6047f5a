#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/credentials.h"
#include "cli/instance/find.h"
#include "cli/instance/minted.h"
#include "cli/instance/remote.h"
#include "cli/line/members.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/prompt.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

struct ServerRequest {
  Remote remote;
  std::string account;  // id or name; empty where it may be left out: all
  std::string server;   // id or name
  std::optional<std::string> name;
  std::vector<std::string> methods;
  std::vector<std::string> tags;
  std::optional<std::string> exposure;
  std::optional<std::string> tool_names;
  std::vector<std::string> set;    // members of config, as they are typed
  std::vector<std::string> unset;  // names of members
  std::optional<std::string> require_api_token;
  std::optional<std::string> confirm_writes;
  std::string expires;  // empty: not said
  std::string overlap;  // the same
  std::string member;   // login or id; empty: not said
  bool no_member = false;
  bool ask_credentials = false;  // the member's own, at the terminal
  CredentialSource credentials;  // the same, from elsewhere
  bool no_credentials = false;
  std::string url_file;
  bool yes = false;
};

std::string config_text(const json::Value& record) {
  const json::Value* const config = record.find("config");
  const json::Object* const members = config == nullptr ? nullptr : config->if_object();
  if (members == nullptr || members->empty()) return "all tools";
  std::string text;
  for (const auto& [name, value] : *members) {
    text += fmt::format("{}{}={}", text.empty() ? "" : "  ", name, member_text(*config, name));
  }
  return text;
}

std::string methods_of(const json::Value& record) {
  const json::Value* const config = record.find("config");
  const std::string methods = config == nullptr ? "-" : member_text(*config, "methods");
  return methods == "-" ? "all" : methods;
}

std::string usage_text(const json::Value& record) {
  std::string calls = member_text(record, "calls_today");
  if (calls == "-") return calls;
  return fmt::format("{}, {} with an error", calls, member_text(record, "errors_today"));
}

// "Jane Doe (jdoe), by own keys"
std::string member_of(const json::Value& record) {
  const json::Value* const member = record.find("member");
  if (member == nullptr || !member->is_object()) return "-";
  const std::string name(member->string_or("name", ""));
  const std::string login(member->string_or("login", ""));
  return fmt::format("{}{}{}", name, login.empty() ? "" : fmt::format(" ({})", login),
                     record.bool_or("has_own_credentials", false) ? ", by own keys" : "");
}

int show_server(const json::Value& record, const Remote& remote) {
  print_notices(record);
  return print_record(record,
                      {{"Id", id_of(record)},
                       {"Name", member_text(record, "name")},
                       {"Account", member_text(record, "integrated_account_id")},
                       {"Tools", member_text(record, "tool_count")},
                       {"Config", config_text(record)},
                       {"Member", member_of(record)},
                       {"Status", member_text(record, "status")},
                       {"Last error", member_text(record, "last_error")},
                       {"Expires", time_text(record, "expires_at")},
                       {"Old URL until", member_text(record, "previous_token_expires_at")},
                       {"Last used", time_text(record, "last_used_at")},
                       {"Calls today", usage_text(record)},
                       {"Created", time_text(record, "created_at")},
                       {"Changed", time_text(record, "updated_at")}},
                      remote);
}

// The members of `config` that were said. Given empty, something was meant that was not there.
Result<json::Object> config_of(const ServerRequest& request) {
  auto config = read_members(request.set);
  if (!config) return config;
  std::vector<std::pair<std::string, json::Value>> said;
  if (!request.methods.empty()) said.emplace_back("methods", as_array(request.methods));
  if (!request.tags.empty()) said.emplace_back("tags", as_array(request.tags));
  if (request.exposure) said.emplace_back("tool_exposure", *request.exposure);
  if (request.tool_names) said.emplace_back("tool_names", *request.tool_names);
  if (request.require_api_token) {
    said.emplace_back("require_api_token_auth", *request.require_api_token == "true");
  }
  if (request.confirm_writes) {
    said.emplace_back("confirm_writes", *request.confirm_writes == "true");
  }
  for (const std::string& name : request.unset) said.emplace_back(name, json::Value());
  for (auto& [name, value] : said) {
    if (config->find(name) != nullptr) {
      return fail(ErrorCode::invalid_argument, fmt::format("'{}' is said in two ways.", name),
                  "Say it once: neither is meant more than the other.");
    }
    (*config)[name] = std::move(value);
  }
  return config;
}

bool gives_credentials(const ServerRequest& request) {
  return request.ask_credentials || request.credentials.is_given();
}

// Whose it shall be; what is said twice means neither.
Result<> add_member(const ServerRequest& request, json::Object& body) {
  if ((request.no_member && !request.member.empty()) ||
      (request.no_credentials && gives_credentials(request))) {
    return fail(ErrorCode::invalid_argument, "The same is given and taken away.",
                "Leave one of the two out.");
  }
  if (!request.member.empty()) body["member"] = request.member;
  if (request.no_member) body["member"] = json::Value();
  if (request.no_credentials) body["credentials"] = json::Value();
  return {};
}

// The member's own, which the account's integration names.
Result<> add_credentials(const ServerRequest& request, const ApiClient& client,
                         const json::Value& account, json::Object& body) {
  if (!gives_credentials(request)) return {};
  const json::Value* const integration = account.find("integration");
  auto given = read_credentials(
      client, std::string(integration != nullptr ? integration->string_or("name", "") : ""),
      request.credentials, CredentialFields::personal);
  if (!given) return std::unexpected(given.error());
  body["credentials"] = std::move(*given);
  return {};
}

Result<json::Object> body_of(const ServerRequest& request) {
  json::Object body;
  if (request.name) body["name"] = *request.name;
  auto config = config_of(request);
  if (!config) return config;
  if (!config->empty()) body["config"] = std::move(*config);
  if (!request.expires.empty()) {
    auto expires = read_expiry(request.expires, SystemClock().now());
    if (!expires) return std::unexpected(expires.error());
    body["expires_at"] = std::move(*expires);
  }
  if (auto added = add_member(request, body); !added) return std::unexpected(added.error());
  return body;
}

int create(const ServerRequest& request) {
  auto body = body_of(request);
  if (!body) return report(body.error());
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto account = find_account(*client, request.account);
  if (!account) return report(account.error());
  if (auto added = add_credentials(request, *client, *account, *body); !added) {
    return report(added.error());
  }
  auto file = SecretFile::open(request.url_file);
  if (!file) return report(file.error());
  const auto made = client->post(path_to({"integrated-account", id_of(*account), "mcp"}), *body);
  if (!made) {
    file->discard();
    return report(with_hint_on_types(made.error(), request.set));
  }
  return print_minted_server(*made, std::move(*file), request.url_file, request.remote);
}

int list(const ServerRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto servers = list_servers(*client, request.account);
  if (!servers) return report(servers.error());
  return print_records(*servers,
                       {member("ID", "id", true),
                        member("NAME", "name"),
                        member("ACCOUNT", "integrated_account_id"),
                        {{"METHODS"}, methods_of},
                        member("TOOLS", "tool_count"),
                        time_member("EXPIRES", "expires_at"),
                        time_member("CREATED", "created_at")},
                       request.remote, "There are no MCP servers.");
}

int show(const ServerRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto server = find_server(*client, request.server, request.account);
  if (!server) return report(server.error());
  return show_server(*server, request.remote);
}

int update(const ServerRequest& request) {
  auto body = body_of(request);
  if (!body) return report(body.error());
  if (body->empty() && !gives_credentials(request)) {
    return report({ErrorCode::invalid_argument, "Nothing to change was given.",
                   "`patchbay server update --help` shows what can be."});
  }
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto server = find_server(*client, request.server, request.account);
  if (!server) return report(server.error());
  if (gives_credentials(request)) {
    const auto account = find_account(*client, member_text(*server, "integrated_account_id"));
    if (!account) return report(account.error());
    if (auto added = add_credentials(request, *client, *account, *body); !added) {
      return report(added.error());
    }
  }
  const auto changed = client->patch(server_path(*server), *body);
  if (!changed) return report(with_hint_on_types(changed.error(), request.set));
  return show_server(*changed, request.remote);
}

// Empty, or how long the URL that clients have goes on working.
Result<json::Object> rotation_of(const ServerRequest& request) {
  json::Object body;
  if (request.overlap.empty()) return body;
  const auto span = read_span(request.overlap);
  if (!span) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' is no span of time.", request.overlap),
                "Write 30m, 12h or 7d: seven days at most.");
  }
  body["overlap_seconds"] = span->count();
  return body;
}

int rotate(const ServerRequest& request) {
  const auto body = rotation_of(request);
  if (!body) return report(body.error());
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto server = find_server(*client, request.server, request.account);
  if (!server) return report(server.error());
  const std::string name = member_text(*server, "name");
  const auto agreed = confirm(
      fmt::format("The URL of the MCP server '{}' that clients have stops working {}.",
                  one_line(name),
                  request.overlap.empty() ? "at once" : fmt::format("in {}", request.overlap)),
      name, request.yes);
  if (!agreed) return report(agreed.error());
  auto file = SecretFile::open(request.url_file);
  if (!file) return report(file.error());
  const auto made = client->post(server_path(*server) + "/rotate", *body);
  if (!made) {
    file->discard();
    return report(made.error());
  }
  return print_minted_server(*made, std::move(*file), request.url_file, request.remote);
}

int set_paused(const ServerRequest& request, bool paused) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto server = find_server(*client, request.server, request.account);
  if (!server) return report(server.error());
  const auto changed = client->patch(
      server_path(*server),
      json::Object{
          {"config", json::Object{{"paused", paused ? json::Value(true) : json::Value()}}}});
  if (!changed) return report(changed.error());
  print_notices(*changed);
  if (request.remote.json) {
    print_json(*changed);
  } else {
    const std::string name = one_line(member_text(*server, "name"));
    fmt::print("{}\n", paused ? fmt::format("Paused the MCP server '{}': whatever it is asked is "
                                            "refused, and its URL stays.",
                                            name)
                              : fmt::format("The MCP server '{}' works again.", name));
  }
  return 0;
}

int pause(const ServerRequest& request) {
  return set_paused(request, true);
}
int resume(const ServerRequest& request) {
  return set_paused(request, false);
}

int remove(const ServerRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto server = find_server(*client, request.server, request.account);
  if (!server) return report(server.error());
  const std::string name = member_text(*server, "name");
  const auto agreed = confirm(
      fmt::format("The MCP server '{}' goes, and its URL stops working at once.", one_line(name)),
      name, request.yes);
  if (!agreed) return report(agreed.error());
  const auto gone = client->remove(server_path(*server));
  if (!gone) return report(gone.error());
  print_notices(*gone);
  if (request.remote.json) {
    print_json(*gone);
  } else {
    fmt::print("Deleted the MCP server '{}'.\n", one_line(name));
  }
  return 0;
}

// What a server is made or changed with.
void add_config_options(Command& command, ServerRequest& request) {
  command.option("--methods", request.methods, "read, write, custom, or names of methods")
      .separated_by(',')
      .repeatable()
      .placeholder("LIST");
  command.option("--tags", request.tags, "Only tools with one of these tags")
      .separated_by(',')
      .repeatable()
      .placeholder("LIST");
  command
      .option("--exposure", request.exposure,
              "all: its tools are listed; discovery: four that find and call them")
      .one_of({"all", "discovery"});
  command
      .option("--tool-names", request.tool_names,
              "How its tools are called: by their long names, or by short ones")
      .one_of({"long", "short"});
  command
      .option("--require-api-token", request.require_api_token,
              "Whether the URL alone opens nothing: clients also send an API token")
      .one_of({"true", "false"});
  command
      .option("--confirm-writes", request.confirm_writes,
              "Whether what deletes or is sent out asks first")
      .one_of({"true", "false"});
  command
      .option("--set", request.set, "Any member of the config: NAME=TEXT or NAME:=JSON; repeatable")
      .repeatable()
      .placeholder("MEMBER");
  command
      .option("--expires", request.expires,
              "When it ends: 30m, 12h, 7d, 4w, an ISO 8601 time, or never")
      .filled()
      .placeholder("WHEN");
}

// Whose a server is.
void add_member_options(Command& command, ServerRequest& request) {
  command
      .option("--member", request.member, "Whose it is, by login or id: who \"me\" is in its tools")
      .filled()
      .placeholder("MEMBER");
  add_credential_options(command, request.credentials,
                         "The member's own credentials, with which calls are then made,");
  command.flag("--ask-credentials", request.ask_credentials, "The same, asked for at the terminal");
}

}  // namespace

Command add_server_commands(Command& root) {
  const auto request = std::make_shared<ServerRequest>();
  Command group = root.add_command("server", "MCP servers: URLs with their own scope and lifetime");
  group.require_command();
  const auto command = [&](std::string_view name, std::string_view help,
                           int (*run)(const ServerRequest&)) {
    Command made = group.add_command(name, help);
    add_remote_options(made, request->remote);
    made.action([request, run] { return run(*request); });
    return made;
  };
  const auto named = [&](Command& made) {
    made.option("server", request->server, "Its id or name").required();
    made.option("--account", request->account,
                "Whose it is, by id or name: needed for a name of "
                "which other accounts have one too")
        .filled();
  };
  const auto url_to_file = [&](Command& made) {
    made.option("--url-file", request->url_file,
                "A new file for the URL, for its owner only. Default: standard output")
        .filled()
        .placeholder("FILE");
  };

  Command created = command("create", "Create an MCP server; its URL is shown once", create);
  created.footer(
      "Example:\n"
      "  patchbay server create acme support --methods read --tags support --expires 7d \\\n"
      "    --url-file support.url");
  created.option("account", request->account, "The account's id or name").required();
  created.option("name", request->name, "What lists show").required();
  add_config_options(created, *request);
  add_member_options(created, *request);
  url_to_file(created);

  Command listed = command("list", "List MCP servers, of one account or of all", list);
  listed.option("--account", request->account, "Only of this account, by id or name").filled();
  Command shown = command("show", "Show one", show);
  named(shown);
  Command updated = command("update", "Change one; its URL stays", update);
  named(updated);
  updated.option("--name", request->name, "What lists show");
  add_config_options(updated, *request);
  add_member_options(updated, *request);
  updated.flag("--no-member", request->no_member, "It is nobody's any more");
  updated.flag("--no-credentials", request->no_credentials,
               "Takes the member's own credentials away: the account's are used");
  updated.option("--unset", request->unset, "Member of the config to take away; repeatable")
      .repeatable()
      .placeholder("NAME");
  Command paused = command("pause", "Take one out of use for a while; its URL stays", pause);
  named(paused);
  Command resumed = command("resume", "Put one that is paused back to use", resume);
  named(resumed);
  Command rotated =
      command("rotate", "Give one a new URL; the old one stops working, at once or later", rotate);
  named(rotated);
  rotated
      .option("--overlap", request->overlap,
              "How long the old URL goes on working beside the new one: 30m, 12h, 7d (the most). "
              "Default: not at all")
      .filled()
      .placeholder("SPAN");
  rotated.flag("--yes", request->yes, "Do not ask");
  url_to_file(rotated);
  Command deleted = command("delete", "Delete one; its URL stops working", remove);
  named(deleted);
  deleted.flag("--yes", request->yes, "Do not ask");
  return group;
}

}  // namespace patchbay::cli
