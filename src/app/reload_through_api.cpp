#include "app/reload_through_api.h"

#include <string>
#include <vector>

namespace patchbay::app {
namespace {

json::Array as_json(const std::vector<std::string>& names) {
  json::Array array;
  for (const std::string& name : names) array.emplace_back(name);
  return array;
}

}  // namespace

admin::Reload reload_through_api(Reloading* reloading) {
  if (reloading == nullptr) return {};
  return [reloading](const Reloading::StillMay& still_may) -> Result<json::Value> {
    const auto outcome = reloading->reload("POST /reload", still_may);
    if (!outcome) return std::unexpected(outcome.error());
    return json::Object{{"changed", as_json(outcome->changed)},
                        {"unchanged", as_json(outcome->unchanged)},
                        {"needs_restart", as_json(outcome->needs_restart)}};
  };
}

}  // namespace patchbay::app
