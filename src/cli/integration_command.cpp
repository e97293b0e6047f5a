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
