#include "app/data_folder.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace patchbay::app {
namespace {

constexpr std::string_view kLockFile = "patchbay.lock";

// " (process 4711)", where the file tells.
std::string owner_of(int lock) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(lock, text.data(), text.size(), 0);
  if (size <= 0) return {};
  const auto pid = parse_int64(trim({text.data(), static_cast<std::size_t>(size)}));
  return pid ? fmt::format(" (process {})", *pid) : "";
}

std::unexpected<Error> cannot(std::string_view what, const std::string& path, int reason) {
  return fail(ErrorCode::unavailable,
              fmt::format("Cannot {} the data folder '{}': {}.", what, path, std::strerror(reason)),
              "Name a folder that the server's user can write to with --data-dir.");
}

}  // namespace

std::string revocation_notes_file(const std::string& data_dir) {
  return data_dir + "/revocations";
}

Result<DataFolder> DataFolder::open(const std::string& path) {
  // Sealed secrets and token hashes: nobody else's to read.
  ::umask(0077);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return cannot("make", path, error.value());
  const std::string file = path + "/" + std::string(kLockFile);
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (lock < 0) return cannot("write to", path, errno);
  DataFolder folder(path, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return cannot("lock", path, errno);
    return fail(ErrorCode::conflict,
                fmt::format("Another Patchbay{} uses the data folder '{}'.", owner_of(lock), path),
                "Stop it first, or name another folder with --data-dir. While it runs, tokens are "
                "made at its admin API (POST /api-token), and `patchbay store backup` and `store "
                "check` work beside it.");
  }
  // Only told to people, and so no failure where it cannot be written.
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock, 0) == 0) {
    static_cast<void>(::pwrite(lock, pid.data(), pid.size(), 0) == std::ssize(pid));
  }
  return folder;
}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace patchbay::app
