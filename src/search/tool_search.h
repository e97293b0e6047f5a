// Search over the tools of an integration.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "catalog/tool.h"
#include "search/index.h"

namespace patchbay::search {

// Immutable.
class ToolSearch {
 public:
  using Fits = std::function<bool(const catalog::Tool& tool)>;

  // `catalog` outlives it. Takes some 0.2 s for each thousand tools.
  explicit ToolSearch(const catalog::ToolCatalog& catalog);

  // Of the toolset, which is of that catalog, those that fit (empty: all): best first.
  std::vector<const catalog::Tool*> find(const catalog::Toolset& toolset, std::string_view wanted,
                                         std::size_t at_most, const Fits& fits = {}) const;
  const Index& index() const { return index_; }

 private:
  const catalog::ToolCatalog& catalog_;
  Index index_;
};

}  // namespace patchbay::search
