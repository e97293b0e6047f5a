// Search over the tools of an integration.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "catalog/tool.h"
#include "search/index.h"

namespace patchbay::search {

// Keeps its catalog alive. Immutable.
class ToolSearch {
 public:
  // Takes some 0.2 s for each thousand tools.
  explicit ToolSearch(std::shared_ptr<const catalog::ToolCatalog> catalog);

  // Of the toolset, which is of that catalog: best first.
  std::vector<const catalog::Tool*> find(const catalog::Toolset& toolset, std::string_view wanted,
                                         std::size_t at_most) const;
  const catalog::ToolCatalog& catalog() const { return *catalog_; }
  const Index& index() const { return index_; }

 private:
  std::shared_ptr<const catalog::ToolCatalog> catalog_;
  Index index_;
};

}  // namespace patchbay::search
