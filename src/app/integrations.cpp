#include "app/integrations.h"

#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "pack/loader.h"

namespace patchbay::app {
namespace {

std::string describe(const std::vector<pack::Problem>& problems) {
  std::string text;
  for (const pack::Problem& problem : problems) {
    if (problem.warning) continue;
    text += fmt::format("\n  {}:{}: {}", problem.file, problem.line, problem.message);
    if (!problem.fix.empty()) text += fmt::format("\n      {}", problem.fix);
  }
  return text;
}

// Pack name → its files; the folder's packs replace built-in ones of the same name.
Result<std::map<std::string, std::vector<pack::PackFile>>> collect(const std::string& folder) {
  std::map<std::string, std::vector<pack::PackFile>> packs;
  for (const std::string& name : pack::embedded_packs()) {
    packs[name] = pack::embedded_pack(name);
  }
  if (folder.empty()) return packs;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    // What begins with a dot is being written (pack/install.h).
    if (!entry.is_directory() || entry.path().filename().string().starts_with('.')) continue;
    auto files = pack::read_pack(entry.path());
    if (!files) return std::unexpected(files.error());
    packs[entry.path().filename().string()] = std::move(*files);
  }
  if (error) {
    return fail(ErrorCode::not_found,
                fmt::format("Cannot read integrations from '{}': {}.", folder, error.message()));
  }
  return packs;
}

}  // namespace

Result<std::vector<std::shared_ptr<const catalog::ToolCatalog>>> load_integrations(
    const std::string& folder, const IntegrationPolicy& policy) {
  auto packs = collect(folder);
  if (!packs) return std::unexpected(packs.error());
  std::vector<std::shared_ptr<const catalog::ToolCatalog>> catalogs;
  for (const auto& [name, files] : *packs) {
    const pack::LoadOutcome outcome = pack::load_pack(files);
    if (!outcome.integration) {
      return fail(
          ErrorCode::invalid_argument,
          fmt::format("The integration '{}' has problems:{}", name, describe(outcome.problems)),
          "Run `patchbay integration validate` on its folder after each change.");
    }
    auto integration = std::make_shared<integration::Integration>(*outcome.integration);
    integration->allow_loopback_http = integration->allow_loopback_http && policy.allow_loopback;
    auto tools = catalog::ToolCatalog::generate(std::move(integration));
    if (!tools) return std::unexpected(tools.error());
    catalogs.push_back(std::move(*tools));
  }
  return catalogs;
}

}  // namespace patchbay::app
