// The folder that a server keeps its data in: made if it is not there, and one process's at a time.
//
// What is revoked through one process another on the same folder would go on serving, since both
// keep what they know in memory. So whoever opens the folder holds an flock on a file in it, which
// goes with the process however that ends; the file tells others whose it is.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace patchbay::app {

// The file of revocations that the database could not take (store/revocation_notes.h).
std::string revocation_notes_file(const std::string& data_dir);

class DataFolder {
 public:
  // Errors: unavailable (it cannot be made or written), conflict (another process has it).
  static Result<DataFolder> open(const std::string& path);
  ~DataFolder();
  DataFolder(DataFolder&& other) noexcept
      : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}
  DataFolder& operator=(DataFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    return *this;
  }

  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  DataFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::string path_;
  int lock_;
};

}  // namespace patchbay::app
