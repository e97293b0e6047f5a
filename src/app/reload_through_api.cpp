#include "app/reload_through_api.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "admin/definition_views.h"

namespace patchbay::app {
namespace {

constexpr std::string_view kAskedBy = "POST /reload";

json::Array as_json(const std::vector<std::string>& names) {
  json::Array array;
  for (const std::string& name : names) array.emplace_back(name);
  return array;
}

}  // namespace

admin::Reload reload_through_api(Reloading* reloading, definitions::Definitions& definitions) {
  if (reloading == nullptr) return {};
  return [reloading, &definitions](const Reloading::StillMay& still_may) -> Result<json::Value> {
    const auto outcome = reloading->reload(kAskedBy, still_may);
    if (!outcome) return std::unexpected(outcome.error());
    json::Array integrations;
    for (const definitions::Reread& each : definitions.reload_all(kAskedBy)) {
      integrations.emplace_back(json::Object{{"name", each.name},
                                             {"has_changed", each.has_changed},
                                             {"faults", admin::view(each.faults)}});
    }
    return json::Object{{"changed", as_json(outcome->changed)},
                        {"unchanged", as_json(outcome->unchanged)},
                        {"needs_restart", as_json(outcome->needs_restart)},
                        {"integrations", std::move(integrations)}};
  };
}

}  // namespace patchbay::app
