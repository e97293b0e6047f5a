#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/find.h"
#include "cli/instance/remote.h"
#include "cli/instance/request_text.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/prompt.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {
namespace {

struct ApprovalRequest {
  Remote remote;
  std::string approval;  // id
  std::string state = "pending";
  std::string server;   // id or name; empty: of all
  std::string account;  // the same
  std::string reason;
  bool yes = false;
};

constexpr std::string_view kAnyState = "any";

int list(const ApprovalRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  ApiClient::Query query{{"state", request.state == kAnyState ? "" : request.state}};
  if (!request.server.empty()) {
    const auto server = find_server(*client, request.server, request.account);
    if (!server) return report(server.error());
    query.emplace_back("mcp_server_id", id_of(*server));
  } else if (!request.account.empty()) {
    const auto account = find_account(*client, request.account);
    if (!account) return report(account.error());
    query.emplace_back("integrated_account_id", id_of(*account));
  }
  const auto approvals = client->list("/approval", query);
  if (!approvals) return report(approvals.error());
  return print_records(
      *approvals,
      {member("ID", "id", true), member("STATE", "state"), member("SUMMARY", "summary"),
       member("TOOL", "tool"), member("SERVER", "mcp_server_id"), time_member("ASKED", "asked_at"),
       time_member("EXPIRES", "expires_at")},
      request.remote,
      request.state == "pending" ? "Nothing waits for an approval." : "There are none.");
}

Result<json::Value> find_approval(const ApiClient& client, const std::string& id) {
  auto found = client.get(path_to({"approval", id}));
  if (!found && found.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, fmt::format("There is no approval '{}'.", id),
                "`patchbay approvals list --state any` shows all of the last 30 days.");
  }
  return found;
}

void print_facts(const json::Value& approval) {
  std::vector<std::pair<std::string_view, std::string>> facts{
      {"Id", id_of(approval)},
      {"State", member_text(approval, "state")},
      {"Summary", member_text(approval, "summary")},
      {"Tool", member_text(approval, "tool")},
      {"MCP server", member_text(approval, "mcp_server_id")},
      {"Client", member_text(approval, "client")},
      {"Asked", time_text(approval, "asked_at")},
      {"Expires", time_text(approval, "expires_at")}};
  if (!approval.string_or("decided_at", "").empty()) {
    facts.emplace_back("Decided", time_text(approval, "decided_at"));
    facts.emplace_back("By", member_text(approval, "decided_by"));
    facts.emplace_back("Reason", member_text(approval, "reason"));
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kWhereSaid{
      {{"Replaces", "replaces"}, {"Replaced by", "replaced_by"}, {"Note", "notice"}}};
  for (const auto& [title, name] : kWhereSaid) {
    if (!approval.string_or(name, "").empty())
      facts.emplace_back(title, member_text(approval, name));
  }
  print_record(approval, facts, {});
}

int show_approval(const json::Value& approval, const Remote& remote) {
  if (remote.json) {
    print_json(approval);
    return 0;
  }
  print_facts(approval);
  fmt::print("{}", shown_parts(approval, terminal_width()));
  return 0;
}

int show(const ApprovalRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto approval = find_approval(*client, request.approval);
  if (!approval) return report(approval.error());
  return show_approval(*approval, request.remote);
}

// What came of a yes, for a person; scripts go by the exit code.
int report_sent(const json::Value& approval, const Remote& remote) {
  const std::string_view state = approval.string_or("state", "");
  if (remote.json) print_json(approval);
  if (state == "done") {
    if (!remote.json) fmt::print("Approved, sent and done: {}\n", id_of(approval));
    return 0;
  }
  const std::string id = id_of(approval);
  if (state == "stale") {
    return report({ErrorCode::conflict,
                   "The records have changed since it was shown. Nothing was sent.",
                   fmt::format("It is asked for again, as it is now: patchbay approvals show {}",
                               member_text(approval, "replaced_by"))});
  }
  if (state == "failed") {
    return report({ErrorCode::upstream, "It was approved and sent, and nothing was changed.",
                   fmt::format("Why: patchbay approvals show {}", id)});
  }
  return report({ErrorCode::upstream,
                 "It was approved and sent, and nobody knows whether it was done.",
                 fmt::format("Look in the product for what it would have changed: patchbay "
                             "approvals show {}",
                             id)});
}

// The person has seen what is sent: the instance compares it with what was shown once more.
Result<> agree_to_send(const json::Value& approval, const ApprovalRequest& request) {
  if (request.yes) return {};
  if (can_ask() && !request.remote.json) show_approval(approval, {});
  return confirm_by_word(fmt::format("'{}' is sent, once and as it is shown.",
                                     one_line(approval.string_or("summary", ""))),
                         "approve", false);
}

int approve(const ApprovalRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto approval = find_approval(*client, request.approval);
  if (!approval) return report(approval.error());
  if (approval->string_or("state", "") == "pending") {
    if (const auto agreed = agree_to_send(*approval, request); !agreed) {
      return report(agreed.error());
    }
  }
  const auto sent = client->post(path_to({"approval", id_of(*approval), "approve"}),
                                 json::Object{{"reason", request.reason}});
  if (!sent) return report(sent.error());
  return report_sent(*sent, request.remote);
}

int refuse(const ApprovalRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto refused = client->post(path_to({"approval", request.approval, "refuse"}),
                                    json::Object{{"reason", request.reason}});
  if (!refused) return report(refused.error());
  if (request.remote.json) {
    print_json(*refused);
  } else {
    fmt::print("Refused, and not sent: {}\n", id_of(*refused));
  }
  return 0;
}

}  // namespace

Command add_approval_commands(Command& root) {
  const auto request = std::make_shared<ApprovalRequest>();
  Command group = root.add_command("approvals", "Calls that wait for a person's yes");
  group.require_command();
  const auto command = [&](std::string_view name, std::string_view help,
                           int (*run)(const ApprovalRequest&)) {
    Command made = group.add_command(name, help);
    add_remote_options(made, request->remote);
    made.action([request, run] { return run(*request); });
    return made;
  };
  const auto named = [&](Command& made) {
    made.option("approval", request->approval, "Its id").required().filled();
  };
  const auto reasoned = [&](Command& made) {
    made.option("--reason", request->reason, "Why; it is kept, and told to the AI program")
        .placeholder("TEXT");
  };
  Command listed = command("list", "List those that wait, or others", list);
  listed.option("--state", request->state, "Which; any: all of the last 30 days")
      .one_of({"pending", "sending", "done", "failed", "unknown", "refused", "expired", "stale",
               std::string(kAnyState)})
      .show_default();
  listed.option("--server", request->server, "Only calls of this MCP server, by id or name")
      .filled();
  listed.option("--account", request->account, "Only of this account, by id or name").filled();
  Command shown = command("show", "Show one: what would be sent, and what it changes", show);
  named(shown);
  Command approved = command("approve", "Say yes: it is sent, once and as it was shown", approve);
  named(approved);
  reasoned(approved);
  approved.flag("--yes", request->yes, "Do not ask");
  approved.footer("Exit code 0 if it was sent and is done, 1 if not.");
  Command refused = command("refuse", "Say no: nothing is sent", refuse);
  named(refused);
  reasoned(refused);
  return group;
}

}  // namespace patchbay::cli
