#include <cstdio>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/connection.h"
#include "cli/instance/profiles.h"
#include "cli/instance/remote.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/prompt.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {
namespace {

struct AddRequest {
  std::string name;
  std::string url;
  std::string token_file;
  std::string ca_file;
  bool plain_http = false;
  bool no_check = false;
  bool json = false;
};

// Of those that name one.
struct NamedRequest {
  std::string name;
  bool json = false;
};

// From the file, the environment, the terminal or standard input: never an argument, which every
// process of the machine sees.
Result<Secret> read_token(const AddRequest& request) {
  if (!request.token_file.empty()) return read_first_line(request.token_file, "API token");
  if (const char* const given = std::getenv("PATCHBAY_API_TOKEN")) {
    return Secret(std::string(trim(given)));
  }
  if (can_ask()) return ask_hidden("API token (pba_…, not shown):");
  return read_first_line("-", "API token");
}

Result<> check_name(const std::string& name) {
  const bool plain =
      !name.empty() && name.size() <= 100 &&
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") ==
          std::string::npos;
  if (plain && !name.starts_with('-')) return {};
  return fail(ErrorCode::invalid_argument,
              "The name of a profile has letters, digits, '-', '_' and '.' only.");
}

Result<> add_profile(const AddRequest& request) {
  if (auto named = check_name(request.name); !named) return named;
  if (auto url = read_instance_url(request.url, request.plain_http); !url) {
    return std::unexpected(url.error());
  }
  auto token = read_token(request);
  if (!token) return std::unexpected(token.error());
  if (!token->reveal().starts_with("pba_")) {
    return fail(ErrorCode::invalid_argument, "That is no API token: they begin with pba_.",
                token->reveal().starts_with("pbm_")
                    ? "It is the token of an MCP server's URL."
                    : "`patchbay serve` makes the first one; `patchbay token create` makes more.");
  }
  return change_profiles([&](Profiles& profiles) -> Result<> {
    profiles.by_name[request.name] = {.url = request.url,
                                      .token = std::move(*token),
                                      .plain_http = request.plain_http,
                                      .ca_file = request.ca_file};
    if (profiles.current.empty()) profiles.current = request.name;
    return {};
  });
}

int add(const AddRequest& request) {
  if (auto added = add_profile(request); !added) return report(added.error());
  const auto profiles = read_profiles();
  const bool in_use = profiles && profiles->current == request.name;
  if (request.json) {
    print_json(json::Object{{"name", request.name}, {"url", request.url}, {"in_use", in_use}});
  } else {
    fmt::print(
        "Added the profile '{}'{}.\n", request.name,
        in_use ? ", which is in use now"
               : fmt::format("; `patchbay profile use {}` makes it the one in use", request.name));
  }
  if (request.no_check) return 0;
  const auto client = ApiClient::open(request.name);
  if (!client) return report(client.error());
  const auto answer = client->get("/integration");
  if (!answer && answer.error().code != ErrorCode::permission_denied) {
    remark("It was kept, but does not work so far:");
    return report(answer.error());
  }
  return 0;
}

int list(bool json, bool names) {
  const auto profiles = read_profiles();
  if (!profiles) return report(profiles.error());
  json::Array all;
  for (const auto& [name, profile] : profiles->by_name) {
    if (names) {
      fmt::print("{}\n", name);
    }
    all.emplace_back(
        json::Object{{"name", name}, {"url", profile.url}, {"in_use", name == profiles->current}});
  }
  if (names) return 0;
  const std::vector<Shown> shown{{{""},
                                  [](const json::Value& each) {
                                    return std::string(each.bool_or("in_use", false) ? "*" : "");
                                  }},
                                 member("NAME", "name", true),
                                 member("INSTANCE", "url")};
  Remote remote;
  remote.json = json;
  return print_records(all, shown, remote,
                       "There are no profiles: `patchbay profile add NAME --url URL` adds one.");
}

Error no_such(const std::string& name) {
  return {ErrorCode::not_found, fmt::format("There is no profile '{}'.", name),
          "`patchbay profile list` shows all."};
}

int use(const NamedRequest& request) {
  const std::string& name = request.name;
  const auto changed = change_profiles([&](Profiles& profiles) -> Result<> {
    if (!profiles.by_name.contains(name)) return std::unexpected(no_such(name));
    profiles.current = name;
    return {};
  });
  if (!changed) return report(changed.error());
  if (request.json) {
    print_json(json::Object{{"name", name}, {"in_use", true}});
  } else {
    fmt::print("The profile '{}' is in use.\n", name);
  }
  return 0;
}

int remove(const NamedRequest& request) {
  const std::string& name = request.name;
  const auto changed = change_profiles([&](Profiles& profiles) -> Result<> {
    if (profiles.by_name.erase(name) == 0) return std::unexpected(no_such(name));
    if (profiles.current == name) profiles.current.clear();
    return {};
  });
  if (!changed) return report(changed.error());
  if (request.json) {
    print_json(json::Object{{"name", name}});
  } else {
    fmt::print("Removed the profile '{}'. Its API token is still valid: `patchbay token revoke`.\n",
               name);
  }
  return 0;
}

void add_adding(Command& group) {
  const auto request = std::make_shared<AddRequest>();
  Command command = group.add_command("add", "Remember an instance and an API token for it");
  command.footer(
      "The token is asked for, and not shown; else it is read from PATCHBAY_API_TOKEN, from\n"
      "--token-file or from standard input. An argument would be seen by every process.\n\n"
      "Example:\n"
      "  patchbay profile add production --url https://mcp.example.com");
  command.option("name", request->name, "What to call it").required();
  command.option("--url", request->url, "Address of the instance").placeholder("URL").required();
  command
      .option("--token-file", request->token_file,
              "File with the API token on its first line; - is standard input")
      .filled()
      .placeholder("FILE");
  command.option("--ca-file", request->ca_file, "Certificates (PEM) to trust beside the system's")
      .filled()
      .placeholder("FILE");
  command.flag("--plain-http", request->plain_http,
               "Allow http to another machine: everybody on the way reads the token");
  command.flag("--no-check", request->no_check, "Do not try whether the instance takes it");
  command.flag("--json", request->json, "Print one line of JSON");
  command.action([request] { return add(*request); });
}

}  // namespace

Command add_profile_commands(Command& root) {
  Command group = root.add_command("profile", "Remember instances and their API tokens");
  group.require_command();
  add_adding(group);

  struct ListRequest {
    bool json = false;
    bool names = false;
  };
  const auto listing = std::make_shared<ListRequest>();
  Command listed = group.add_command("list", "Show the profiles");
  const Option json = listed.flag("--json", listing->json, "Print one line of JSON");
  listed.flag("--names", listing->names, "Print the names alone, one a line").excludes(json);
  listed.action([listing] { return list(listing->json, listing->names); });

  const auto named = std::make_shared<NamedRequest>();
  Command used = group.add_command("use", "Make it the one that commands go by");
  used.option("name", named->name, "Its name").required().placeholder("PROFILE");
  used.flag("--json", named->json, "Print one line of JSON");
  used.action([named] { return use(*named); });
  Command removed = group.add_command("remove", "Forget it; its API token stays valid");
  removed.option("name", named->name, "Its name").required().placeholder("PROFILE");
  removed.flag("--json", named->json, "Print one line of JSON");
  removed.action([named] { return remove(*named); });
  return group;
}

}  // namespace patchbay::cli
