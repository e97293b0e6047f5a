// Definitions of a running instance: which are in force, their versions, and changes of them.
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/instance/api_client.h"
#include "cli/instance/commands.h"
#include "cli/instance/definition_texts.h"
#include "cli/instance/remote.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"
#include "pack/loader.h"

namespace patchbay::cli {
namespace {

struct DefinitionRequest {
  Remote remote;
  std::string name;
  std::string folder;
  std::string revision;
  bool preview = false;
};

std::string path_of(const DefinitionRequest& request, std::string_view part) {
  return path_to({"integration", request.name, part});
}

std::string with_preview(std::string path, bool preview) {
  return preview ? path + "?preview=true" : path;
}

// What came of a change, or would.
int show_change(const Result<json::Value>& change, const DefinitionRequest& request) {
  if (!change) return report(change.error());
  if (request.remote.json) {
    print_json(*change);
    return 0;
  }
  print_definition_change(*change);
  const json::Value* const revision = change->find("revision");
  if (revision == nullptr || revision->is_null()) {
    fmt::print("Nothing was changed.\n");
  } else {
    fmt::print("{} is at version {} now.\n", one_line(request.name),
               change->int64_or("revision", 0));
  }
  return 0;
}

int list(const DefinitionRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto all = client->get("/integration");
  if (!all) return report(all.error());
  const json::Value* const records = all->find("result");
  if (records == nullptr || !records->is_array()) {
    return report({ErrorCode::upstream, "The answer is no list.", ""});
  }
  return print_records(
      *records->if_array(),
      {member("NAME", "name", true),
       member("LABEL", "label"),
       member("FROM", "origin"),
       member("VERSION", "revision"),
       member("TOOLS", "tool_count"),
       time_member("SINCE", "loaded_at"),
       {{"FAULTS"},
        [](const json::Value& record) {
          const json::Value* const faults = record.find("faults");
          const json::Array* const array = faults != nullptr ? faults->if_array() : nullptr;
          return array == nullptr || array->empty() ? std::string("-")
                                                    : std::to_string(array->size());
        }}},
      request.remote, "There is no integration.");
}

int reload(const DefinitionRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto read = client->post(path_of(request, "reload"), json::Object{});
  if (!read) return report(read.error());
  const json::Value* const faults = read->find("faults");
  const bool faulty = faults != nullptr && faults->is_array() && !faults->if_array()->empty();
  if (request.remote.json) {
    print_json(*read);
    return faulty ? 1 : 0;
  }
  if (faulty) {
    for (const json::Value& fault : *faults->if_array()) {
      fmt::print("{}:{}: error: {}\n    {}\n", one_line(fault.string_or("file", "")),
                 fault.int64_or("line", 0), one_line(fault.string_or("message", "")),
                 one_line(fault.string_or("hint", "")));
    }
    fmt::print("Nothing was changed.\n");
    return 1;
  }
  if (!read->bool_or("has_changed", false)) {
    fmt::print("It is as it was.\n");
  } else if (const json::Value* const difference = read->find("diff")) {
    print_difference(*difference);
  }
  return 0;
}

int revisions(const DefinitionRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto records = client->list(path_of(request, "revisions"));
  if (!records) return report(records.error());
  return print_records(
      *records,
      {member("VERSION", "revision"),
       {{""},
        [](const json::Value& record) {
          return std::string(record.bool_or("is_current", false) ? "in force" : "");
        }},
       member("FROM", "origin"),
       member("TOOLS", "tools"),
       time_member("MADE", "created_at"),
       member("BY", "created_by")},
      request.remote, "No version of it is kept: nothing was uploaded or imported.");
}

// The one before the present one, unless it is said.
Result<std::int64_t> wanted_revision(const ApiClient& client, const DefinitionRequest& request) {
  if (!request.revision.empty()) {
    const auto number = parse_int64(request.revision);
    if (number && *number > 0) return *number;
    return fail(ErrorCode::invalid_argument, "'" + request.revision + "' is no version.",
                "`patchbay integration revisions` lists them.");
  }
  const auto page = client.get(path_of(request, "revisions") + "?limit=2");
  if (!page) return std::unexpected(page.error());
  const json::Value* const records = page->find("result");
  const json::Array* const two = records != nullptr ? records->if_array() : nullptr;
  if (two != nullptr && two->size() == 2) return two->back().int64_or("revision", 0);
  return fail(ErrorCode::not_found, "There is no version before the present one.");
}

int roll_back(const DefinitionRequest& request) {
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  const auto revision = wanted_revision(*client, request);
  if (!revision) return report(revision.error());
  return show_change(client->post(with_preview(path_of(request, "rollback"), request.preview),
                                  json::Object{{"revision", *revision}}),
                     request);
}

int upload(const DefinitionRequest& request) {
  const auto files = pack::read_pack(request.folder);
  if (!files) return report(files.error());
  if (files->empty()) {
    return report({ErrorCode::not_found, "There is no definition in " + request.folder + ".",
                   "Name the folder that holds integration.yaml."});
  }
  DefinitionRequest named = request;
  json::Array list;
  for (const pack::PackFile& file : *files) {
    const auto slash = file.path.find('/');
    named.name = file.path.substr(0, slash);
    list.emplace_back(json::Object{{"path", file.path.substr(slash + 1)}, {"text", file.text}});
  }
  const auto client = ApiClient::open(request.remote.profile);
  if (!client) return report(client.error());
  return show_change(
      client->put(with_preview(path_to({"integration", named.name}), request.preview),
                  json::Object{{"files", std::move(list)}}),
      named);
}

}  // namespace

void add_definition_commands(Command& integration) {
  const auto request = std::make_shared<DefinitionRequest>();
  const auto command = [&](std::string_view name, std::string_view help,
                           int (*run)(const DefinitionRequest&)) {
    Command made = integration.add_command(name, help);
    add_remote_options(made, request->remote);
    made.action([request, run] { return run(*request); });
    return made;
  };
  const auto named = [&](Command& made) {
    made.option("name", request->name, "What the integration is called").required();
  };
  const auto previewed = [&](Command& made) {
    made.flag("--dry-run", request->preview,
              "Say what it would do and which MCP servers feel it, and change nothing");
  };
  command("list", "List the integrations of a running instance, and where each comes from", list);
  Command reloaded = command("reload", "Have a running instance read a definition again", reload);
  named(reloaded);
  Command uploaded = command(
      "upload", "Give a definition to a running instance, which keeps its versions", upload);
  uploaded.option("folder", request->folder, "Folder of the integration").required();
  previewed(uploaded);
  Command listed =
      command("revisions", "List the versions of what was uploaded or imported", revisions);
  named(listed);
  Command back = command("rollback", "Go back to a version of a definition", roll_back);
  named(back);
  back.option("revision", request->revision, "Which version. Default: the one before this one");
  previewed(back);
}

}  // namespace patchbay::cli
