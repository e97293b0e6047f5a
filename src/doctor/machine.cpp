// What the machine gives: the data folder, its disk, and the limits of the process.
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/database.h"
#include "doctor/checks.h"

namespace patchbay::doctor {
namespace {

constexpr std::uint64_t kMebibyte = 1024 * 1024;
constexpr std::uint64_t kLittleRoom = 512 * kMebibyte;
constexpr std::uint64_t kNoRoom = 16 * kMebibyte;

void check_permissions(const app::Config& config, const struct stat& status, Findings& findings) {
  if (::access(config.data_dir.c_str(), R_OK | W_OK | X_OK) != 0) {
    findings.push_back(
        {.check = "data folder",
         .verdict = Verdict::fault,
         .what = fmt::format("This user cannot write to '{}'.", config.data_dir),
         .mend = "Run this as the server's user; or `chown` the folder to that user."});
    return;
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    findings.push_back({.check = "data folder",
                        .verdict = Verdict::warning,
                        .what = fmt::format("Others than its owner can open '{}' (mode {:o}).",
                                            config.data_dir, status.st_mode & 07777U),
                        .mend = fmt::format("chmod 700 {}", config.data_dir)});
    return;
  }
  findings.push_back(
      {.check = "data folder", .what = fmt::format("'{}' is this user's alone.", config.data_dir)});
}

void check_room(const std::string& folder, Findings& findings) {
  struct statvfs disk{};
  if (::statvfs(folder.c_str(), &disk) != 0) return;
  const std::uint64_t free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  Finding finding{.check = "disk",
                  .what = fmt::format("{} MiB are free for the data folder.", free / kMebibyte)};
  if (free < kLittleRoom) {
    finding.verdict = free < kNoRoom ? Verdict::fault : Verdict::warning;
    finding.mend =
        "Make room: on a full disk nothing can be created, and writes are refused that cannot be "
        "recorded.";
  }
  findings.push_back(std::move(finding));
}

}  // namespace

void check_folder(const app::Config& config, Findings& findings) {
  struct stat status{};
  if (::stat(config.data_dir.c_str(), &status) != 0) {
    findings.push_back({.check = "data folder",
                        .verdict = Verdict::warning,
                        .what = fmt::format("'{}': {}.", config.data_dir, std::strerror(errno)),
                        .mend = "The first start makes it. If there was a start, name the folder "
                                "of the server with --data-dir."});
    return;
  }
  if (!S_ISDIR(status.st_mode)) {
    findings.push_back({.check = "data folder",
                        .verdict = Verdict::fault,
                        .what = fmt::format("'{}' is no folder.", config.data_dir),
                        .mend = "Name a folder with --data-dir."});
    return;
  }
  check_permissions(config, status, findings);
  check_room(config.data_dir, findings);
}

void check_limits(const app::Config& config, Findings& findings) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  // A start raises the soft limit to the hard one. Each connection is a file, and so is each to an
  // upstream; the rest is for the process itself.
  constexpr rlim_t kOthers = 1024;
  const rlim_t wanted = config.max_connections + kOthers;
  Finding open_files{.check = "open files",
                     .what = fmt::format("{} files may be open.", files.rlim_max)};
  if (files.rlim_max != RLIM_INFINITY && files.rlim_max < wanted) {
    open_files.verdict = Verdict::warning;
    open_files.what = fmt::format(
        "{} files may be open at a time here, and {} connections are let in for each "
        "event loop.",
        files.rlim_max, config.max_connections);
    open_files.mend = fmt::format(
        "Raise it to {} or more (`ulimit -Hn`, LimitNOFILE= of the unit), or set max-connections "
        "lower.",
        wanted);
  }
  findings.push_back(std::move(open_files));

  rlimit locked{};
  ::getrlimit(RLIMIT_MEMLOCK, &locked);
  constexpr rlim_t kKeys = 64 * 1024;  // keys lie in some pages between two guards each
  Finding memory{.check = "locked memory", .what = "Keys can be kept from swap."};
  if (locked.rlim_cur != RLIM_INFINITY && locked.rlim_cur < kKeys) {
    memory.verdict = Verdict::warning;
    memory.what =
        fmt::format("{} bytes of memory may be locked: keys may get to swap.", locked.rlim_cur);
    memory.mend = "Raise it to 65536 (`ulimit -l`, LimitMEMLOCK= of the unit).";
  }
  findings.push_back(std::move(memory));
}

}  // namespace patchbay::doctor
