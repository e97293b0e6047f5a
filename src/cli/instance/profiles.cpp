#include "cli/instance/profiles.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json/parse.h"
#include "json/value.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

// A file descriptor that closes itself.
class Open {
 public:
  explicit Open(int file) : file_(file) {}
  ~Open() {
    if (file_ >= 0) ::close(file_);
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  int get() const { return file_; }
  bool failed() const { return file_ < 0; }

 private:
  int file_;
};

std::unexpected<Error> cannot(std::string_view what, const std::string& file, int reason) {
  return fail(ErrorCode::unavailable,
              fmt::format("Cannot {} '{}': {}.", what, file, std::strerror(reason)));
}

// Whatever stands there was put there by this user, and nobody else reads or writes it.
Result<> check_private(int file, const std::string& path) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return cannot("read", path, errno);
  if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) {
    return fail(ErrorCode::permission_denied,
                fmt::format("'{}' is no file of yours, and API tokens stand in it.", path),
                "Remove it and add the profiles again.");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::permission_denied,
                fmt::format("Others than you can open '{}', and API tokens stand in it.", path),
                "If nobody has: `chmod 600` it. Else revoke these tokens too.");
  }
  return {};
}

Result<Secret> read_private(const std::string& path) {
  const Open file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (file.failed() && errno == ENOENT) return Secret();
  if (file.failed()) return cannot("read", path, errno);
  if (auto is_private = check_private(file.get(), path); !is_private) {
    return std::unexpected(is_private.error());
  }
  std::string text;
  std::array<char, 4096> piece{};
  ssize_t count = 0;
  while ((count = ::read(file.get(), piece.data(), piece.size())) > 0) {
    text.append(piece.data(), static_cast<std::size_t>(count));
    if (text.size() > kMostBytes) break;
  }
  if (count < 0) return cannot("read", path, errno);
  return Secret(std::move(text));
}

std::unexpected<Error> is_none(const std::string& path) {
  return fail(ErrorCode::invalid_argument, fmt::format("'{}' holds no profiles.", path),
              "Remove it and add the profiles again.");
}

Result<Profiles> parse(std::string_view text, const std::string& path) {
  Profiles profiles;
  if (text.empty()) return profiles;
  const auto value = json::parse(text);
  const json::Value* const all = value ? value->find("profiles") : nullptr;
  if (all == nullptr || !all->is_object()) return is_none(path);
  profiles.current = value->string_or("current", "");
  for (const auto& [name, each] : *all->if_object()) {
    Profile profile{.url = std::string(each.string_or("url", "")),
                    .token = Secret(std::string(each.string_or("token", ""))),
                    .plain_http = each.bool_or("plain_http", false),
                    .ca_file = std::string(each.string_or("ca_file", ""))};
    if (profile.url.empty() || profile.token.empty()) return is_none(path);
    profiles.by_name.emplace(name, std::move(profile));
  }
  if (!profiles.by_name.contains(profiles.current)) profiles.current.clear();
  return profiles;
}

std::string written(const Profiles& profiles) {
  json::Object all;
  for (const auto& [name, profile] : profiles.by_name) {
    json::Object each{{"url", profile.url}, {"token", profile.token.reveal()}};
    if (profile.plain_http) each["plain_http"] = true;
    if (!profile.ca_file.empty()) each["ca_file"] = profile.ca_file;
    all.append(name, std::move(each));
  }
  return json::to_pretty_string(
             json::Object{{"current", profiles.current}, {"profiles", std::move(all)}}) +
         "\n";
}

Result<> write_private(const std::string& path, std::string_view text) {
  const std::string fresh = fmt::format("{}.{}", path, ::getpid());
  ::unlink(fresh.c_str());  // of a process that was killed and had the same number
  const Open file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.failed()) return cannot("write", fresh, errno);
  if (::write(file.get(), text.data(), text.size()) != std::ssize(text) ||
      ::fsync(file.get()) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(fresh.c_str());
    return cannot("write", path, reason);
  }
  return {};
}

}  // namespace

Result<std::string> profiles_file() {
  if (const char* const folder = std::getenv("XDG_CONFIG_HOME");
      folder != nullptr && folder[0] == '/') {
    return std::string(folder) + "/patchbay/profiles.json";
  }
  const char* const home = std::getenv("HOME");
  if (home == nullptr || home[0] != '/') {
    return fail(ErrorCode::invalid_argument, "There is no home folder to keep profiles in.",
                "Set HOME or XDG_CONFIG_HOME, or give PATCHBAY_URL and PATCHBAY_API_TOKEN.");
  }
  return std::string(home) + "/.config/patchbay/profiles.json";
}

Result<Profiles> read_profiles() {
  const auto path = profiles_file();
  if (!path) return std::unexpected(path.error());
  const auto text = read_private(*path);
  if (!text) return std::unexpected(text.error());
  return parse(text->reveal(), *path);
}

Result<> change_profiles(const std::function<Result<>(Profiles&)>& change) {
  const auto path = profiles_file();
  if (!path) return std::unexpected(path.error());
  const std::string folder = std::filesystem::path(*path).parent_path();
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make", folder, errno);
  const Open lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.failed() || ::flock(lock.get(), LOCK_EX) != 0) return cannot("open", folder, errno);
  auto profiles = read_profiles();
  if (!profiles) return std::unexpected(profiles.error());
  if (auto changed = change(*profiles); !changed) return changed;
  if (auto wrote = write_private(*path, written(*profiles)); !wrote) return wrote;
  ::fsync(lock.get());
  return {};
}

}  // namespace patchbay::cli
