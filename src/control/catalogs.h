// The integrations that this node has loaded, by name.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/mutex.h"
#include "catalog/tool.h"

namespace patchbay::control {

// Thread-safe.
class Catalogs {
 public:
  using Catalog = std::shared_ptr<const catalog::ToolCatalog>;

  void put(Catalog catalog);
  std::vector<Catalog> all() const;  // by name
  // Error not_found, with near names in the hint.
  Result<Catalog> find(std::string_view name) const;

 private:
  mutable Mutex mutex_;
  std::map<std::string, Catalog, std::less<>> by_name_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::control
