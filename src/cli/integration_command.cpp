#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "catalog/tool.h"
#include "cli/commands.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::cli {
namespace {

json::Value problems_as_json(const std::vector<pack::Problem>& problems) {
  json::Array list;
  for (const pack::Problem& problem : problems) {
    list.emplace_back(json::Object{{"file", problem.file},
                                   {"line", static_cast<std::int64_t>(problem.line)},
                                   {"severity", problem.warning ? "warning" : "error"},
                                   {"message", problem.message},
                                   {"fix", problem.fix}});
  }
  return list;
}

void print_problems(const std::vector<pack::Problem>& problems) {
  for (const pack::Problem& problem : problems) {
    const std::string place =
        problem.line == 0 ? problem.file : fmt::format("{}:{}", problem.file, problem.line);
    fmt::print("{}: {}: {}\n", place, problem.warning ? "warning" : bold("error"), problem.message);
    if (!problem.fix.empty()) fmt::print("    {}\n", problem.fix);
  }
}

}  // namespace

int check_integration(const std::string& folder, bool lint, bool json) {
  const auto files = pack::read_pack(folder);
  if (!files) return report(files.error());
  const pack::LoadOutcome outcome = lint ? pack::lint_pack(*files) : pack::load_pack(*files);
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
