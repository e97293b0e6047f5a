// Made once: the trees of large definitions, layers laid over each other, are kept in a folder of
// the server's own, and a start reads them instead of YAML.
//
// Kept is only what tools were made of, by this very program: what it was checked for need not be
// checked again (pack::Trees::sound). What is kept is of exactly the files that are there, or is
// not used. Nobody vouches for the file beyond that: it is data of the server's, whose reader no
// bytes harm, and what makes no tools after all is made anew from the files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pack/loader.h"

namespace patchbay::definitions {

class KeptTrees {
 public:
  // `folder` is made when something is kept first, where the one above it is there. Empty: nothing
  // is kept. `program`: program_id(); of another nothing is read, and of none nothing is kept.
  KeptTrees(std::string folder, std::string program)
      : folder_(std::move(folder)), program_(std::move(program)) {}

  // Below, parsing takes as long as looking. Bytes of text.
  static constexpr std::size_t kLeastText = std::size_t{1} << 20;

  // Whether it is kept at all, of so much text.
  bool keeps(std::size_t bytes) const {
    return !folder_.empty() && !program_.empty() && bytes >= kLeastText;
  }
  // `files`: a digest of all the files that they were made of. Nothing: they are not there.
  std::optional<std::vector<pack::KeptFile>> find(const std::string& name,
                                                  const std::string& files) const;
  // `compiled`: the trees (compiled.h). What cannot be written is made anew, as often as need be.
  void keep(const std::string& name, const std::string& files, const std::string& compiled) const;

 private:
  std::string mark_of(const std::string& files) const;

  const std::string folder_;
  const std::string program_;
};

}  // namespace patchbay::definitions
