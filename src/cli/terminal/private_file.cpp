#include "cli/terminal/private_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace patchbay::cli {

Result<PrivateFile> PrivateFile::create(const std::string& path) {
  // O_EXCL: a key that is in use must never be overwritten, or what it sealed is lost.
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file >= 0) return PrivateFile(path, file);
  const int reason = errno;
  return fail(
      ErrorCode::conflict, fmt::format("Cannot create '{}': {}.", path, std::strerror(reason)),
      reason == EEXIST ? "A file with a secret is never overwritten; choose another name." : "");
}

PrivateFile::~PrivateFile() {
  if (file_ >= 0) ::close(file_);
}

Result<> PrivateFile::write(std::string_view text) {
  const bool written = ::write(file_, text.data(), text.size()) == std::ssize(text);
  if (written && ::fsync(file_) == 0) return {};
  return fail(ErrorCode::unavailable, fmt::format("Cannot write '{}'.", path_),
              "Make room on its disk, remove the file, and try again.");
}

void PrivateFile::remove() {
  ::unlink(path_.c_str());
}

}  // namespace patchbay::cli
