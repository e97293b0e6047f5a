#include "servers/tool_indexes.h"

#include <utility>

namespace patchbay::servers {

ToolIndexes::Made ToolIndexes::find(
    const std::shared_ptr<const catalog::ToolCatalog>& catalog) const {
  const MutexLock lock(mutex_);
  const auto found = made_.find(catalog.get());
  const bool is_it = found != made_.end() && found->second.catalog.lock() == catalog;
  return is_it ? found->second.made : nullptr;
}

ToolIndexes::Made ToolIndexes::make(
    const std::shared_ptr<const catalog::ToolCatalog>& catalog) const {
  const MutexLock turn(making_);
  if (auto made = find(catalog)) return made;
  auto made = std::make_shared<const search::ToolSearch>(*catalog);
  const MutexLock lock(mutex_);
  std::erase_if(made_, [](const auto& entry) { return entry.second.catalog.expired(); });
  made_[catalog.get()] = {.catalog = catalog, .made = made};
  return made;
}

io::Task<std::shared_ptr<const search::ToolSearch>> ToolIndexes::of(
    io::Runtime& runtime, std::shared_ptr<const catalog::ToolCatalog> catalog) const {
  if (auto made = find(catalog)) co_return made;
  co_return co_await runtime.run_blocking([this, catalog] { return make(catalog); });
}

}  // namespace patchbay::servers
