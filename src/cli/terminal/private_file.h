// A new file for a secret: for its owner only, over nothing that is there, through no link.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace patchbay::cli {

class PrivateFile {
 public:
  // Errors: conflict (there is one, or it cannot be made).
  static Result<PrivateFile> create(const std::string& path);
  ~PrivateFile();
  PrivateFile(PrivateFile&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}
  PrivateFile& operator=(PrivateFile&&) = delete;

  // Until it has survived. Errors: unavailable.
  Result<> write(std::string_view text);
  // For who has nothing to write after all.
  void remove();

 private:
  PrivateFile(std::string path, int file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  int file_;
};

}  // namespace patchbay::cli
