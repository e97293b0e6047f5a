// Parsed once: the trees of large definitions are kept in a folder of the server's own, and a start
// reads them instead of YAML. What is kept is of exactly the files that are there, or is not used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pack/loader.h"

namespace patchbay::definitions {

class KeptTrees {
 public:
  // `folder` is made when something is kept first, where the one above it is there. Empty: nothing
  // is kept.
  explicit KeptTrees(std::string folder) : folder_(std::move(folder)) {}

  // `layer`: which part of a definition it is ("acme.imported"), one file each. What cannot be kept
  // or read is parsed, as often as need be.
  std::vector<pack::ParsedFile> parse(std::string_view layer,
                                      const std::vector<pack::PackFile>& files) const;

 private:
  const std::string folder_;
};

}  // namespace patchbay::definitions
