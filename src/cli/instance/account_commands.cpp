#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/counted.h"
#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/credentials.h"
#include "cli/instance/find.h"
#include "cli/instance/remote.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/prompt.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {
namespace {

struct AccountRequest {
  Remote remote;
  std::string account;      // id or name
  std::string integration;  // its name
  std::optional<std::string> name;
  std::optional<std::string> tenant;
  std::string environment;  // id or name; empty: not said
  std::optional<std::string> time_zone;
  CredentialSource credentials;
  bool ask_credentials = false;
  bool yes = false;
  std::string lifetime;  // of a connect link; empty: not said
};

std::string integration_of(const json::Value& record) {
  const json::Value* const integration = record.find("integration");
  return integration == nullptr ? "-" : member_text(*integration, "name");
}

std::string time_zone_of(const json::Value& record) {
  const json::Value* const settings = record.find("settings");
  return settings == nullptr ? "-" : member_text(*settings, "time_zone");
}

std::string credentials_of(const json::Value& record) {
  const json::Value* const credentials = record.find("credentials");
  const json::Object* const set = credentials == nullptr ? nullptr : credentials->if_object();
  std::string names;
  if (set != nullptr) {
    for (const auto& [name, each] : *set) names += (names.empty() ? "" : ", ") + name;
  }
  return names.empty() ? "none" : names + " (set)";
}

int show_account(const json::Value& record, const Remote& remote) {
  print_notices(record);
  Fields fields{{"Id", id_of(record)},
                {"Name", member_text(record, "name")},
                {"Integration", integration_of(record)},
                {"Status", member_text(record, "status")}};
  if (!record.string_or("last_error", "").empty()) {
    fields.emplace_back("Last error", member_text(record, "last_error"));
  }
  fields.insert(fields.end(), {{"Tenant", member_text(record, "tenant_id")},
                               {"Environment", member_text(record, "environment_id")},
                               {"Time zone", time_zone_of(record)},
                               {"Credentials", credentials_of(record)},
                               {"Created", time_text(record, "created_at")},
                               {"Changed", time_text(record, "updated_at")}});
  if (record.find("mcp_server_count") != nullptr) {
    fields.emplace_back("MCP servers", member_text(record, "mcp_server_count"));
  }
  return print_record(record, fields, remote);
}

// The id of the environment that was named; nothing where none was.
Result<std::string> environment_id(const ApiClient& client, const std::string& named) {
  if (named.empty()) return std::string();
  const auto found = find_environment(client, named);
  if (!found) return std::unexpected(found.error());
  return id_of(*found);
}

int list(const AccountRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto environment = environment_id(*client, request.environment);
  if (!environment) return report(environment.error());
  const auto records =
      client->list("/integrated-account", {{"tenant_id", request.tenant.value_or("")},
                                           {"integration", request.integration},
                                           {"environment_id", *environment}});
  if (!records) return report(records.error());
  return print_records(*records,
                       {member("ID", "id", true),
                        member("NAME", "name"),
                        {{"INTEGRATION"}, integration_of},
                        member("STATUS", "status"),
                        member("TENANT", "tenant_id"),
                        time_member("CREATED", "created_at")},
                       request.remote, "There are no integrated accounts.");
}

int show(const AccountRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto found = find_account(*client, request.account);
  if (!found) return report(found.error());
  const auto record = client->get(path_to({"integrated-account", id_of(*found)}));
  if (!record) return report(record.error());
  return show_account(*record, request.remote);
}

// The members that were given, of a creation or a change.
json::Object given(const AccountRequest& request) {
  json::Object body;
  if (request.name) body["name"] = *request.name;
  if (request.tenant) body["tenant_id"] = *request.tenant;
  if (request.time_zone) body["settings"] = json::Object{{"time_zone", *request.time_zone}};
  return body;
}

int add(const AccountRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  json::Object body = given(request);
  body["integration"] = request.integration;
  const auto environment = environment_id(*client, request.environment);
  if (!environment) return report(environment.error());
  if (!environment->empty()) body["environment_id"] = *environment;
  auto credentials =
      read_credentials(*client, request.integration, request.credentials, CredentialFields::all);
  if (!credentials) return report(credentials.error());
  body["credentials"] = std::move(*credentials);
  const auto made = client->post("/integrated-account", body);
  if (!made) return report(made.error());
  if (!request.remote.json) {
    remark(fmt::format("Connected. `patchbay server create {} NAME` mints an MCP URL from it.",
                       id_of(*made)));
  }
  return show_account(*made, request.remote);
}

int update(const AccountRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto found = find_account(*client, request.account);
  if (!found) return report(found.error());
  json::Object body = given(request);
  if (request.ask_credentials || request.credentials.is_given()) {
    auto credentials = read_credentials(*client, integration_of(*found), request.credentials,
                                        CredentialFields::some);
    if (!credentials) return report(credentials.error());
    body["credentials"] = std::move(*credentials);
  }
  if (body.empty()) {
    return report({ErrorCode::invalid_argument, "Nothing to change was given.",
                   "`patchbay account update --help` shows what can be."});
  }
  const auto changed = client->patch(path_to({"integrated-account", id_of(*found)}), body);
  if (!changed) return report(changed.error());
  return show_account(*changed, request.remote);
}

int probe(const AccountRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto found = find_account(*client, request.account);
  if (!found) return report(found.error());
  const auto probed =
      client->post(path_to({"integrated-account", id_of(*found), "probe"}), json::Object{});
  if (!probed) return report(probed.error());
  const bool works =
      probed->string_or("status", "") == "active" && probed->string_or("last_error", "").empty();
  if (request.remote.json) {
    print_json(*probed);
  } else if (works) {
    fmt::print("{}: the connection works.\n", one_line(member_text(*probed, "name")));
  } else {
    fmt::print("{}: {}. {}\n", one_line(member_text(*probed, "name")),
               member_text(*probed, "status"), one_line(probed->string_or("last_error", "")));
  }
  return works ? 0 : 1;
}

int connect_link(const AccountRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto found = find_account(*client, request.account);
  if (!found) return report(found.error());
  json::Object body;
  if (!request.lifetime.empty()) {
    const auto span = read_span(request.lifetime);
    if (!span) {
      return report({ErrorCode::invalid_argument,
                     fmt::format("'{}' is no span of time.", request.lifetime),
                     "Write 30m, 12h or 7d: seven days at most."});
    }
    body["expires_in_seconds"] = span->count();
  }
  const auto link =
      client->post(path_to({"integrated-account", id_of(*found), "connect-link"}), body);
  if (!link) return report(link.error());
  if (request.remote.json) {
    print_json(*link);
    return 0;
  }
  fmt::print("{}\n", member_text(*link, "url"));
  remark(fmt::format(
      "Whoever opens it signs {} in, once, until {}. The authorization server must know {} as a "
      "redirect URI.",
      one_line(member_text(*found, "name")), time_text(*link, "expires_at"),
      member_text(*link, "redirect_uri")));
  return 0;
}

int remove(const AccountRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto found = find_account(*client, request.account);
  if (!found) return report(found.error());
  const auto record = client->get(path_to({"integrated-account", id_of(*found)}));
  if (!record) return report(record.error());
  const std::string name = member_text(*record, "name");
  const auto agreed = confirm(
      fmt::format("The integrated account '{}' goes with {}. Their URLs stop working at "
                  "once.",
                  one_line(name), counted(record->int64_or("mcp_server_count", 0), "MCP server")),
      name, request.yes);
  if (!agreed) return report(agreed.error());
  const auto gone = client->remove(path_to({"integrated-account", id_of(*record)}));
  if (!gone) return report(gone.error());
  print_notices(*gone);
  if (request.remote.json) {
    print_json(*gone);
  } else {
    fmt::print("Removed the integrated account '{}' and its MCP servers.\n", one_line(name));
  }
  return 0;
}

}  // namespace

