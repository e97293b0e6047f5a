#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "catalog/tool.h"
#include "cli/commands.h"
#include "cli/documents.h"
#include "cli/instance/definition_texts.h"
#include "cli/problems.h"
#include "cli/terminal/terminal.h"
#include "definitions/difference.h"
#include "pack/loader.h"
#include "pack/openapi/import.h"

namespace patchbay::cli {
namespace {

using Catalog = std::shared_ptr<const catalog::ToolCatalog>;

// What documents are imported as, so that the tools of both sides are called alike.
std::string common_name(const std::string& before, const std::string& after) {
  for (const std::string& place : {before, after}) {
    std::error_code code;
    const auto folder = std::filesystem::weakly_canonical(place, code);
    if (!code && std::filesystem::is_directory(folder, code)) return folder.filename().string();
  }
  return "api";
}

// Null: it has faults, which were printed.
Result<Catalog> catalog_of(const std::string& place, const std::string& name, bool json) {
  std::shared_ptr<const integration::Integration> integration;
  std::vector<pack::Problem> problems;
  if (std::filesystem::is_directory(place)) {
    const auto files = pack::read_pack(place);
    if (!files) return std::unexpected(files.error());
    pack::LoadOutcome loaded = pack::load_pack(*files);
    integration = std::move(loaded.integration);
    problems = std::move(loaded.problems);
  } else {
    const auto text = read_document(place);
    if (!text) return std::unexpected(text.error());
    openapi::ImportOutcome imported =
        openapi::import_document(*text, {.name = name, .file = place, .progress = {}});
    integration = std::move(imported.integration);
    problems = std::move(imported.problems);
  }
  if (!integration) {
    if (json) {
      print_json(json::Object{{"problems", problems_as_json(problems)}});
    } else {
      print_problems(problems);
    }
    return Catalog();
  }
  return catalog::ToolCatalog::generate(std::move(integration));
}

json::Array texts(const std::vector<std::string>& all) {
  return json::Array(all.begin(), all.end());
}

json::Value as_json(const definitions::Difference& difference) {
  json::Array changed;
  for (const definitions::ToolChange& change : difference.changed) {
    changed.emplace_back(json::Object{
        {"tool", change.tool}, {"is_breaking", change.is_breaking}, {"what", texts(change.what)}});
  }
  return json::Object{{"added", texts(difference.added)},
                      {"removed", texts(difference.removed)},
                      {"changed", std::move(changed)},
                      {"is_breaking", difference.is_breaking()}};
}

}  // namespace

int compare_definitions(const std::string& before, const std::string& after, bool json) {
  const std::string name = common_name(before, after);
  const auto old_one = catalog_of(before, name, json);
  if (!old_one) return report(old_one.error());
  if (*old_one == nullptr) return 1;
  const auto new_one = catalog_of(after, name, json);
  if (!new_one) return report(new_one.error());
  if (*new_one == nullptr) return 1;
  const definitions::Difference found = definitions::difference(old_one->get(), **new_one);
  const json::Value shown = as_json(found);
  if (json) {
    print_json(shown);
  } else {
    print_difference(shown);
  }
  return found.is_breaking() ? 1 : 0;
}

}  // namespace patchbay::cli
