#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/problems.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"
#include "pack/install.h"
#include "pack/openapi/document.h"
#include "pack/openapi/import.h"

namespace patchbay::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kStandardInput = "-";

// Not more than an import takes, and one byte to tell that there is more.
std::string read_all(std::istream& stream) {
  std::string text;
  std::string block(1 << 16, '\0');
  while (stream && text.size() <= openapi::kMaxDocumentBytes) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
  }
  return text;
}

Result<std::string> read_document(const std::string& file) {
  if (file == kStandardInput) return read_all(std::cin);
  std::ifstream stream(file, std::ios::binary);
  std::string text = stream ? read_all(stream) : std::string();
  if (!stream.is_open() || stream.bad()) {
    return fail(ErrorCode::not_found, "Cannot read " + file + ".",
                "Name a file with an OpenAPI or Swagger document, or - for standard input.");
  }
  return text;
}

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
std::function<void(std::string_view)> progress(Clock::time_point begin) {
  if (::isatty(STDERR_FILENO) == 0) return {};
  return [begin](std::string_view step) {
    const std::chrono::duration<double> since = Clock::now() - begin;
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
    fmt::print("Written to {}. A server reads it when it starts.\n", one_line(told.folder));
  }
}

}  // namespace

int import_integration(const ImportCommand& command) {
  const auto folder = target_folder(command);
  if (!folder) return report(folder.error());
  const auto text = read_document(command.file);
  if (!text) return report(text.error());
  const auto begin = Clock::now();
  openapi::ImportRequest request;
  request.name = command.name;
  request.file = command.file == kStandardInput ? "standard input" : command.file;
  request.progress = progress(begin);
  const auto outcome = openapi::import_document(*text, request);
  const std::chrono::duration<double> took = Clock::now() - begin;
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
