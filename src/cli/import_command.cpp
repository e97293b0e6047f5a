#include <chrono>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/documents.h"
#include "cli/instance/api_client.h"
#include "cli/instance/definition_texts.h"
#include "cli/problems.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"
#include "pack/install.h"
#include "pack/openapi/import.h"

namespace patchbay::cli {
namespace {

using std::chrono::steady_clock;

// Where a server reads integrations; nothing is needed where nothing is written.
Result<std::string> target_folder(const ImportCommand& command) {
  if (command.dry_run) return std::string();
  auto config = read_config(command.config_file, command.flags);
  if (!config) return std::unexpected(config.error());
  if (config->integrations_dir.empty()) {
    return fail(ErrorCode::invalid_argument, "Nothing says where the definition goes.",
                "Give --integrations DIR, or the server's --config; --dry-run writes nothing.");
  }
  return config->integrations_dir;
}

// A line a step, where a person looks.
std::function<void(std::string_view)> progress(steady_clock::time_point begin) {
  if (::isatty(STDERR_FILENO) == 0) return {};
  return [begin](std::string_view step) {
    const std::chrono::duration<double> since = steady_clock::now() - begin;
    fmt::print(stderr, "{:5.2f} s  {}\n", since.count(), step);
  };
}

json::Value left_out_as_json(const std::vector<openapi::LeftOut>& left_out) {
  json::Array list;
  for (const auto& each : left_out) {
    list.emplace_back(json::Object{{"operation", each.operation},
                                   {"reason", each.reason},
                                   {"line", static_cast<std::int64_t>(each.line)}});
  }
  return list;
}

struct Told {
  const ImportCommand& command;
  const openapi::ImportOutcome& outcome;
  double seconds = 0;
  std::string folder;  // where it was written; empty: nowhere

  std::size_t tools() const { return outcome.operations - outcome.left_out.size(); }
};

void print_for_programs(const Told& told) {
  const auto& outcome = told.outcome;
  const bool sound = outcome.integration != nullptr;
  const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
  print_json(json::Object{
      {"name", told.command.name},
      {"valid", sound},
      {"folder", told.folder.empty() ? json::Value() : json::Value(told.folder)},
      {"operations", count(outcome.operations)},
      {"tools", count(sound ? told.tools() : 0)},
      {"resources", count(sound ? outcome.integration->resources.size() : 0)},
      {"left_out", left_out_as_json(outcome.left_out)},
      {"problems", problems_as_json(outcome.problems)},
      {"seconds", told.seconds},
  });
}

void print_for_people(const Told& told) {
  const auto& outcome = told.outcome;
  print_problems(outcome.problems);
  if (!outcome.integration) {
    fmt::print("{}: nothing was imported\n", told.command.name);
    return;
  }
  fmt::print("{}: {} of {} operations are tools, of {} resources, in {:.2f} s\n", told.command.name,
             told.tools(), outcome.operations, outcome.integration->resources.size(), told.seconds);
  for (const auto& each : outcome.left_out) {
    fmt::print("left out: {}: {}\n", one_line(each.operation), one_line(each.reason));
  }
  if (told.folder.empty()) {
    fmt::print("Nothing was written.\n");
  } else {
    if (!pack::embedded_pack(told.command.name).empty()) {
      fmt::print("It lies under the pack of that name that Patchbay brings, whose words win.\n");
    }
    fmt::print("Written to {}. A server reads it when it starts, and a running one at once.\n",
               one_line(told.folder));
  }
}

// A running instance imports it itself, lays it under what is written by hand there, and keeps it.
int give_to_instance(const ImportCommand& command) {
  auto text = read_document(command.file);
  if (!text) return report(text.error());
  const auto client = ApiClient::open(command.profile);
  if (!client) return report(client.error());
  const auto change = client->post_document(
      path_to({"integration", command.name, "import"}) + (command.dry_run ? "?preview=true" : ""),
      std::move(*text));
  if (!change) return report(change.error());
  if (command.json) {
    print_json(*change);
    return 0;
  }
  print_definition_change(*change);
  fmt::print("{}: {} operations in the document, {} tools in all\n", command.name,
             change->int64_or("operations", 0), change->int64_or("tools", 0));
  if (command.dry_run) {
    fmt::print("Nothing was changed.\n");
  } else {
    fmt::print("{} is at version {} now.\n", command.name, change->int64_or("revision", 0));
  }
  return 0;
}

}  // namespace

int import_integration(const ImportCommand& command) {
  if (command.upload) return give_to_instance(command);
  const auto folder = target_folder(command);
  if (!folder) return report(folder.error());
  const auto text = read_document(command.file);
  if (!text) return report(text.error());
  const auto begin = steady_clock::now();
  openapi::ImportRequest request;
  request.name = command.name;
  request.file = command.file == kStandardInput ? "standard input" : command.file;
  request.progress = progress(begin);
  const auto outcome = openapi::import_document(*text, request);
  const std::chrono::duration<double> took = steady_clock::now() - begin;
  Told told{command, outcome, took.count(), {}};
  if (outcome.integration && !command.dry_run) {
    const auto installed = pack::install_pack(*folder, command.name, outcome.files, openapi::kMark);
    if (!installed) return report(installed.error());
    told.folder = *folder + "/" + command.name;
  }
  if (command.json) {
    print_for_programs(told);
  } else {
    print_for_people(told);
  }
  return outcome.integration ? 0 : 1;
}

}  // namespace patchbay::cli
