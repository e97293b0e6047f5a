#include "definitions/effects.h"

#include <map>
#include <set>
#include <utility>

#include "control/server_config.h"
#include "json/write.h"

namespace patchbay::definitions {
namespace {

using Catalog = std::shared_ptr<const catalog::ToolCatalog>;

class Effects {
 public:
  Effects(const Catalog& before, const Catalog& after, const Difference& difference)
      : before_(before), after_(after) {
    for (const ToolChange& change : difference.changed) {
      changed_.insert(change.tool);
      if (change.is_breaking) breaking_.insert(change.tool);
    }
  }

  // Servers that choose alike feel the same.
  const ServerEffect& of(const store::McpServerRow& row) {
    const std::string key = json::to_string(row.config);
    const auto known = by_config_.find(key);
    if (known != by_config_.end()) return known->second;
    return by_config_.emplace(key, look_at(row)).first->second;
  }

 private:
  ServerEffect look_at(const store::McpServerRow& row) const {
    ServerEffect effect;
    const auto config = control::read_server_config(row.config);
    if (!config) return effect;
    const auto was = catalog::Toolset::select(before_, config->filter);
    // Does not serve now, and what it might is its own business.
    if (!was) return effect;
    const auto is = catalog::Toolset::select(after_, config->filter);
    for (const catalog::Tool* const tool : (*was)->tools()) {
      const bool stays =
          is ? (*is)->find(tool->name) != nullptr : after_->find(tool->name) != nullptr;
      if (!stays) {
        effect.removed.push_back(tool->name);
      } else if (changed_.contains(tool->name)) {
        effect.changed.push_back(tool->name);
        effect.is_breaking = effect.is_breaking || breaking_.contains(tool->name);
      }
    }
    effect.is_breaking = effect.is_breaking || !effect.removed.empty() || !is;
    if (!is) return effect;
    for (const catalog::Tool* const tool : (*is)->tools()) {
      if ((*was)->find(tool->name) == nullptr) effect.added.push_back(tool->name);
    }
    return effect;
  }

  const Catalog& before_;
  const Catalog& after_;
  std::set<std::string, std::less<>> changed_;
  std::set<std::string, std::less<>> breaking_;
  std::map<std::string, ServerEffect> by_config_;
};

}  // namespace

Result<std::vector<ServerEffect>> effects_on_servers(const control::ControlPlane& control,
                                                     const Catalog& before, const Catalog& after,
                                                     const Difference& difference) {
  std::vector<ServerEffect> felt;
  if (before == nullptr) return felt;
  const auto rows = control.servers_of_integration(before->integration().name, kMostServers);
  if (!rows) return std::unexpected(rows.error());
  Effects effects(before, after, difference);
  for (const store::McpServerRow& row : *rows) {
    const ServerEffect& effect = effects.of(row);
    const bool any = !effect.added.empty() || !effect.removed.empty() || !effect.changed.empty();
    if (!any && !effect.is_breaking) continue;
    felt.push_back(effect);
    felt.back().id = row.id;
    felt.back().name = row.name;
  }
  return felt;
}

}  // namespace patchbay::definitions
