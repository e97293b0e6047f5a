// Search over catalogs' tools, made when a catalog is first searched: some tenths of a second for
// thousands of tools, so off the loop, and once for all servers of an integration.
#pragma once

#include <map>
#include <memory>

#include "base/mutex.h"
#include "catalog/tool.h"
#include "io/runtime.h"
#include "io/task.h"
#include "search/tool_search.h"

namespace patchbay::servers {

class ToolIndexes {
 public:
  // Whoever comes while it is made waits for the same one. It lives as long as the catalog is used.
  io::Task<std::shared_ptr<const search::ToolSearch>> of(
      io::Runtime& runtime, std::shared_ptr<const catalog::ToolCatalog> catalog) const;

 private:
  using Made = std::shared_ptr<const search::ToolSearch>;
  struct Entry {
    std::weak_ptr<const catalog::ToolCatalog> catalog;
    Made made;
  };
  Made find(const std::shared_ptr<const catalog::ToolCatalog>& catalog) const;
  Made make(const std::shared_ptr<const catalog::ToolCatalog>& catalog) const;

  mutable Mutex making_;  // taken first
  mutable Mutex mutex_;
  // An address may be used again: only a living catalog is the one that it was made of.
  mutable std::map<const catalog::ToolCatalog*, Entry> made_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::servers
