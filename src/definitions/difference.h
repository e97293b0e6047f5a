// What another definition of an integration changes for whoever uses its tools.
#pragma once

#include <string>
#include <vector>

#include "catalog/tool.h"

namespace patchbay::definitions {

// A tool that there is before and after.
struct ToolChange {
  std::string tool;
  // A call that was right before may be refused now, or do what its caller was told it does not.
  bool is_breaking = false;
  std::vector<std::string> what;  // a sentence each, what breaks first; at most kMostWords
};
inline constexpr std::size_t kMostWords = 12;

// Each in the order of the listing.
struct Difference {
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::vector<ToolChange> changed;

  bool any() const { return !added.empty() || !removed.empty() || !changed.empty(); }
  bool is_breaking() const;
};

// `before` null: all is added.
Difference difference(const catalog::ToolCatalog* before, const catalog::ToolCatalog& after);

}  // namespace patchbay::definitions
