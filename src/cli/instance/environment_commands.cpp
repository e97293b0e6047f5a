#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/text.h"
#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/find.h"
#include "cli/instance/remote.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/prompt.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {
namespace {

struct EnvironmentRequest {
  Remote remote;
  std::string environment;  // id or name
  std::string name;
  std::optional<std::string> audit_arguments;
  std::optional<std::string> keep_days;
  std::optional<std::string> keep_entries;
  bool yes = false;
};

// "arguments none, 90 days, 1000000 entries"
std::string audit_text(const json::Value& record) {
  const json::Value* const audit = record.find("audit");
  if (audit == nullptr || !audit->is_object()) return "-";
  return fmt::format("arguments {}, {}, {} entries", member_text(*audit, "arguments"),
                     counted(audit->int64_or("keep_days", 0), "day"),
                     member_text(*audit, "keep_entries"));
}

int show_environment(const json::Value& record, const Remote& remote) {
  return print_record(record,
                      {{"Id", id_of(record)},
                       {"Name", member_text(record, "name")},
                       {"Accounts", member_text(record, "integrated_account_count")},
                       {"MCP servers", member_text(record, "mcp_server_count")},
                       {"Audit log", audit_text(record)},
                       {"Created", time_text(record, "created_at")}},
                      remote);
}

int list(const EnvironmentRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto records = client->list("/environment");
  if (!records) return report(records.error());
  return print_records(
      *records,
      {member("ID", "id", true), member("NAME", "name"), time_member("CREATED", "created_at")},
      request.remote, "There are no environments.");
}

int create(const EnvironmentRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto made = client->post("/environment", json::Object{{"name", request.name}});
  if (!made) return report(made.error());
  if (!request.remote.json) remark("Made the environment.");
  return show_environment(*made, request.remote);
}

// As it is asked for by its id: with what it owns.
Result<json::Value> whole(const ApiClient& client, const std::string& wanted) {
  const auto found = find_environment(client, wanted);
  if (!found) return found;
  return client.get(path_to({"environment", id_of(*found)}));
}

int show(const EnvironmentRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto record = whole(*client, request.environment);
  if (!record) return report(record.error());
  return show_environment(*record, request.remote);
}

int rename(const EnvironmentRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto found = find_environment(*client, request.environment);
  if (!found) return report(found.error());
  const auto changed =
      client->patch(path_to({"environment", id_of(*found)}), json::Object{{"name", request.name}});
  if (!changed) return report(changed.error());
  return show_environment(*changed, request.remote);
}

// What its log keeps.
int update(const EnvironmentRequest& request) {
  json::Object audit;
  if (request.audit_arguments) audit["arguments"] = *request.audit_arguments;
  for (const auto& [name, text] :
       {std::pair{"keep_days", &request.keep_days}, {"keep_entries", &request.keep_entries}}) {
    if (!*text) continue;
    const auto number = parse_int64(**text);
    if (!number) {
      return report({ErrorCode::invalid_argument, fmt::format("'{}' is no whole number.", **text),
                     "Write how many."});
    }
    audit[name] = *number;
  }
  if (audit.empty()) {
    return report({ErrorCode::invalid_argument, "Nothing to change was given.",
                   "`patchbay environment update --help` shows what can be."});
  }
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto found = find_environment(*client, request.environment);
  if (!found) return report(found.error());
  const auto changed = client->patch(path_to({"environment", id_of(*found)}),
                                     json::Object{{"audit", std::move(audit)}});
  if (!changed) return report(changed.error());
  return show_environment(*changed, request.remote);
}

int remove(const EnvironmentRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto record = whole(*client, request.environment);
  if (!record) return report(record.error());
  const std::string name = member_text(*record, "name");
  const auto agreed = confirm(
      fmt::format("The environment '{}' goes with {}, {} and all API tokens of it.", one_line(name),
                  counted(record->int64_or("integrated_account_count", 0), "integrated account"),
                  counted(record->int64_or("mcp_server_count", 0), "MCP server")),
      name, request.yes);
  if (!agreed) return report(agreed.error());
  const auto gone = client->remove(path_to({"environment", id_of(*record)}));
  if (!gone) return report(gone.error());
  print_notices(*gone);
  if (request.remote.json) {
    print_json(*gone);
  } else {
    fmt::print("Deleted the environment '{}' with all that it owned.\n", one_line(name));
  }
  return 0;
}

}  // namespace

Command add_environment_commands(Command& root) {
  const auto request = std::make_shared<EnvironmentRequest>();
  Command group =
      root.add_command("environment", "Environments: tenants that see nothing of each other");
  group.require_command();
  const auto command = [&](std::string_view name, std::string_view help,
                           int (*run)(const EnvironmentRequest&)) {
    Command made = group.add_command(name, help);
    add_remote_options(made, request->remote);
    made.action([request, run] { return run(*request); });
    return made;
  };
  const auto named = [&](Command& made) {
    made.option("environment", request->environment, "Its id or name").required();
  };
  command("list", "List environments", list);
  Command created = command("create", "Create an environment", create);
  created.option("name", request->name, "Its name").required();
  Command shown = command("show", "Show one, with what it owns", show);
  named(shown);
  Command renamed = command("rename", "Rename one", rename);
  named(renamed);
  renamed.option("name", request->name, "Its new name").required();
  Command updated = command("update", "Say what its audit log keeps", update);
  named(updated);
  updated
      .option("--audit-arguments", request->audit_arguments,
              "What events keep of arguments and answers: nothing, ids and numbers, or texts too")
      .one_of({"none", "values", "all"});
  updated.option("--keep-days", request->keep_days, "How long events are kept")
      .filled()
      .placeholder("DAYS");
  updated.option("--keep-entries", request->keep_entries, "How many are kept; a write counts twice")
      .filled()
      .placeholder("COUNT");
  Command deleted = command("delete", "Delete one, with all that it owns", remove);
  named(deleted);
  deleted.flag("--yes", request->yes, "Do not ask");
  return group;
}

}  // namespace patchbay::cli
