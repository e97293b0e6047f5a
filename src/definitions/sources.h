// Where the files of definitions lie that nobody keeps in the store: in the folder of
// integrations, and in the binary. What was written by hand in the folder replaces what is built
// in, by name; what was imported into it lies under that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pack/loader.h"

namespace patchbay::definitions {

// Where the definition in force comes from.
enum class Origin : std::uint8_t { shipped, directory, uploaded, imported };
std::string_view to_string(Origin origin);

struct Files {
  Origin origin = Origin::shipped;
  std::vector<pack::PackFile> files;
  std::vector<pack::PackFile> imported;  // to lie under them; mostly empty
  bool is_import = false;                // of the folder: what it has was imported into it
};

class Sources {
 public:
  // `folder` empty: only what is built in.
  explicit Sources(std::string folder) : folder_(std::move(folder)) {}

  const std::string& folder() const { return folder_; }
  // Names of all that there is, sorted. Error not_found: the folder cannot be read.
  Result<std::vector<std::string>> names() const;
  // Nothing: there is none of that name. Errors: not_found, too_large.
  Result<std::optional<Files>> find(const std::string& name) const;

 private:
  const std::string folder_;
};

// 32 bytes that are others for other files.
std::string digest_of(const std::vector<pack::PackFile>& files);
// Of all that was found; of nothing: empty.
std::string digest_of(const std::optional<Files>& found);

}  // namespace patchbay::definitions