Command add_account_commands(Command& root) {
  const auto request = std::make_shared<AccountRequest>();
  Command group = root.add_command("account", "Integrated accounts: connections to an API");
  group.require_command();
  const auto command = [&](std::string_view name, std::string_view help,
                           int (*run)(const AccountRequest&)) {
    Command made = group.add_command(name, help);
    add_remote_options(made, request->remote);
    made.action([request, run] { return run(*request); });
    return made;
  };
  const auto named = [&](Command& made) {
    made.option("account", request->account, "Its id or name").required();
  };
  const auto described = [&](Command& made) {
    made.option("--name", request->name, "What lists show");
    made.option("--tenant", request->tenant, "Your own id of the customer").placeholder("ID");
    made.option("--time-zone", request->time_zone,
                "IANA name, in which times without an offset are read")
        .placeholder("ZONE");
    add_credential_options(made, request->credentials, "Credentials");
  };

  Command added = command("add", "Connect an account; the connection is proved first", add);
  added.footer(
      "Credentials are asked for by the integration's own fields, secrets without an echo, or\n"
      "come from --credentials-file or --credentials-env. They are never arguments, which every\n"
      "process sees.");
  added.option("integration", request->integration, "Name of the integration").required();
  described(added);
  added.option("--environment", request->environment, "Which environment, by id or name").filled();

  Command listed = command("list", "List accounts", list);
  listed.option("--tenant", request->tenant, "Only of this customer of yours")
      .filled()
      .placeholder("ID");
  listed.option("--integration", request->integration, "Only of this integration").filled();
  listed.option("--environment", request->environment, "Only of this environment, by id or name")
      .filled();

  Command shown = command("show", "Show one", show);
  named(shown);
  Command updated = command("update", "Change one; new credentials are proved first", update);
  named(updated);
  described(updated);
  updated.flag("--ask-credentials", request->ask_credentials,
               "Ask for new credentials; what is left empty stays as it is");
  Command probed = command("probe", "Prove the connection now; exit code 1 if it fails", probe);
  named(probed);
  Command linked =
      command("connect-link",
              "Make a link by which a person signs the account in, in their browser", connect_link);
  named(linked);
  linked.option("--expires", request->lifetime, "For how long it serves; 1h if not given")
      .placeholder("DURATION")
      .filled();
  Command removed = command("remove", "Remove one, with its MCP servers", remove);
  named(removed);
  removed.flag("--yes", request->yes, "Do not ask");
  return group;
}

}  // namespace patchbay::cli
