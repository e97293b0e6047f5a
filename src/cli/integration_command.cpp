#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "catalog/tool.h"
#include "cli/commands.h"
#include "cli/problems.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::cli {
namespace {

// A server looks for an integration in the folder of its name, and takes no other (definitions).
void check_folder(const std::vector<pack::PackFile>& files, pack::LoadOutcome& outcome) {
  if (!outcome.integration || files.empty()) return;
  const std::string& name = outcome.integration->name;
  const std::string_view path = files.front().path;
  const std::string_view folder = path.substr(0, path.find('/'));
  if (folder == name) return;
  outcome.problems.push_back(
      {.file = std::string(path),
       .line = 0,
       .message = fmt::format("it is named '{}', and its folder '{}'", name, folder),
       .fix = "give both the same name"});
  outcome.integration = nullptr;
}

}  // namespace

int check_integration(const std::string& folder, bool lint, bool json) {
  const auto files = pack::read_pack(folder);
  if (!files) return report(files.error());
  pack::LoadOutcome outcome = lint ? pack::lint_pack(*files) : pack::load_pack(*files);
  check_folder(*files, outcome);
  const bool sound = outcome.integration != nullptr;
  std::size_t tools = 0;
  if (sound) {
    const auto catalog = catalog::ToolCatalog::generate(outcome.integration);
    if (!catalog) return report(catalog.error());
    tools = (*catalog)->tools().size();
  }
  const auto warnings = std::ranges::count_if(outcome.problems, &pack::Problem::warning);
  const auto errors = std::ssize(outcome.problems) - warnings;
  if (json) {
    const json::Value answer = json::Object{{"valid", sound},
                                            {"tools", static_cast<std::int64_t>(tools)},
                                            {"problems", problems_as_json(outcome.problems)}};
    fmt::print("{}\n", json::to_string(answer));
  } else {
    print_problems(outcome.problems);
    if (sound) {
      fmt::print("{}: {} resources, {} tools", outcome.integration->name,
                 outcome.integration->resources.size(), tools);
    } else {
      fmt::print("{}: {} error{}", folder, errors, errors == 1 ? "" : "s");
    }
    if (lint) fmt::print(", {} warning{}", warnings, warnings == 1 ? "" : "s");
    fmt::print("\n");
  }
  return sound && (!lint || warnings == 0) ? 0 : 1;
}

}  // namespace patchbay::cli
