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

namespace patchbay::cli {
namespace {

struct WebhookRequest {
  Remote remote;
  std::string webhook;  // id, or a description that only one has
  std::string delivery;
  std::optional<std::string> url;
  std::vector<std::string> events;
  std::optional<std::string> description;
  std::optional<std::string> enabled;  // "yes" or "no"
  std::string environment;             // id or name; empty: not said
  std::string state;
  std::string file;
  std::optional<std::int64_t> overlap_seconds;
  bool yes = false;
};

std::string path_of(const json::Value& webhook, std::string_view rest = {}) {
  std::string path = path_to({"webhook", id_of(webhook)});
  if (!rest.empty()) path += "/" + std::string(rest);
  return path;
}

std::string state_of(const json::Value& record) {
  if (record.bool_or("enabled", false)) return "enabled";
  return record.string_or("disabled_because", "") == "gone" ? "disabled (it answered 410)"
                                                            : "disabled";
}

int show_webhook(const json::Value& record, const Remote& remote) {
  return print_record(record,
                      {{"Id", id_of(record)},
                       {"Description", member_text(record, "description")},
                       {"URL", member_text(record, "url")},
                       {"Events", member_text(record, "events")},
                       {"State", state_of(record)},
                       {"Old secret", time_text(record, "previous_secret_until")},
                       {"Environment", member_text(record, "environment_id")},
                       {"Made by", member_text(record, "created_by")},
                       {"Created", time_text(record, "created_at")}},
                      remote);
}

json::Object body_of(const WebhookRequest& request) {
  json::Object body;
  if (request.url) body["url"] = *request.url;
  if (!request.events.empty()) body["events"] = as_array(request.events);
  if (request.description) body["description"] = *request.description;
  if (request.enabled) body["enabled"] = *request.enabled == "yes";
  return body;
}

int add(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  json::Object body = body_of(request);
  if (!request.environment.empty()) {
    const auto environment = find_environment(*client, request.environment);
    if (!environment) return report(environment.error());
    body["environment_id"] = id_of(*environment);
  }
  auto file = SecretFile::open(request.file);
  if (!file) return report(file.error());
  const auto made = client->post("/webhook", body);
  if (!made) {
    file->discard();
    return report(made.error());
  }
  return print_minted_webhook(*made, std::move(*file), request.file, request.remote);
}

int list(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto records = client->list("/webhook");
  if (!records) return report(records.error());
  return print_records(*records,
                       {member("ID", "id", true),
                        member("DESCRIPTION", "description"),
                        member("URL", "url"),
                        member("EVENTS", "events"),
                        {{"STATE"}, state_of},
                        time_member("CREATED", "created_at")},
                       request.remote, "There are no webhooks.");
}

int show(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto record = find_webhook(*client, request.webhook);
  if (!record) return report(record.error());
  return show_webhook(*record, request.remote);
}

int update(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const json::Object body = body_of(request);
  if (body.empty()) {
    return report({ErrorCode::invalid_argument, "Nothing to change was given.",
                   "`patchbay webhook update --help` shows what can be."});
  }
  const auto record = find_webhook(*client, request.webhook);
  if (!record) return report(record.error());
  const auto changed = client->patch(path_of(*record), body);
  if (!changed) return report(changed.error());
  return show_webhook(*changed, request.remote);
}

int rotate(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto record = find_webhook(*client, request.webhook);
  if (!record) return report(record.error());
  auto file = SecretFile::open(request.file);
  if (!file) return report(file.error());
  json::Object body;
  if (request.overlap_seconds) body["overlap_seconds"] = *request.overlap_seconds;
  const auto made = client->post(path_of(*record, "rotate"), body);
  if (!made) {
    file->discard();
    return report(made.error());
  }
  return print_minted_webhook(*made, std::move(*file), request.file, request.remote);
}

int print_delivery(const json::Value& delivery, const Remote& remote) {
  if (remote.json) {
    print_json(delivery);
    return 0;
  }
  fmt::print("Message {} is on its way.\n", one_line(id_of(delivery)));
  remark("What comes of it: patchbay webhook deliveries " +
         std::string(delivery.string_or("webhook_id", "")));
  return 0;
}

int test(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto record = find_webhook(*client, request.webhook);
  if (!record) return report(record.error());
  const auto sent = client->post(path_of(*record, "test"), json::Object{});
  return sent ? print_delivery(*sent, request.remote) : report(sent.error());
}

int replay(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto record = find_webhook(*client, request.webhook);
  if (!record) return report(record.error());
  const auto sent =
      client->post(path_to({"webhook", id_of(*record), "deliveries", request.delivery, "replay"}),
                   json::Object{});
  return sent ? print_delivery(*sent, request.remote) : report(sent.error());
}

// "3: 200 in 41 ms", or what went wrong.
std::string last_attempt(const json::Value& delivery) {
  const json::Value* const attempts = delivery.find("attempts");
  const json::Array* const list = attempts == nullptr ? nullptr : attempts->if_array();
  if (list == nullptr || list->empty()) return "-";
  const json::Value& last = list->back();
  const std::string status = member_text(last, "status");
  const std::string what =
      status == "-" ? std::string(last.string_or("error", "no answer"))
                    : fmt::format("{} in {} ms", status, member_text(last, "duration_ms"));
  return fmt::format("{}: {}", list->size(), what);
}

int deliveries(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto record = find_webhook(*client, request.webhook);
  if (!record) return report(record.error());
  const auto records = client->list(path_of(*record, "deliveries"), {{"state", request.state}});
  if (!records) return report(records.error());
  return print_records(*records,
                       {member("ID", "id", true),
                        member("EVENT", "event"),
                        member("STATE", "state"),
                        {{"LAST ATTEMPT"}, last_attempt},
                        time_member("NEXT", "next_attempt_at"),
                        time_member("MADE", "created_at")},
                       request.remote, "Nothing was sent to it within seven days.");
}

int remove(const WebhookRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto record = find_webhook(*client, request.webhook);
  if (!record) return report(record.error());
  const auto agreed =
      confirm(fmt::format("The webhook {} ({}) is told nothing any more, nor what waits for it.",
                          id_of(*record), one_line(member_text(*record, "url"))),
              id_of(*record), request.yes);
  if (!agreed) return report(agreed.error());
  const auto gone = client->remove(path_of(*record));
  if (!gone) return report(gone.error());
  if (request.remote.json) {
    print_json(*gone);
  } else {
    fmt::print("Removed the webhook {}.\n", id_of(*record));
  }
  return 0;
}

void add_what_it_is(Command& command, WebhookRequest& request) {
  command
      .option("--events", request.events,
              "What it is told of: mcp_server.created, mcp_server.expiring, mcp_server.expired, "
              "integrated_account.needs_reauth, mcp_server.needs_reauth, approval.wanted, "
              "quota.reached")
      .separated_by(',')
      .repeatable()
      .placeholder("LIST");
  command.option("--description", request.description, "What lists show");
}

void add_secret_file(Command& command, WebhookRequest& request) {
  command
      .option("--file", request.file,
              "A new file for the secret, for its owner only. Default: standard output")
      .filled()
      .placeholder("FILE");
}

}  // namespace

Command add_webhook_commands(Command& root) {
  const auto request = std::make_shared<WebhookRequest>();
  Command group = root.add_command("webhook", "Webhooks: who is told of what happens here");
  group.require_command();
  const auto command = [&](std::string_view name, std::string_view help,
                           int (*run)(const WebhookRequest&)) {
    Command made = group.add_command(name, help);
    add_remote_options(made, request->remote);
    made.action([request, run] { return run(*request); });
    return made;
  };
  const auto named = [&](Command& made) {
    made.option("webhook", request->webhook, "Its id or description").required();
  };
  Command added = command("add", "Make a webhook; its secret is shown once", add);
  added.footer(
      "Example:\n"
      "  patchbay webhook add https://hooks.example.com/patchbay --events "
      "approval.wanted,mcp_server.expiring --file webhook.secret");
  added.option("url", request->url, "Where messages go: https://…").required();
  add_what_it_is(added, *request);
  added
      .option("--environment", request->environment,
              "Which environment, by id or name. Default: your token's, or the only one")
      .filled();
  add_secret_file(added, *request);
  command("list", "List webhooks", list);
  Command shown = command("show", "Show one", show);
  named(shown);
  Command updated = command("update", "Change one, or enable it again", update);
  named(updated);
  updated.option("--url", request->url, "Where messages go: https://…").filled();
  add_what_it_is(updated, *request);
  updated.option("--enabled", request->enabled, "Whether it is told anything")
      .one_of({"yes", "no"});
  Command rotated =
      command("rotate", "Give one a new secret; the old one signs as well for a day", rotate);
  named(rotated);
  rotated
      .option("--overlap", request->overlap_seconds,
              "Seconds that the old secret signs as well, 0 to 604800. Default 86400")
      .placeholder("SECONDS");
  add_secret_file(rotated, *request);
  Command tested = command("test", "Send it a message of its own", test);
  named(tested);
  Command delivered =
      command("deliveries", "List what was sent to it, and what came of each", deliveries);
  named(delivered);
  delivered.option("--state", request->state, "Only those in this state")
      .one_of({"pending", "delivered", "given_up"});
  Command replayed = command("replay", "Send one of its messages again, under the same id", replay);
  named(replayed);
  replayed.option("delivery", request->delivery, "The message's id").required();
  Command removed = command("remove", "Remove one, with all that waits for it", remove);
  named(removed);
  removed.flag("--yes", request->yes, "Do not ask");
  return group;
}

}  // namespace patchbay::cli
