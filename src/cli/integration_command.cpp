#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "catalog/tool.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::cli {
namespace {

json::Value faults_as_json(const std::vector<pack::Fault>& faults) {
  json::Array list;
  for (const pack::Fault& fault : faults) {
    list.emplace_back(json::Object{{"file", fault.file},
                                   {"line", static_cast<std::int64_t>(fault.line)},
                                   {"severity", fault.warning ? "warning" : "error"},
                                   {"message", fault.message},
                                   {"fix", fault.fix}});
  }
  return list;
}

void print_faults(const std::vector<pack::Fault>& faults) {
  for (const pack::Fault& fault : faults) {
    const std::string place =
        fault.line == 0 ? fault.file : fmt::format("{}:{}", fault.file, fault.line);
    fmt::print("{}: {}: {}\n", place, fault.warning ? "warning" : bold("error"), fault.message);
    if (!fault.fix.empty()) fmt::print("    {}\n", fault.fix);
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
  const auto warnings = std::ranges::count_if(outcome.faults, &pack::Fault::warning);
  const auto errors = std::ssize(outcome.faults) - warnings;
  if (json) {
    const json::Value answer = json::Object{{"valid", sound},
                                            {"tools", static_cast<std::int64_t>(tools)},
                                            {"faults", faults_as_json(outcome.faults)}};
    fmt::print("{}\n", json::to_string(answer));
  } else {
    print_faults(outcome.faults);
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
