// Tools as clients with a tool search of their own rank them: BM25 as the textbook has it, over
// name, title and description. No stems, no synonyms, no words left out: what is not written there
// is not found.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/tool.h"

namespace patchbay::bench {

class PlainBm25 {
 public:
  explicit PlainBm25(std::shared_ptr<const catalog::ToolCatalog> catalog);

  // Best first; those that fit alike in the order of the listing.
  std::vector<const catalog::Tool*> find(std::string_view wanted, std::size_t at_most) const;

 private:
  struct Posting {
    std::size_t tool;
    double score;
  };
  std::shared_ptr<const catalog::ToolCatalog> catalog_;
  std::map<std::string, std::vector<Posting>, std::less<>> postings_;
};

}  // namespace patchbay::bench
