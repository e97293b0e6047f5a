#include "app/first_token.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/audit_journal.h"
#include "audit/change.h"
#include "base/random.h"
#include "base/secret.h"

namespace patchbay::app {
namespace {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

// A file of the server's own user that nobody else can read, with just this in it.
bool holds(const std::string& path, std::string_view line) {
  const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_uid != ::geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return false;
  }
  std::array<char, 256> text{};
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  return size == std::ssize(line) &&
         equal_in_constant_time({text.data(), static_cast<std::size_t>(size)}, line);
}

std::unexpected<Error> cannot_write(const std::string& path, int reason) {
  return fail(
      ErrorCode::unavailable,
      fmt::format("Cannot write the first API token to '{}': {}.", path, std::strerror(reason)),
      "Make room in the data folder, and start again: the token is given then.");
}

// Survives a power cut as a name only when the folder does.
void keep_name(const std::string& path) {
  const File folder(
      ::open(path.substr(0, path.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.is_open()) static_cast<void>(::fsync(folder.get()));
}

}  // namespace

Result<std::optional<vault::Token>> make_first_token(control::ControlPlane& control,
                                                     store::Repository& repository,
                                                     audit::Journal& journal,
                                                     const control::ControlPlane::KeepToken& keep) {
  using Made = std::optional<vault::Token>;
  const auto make = [&] { return control.bootstrap(keep); };
  const auto before = repository.api_tokens("", {.limit = 1});
  if (!before) return std::unexpected(before.error());
  if (!before->empty()) return make();
  return audit::make_recorded<Made>(journal, token_made_by("patchbay serve"), false, make,
                                    [&](const Made&) -> std::string {
                                      const auto tokens = repository.api_tokens("", {.limit = 1});
                                      return tokens && !tokens->empty() ? tokens->front().id : "";
                                    });
}

std::string first_token_file(const DataFolder& folder) {
  return folder.file("first-api-token");
}

Result<> write_first_token(const DataFolder& folder, const vault::Token& token) {
  const std::string path = first_token_file(folder);
  const std::string line = std::string(token.reveal()) + "\n";
  if (holds(path, line)) return {};
  const std::string draft = path + "." + random_id("new");
  {
    const File file(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.is_open()) return cannot_write(path, errno);
    if (::write(file.get(), line.data(), line.size()) != std::ssize(line) ||
        ::fsync(file.get()) != 0) {
      const int reason = errno;
      ::unlink(draft.c_str());
      return cannot_write(path, reason);
    }
  }
  // A rename would put it over whatever is there; a link does not.
  const int linked = ::link(draft.c_str(), path.c_str());
  const int reason = errno;
  ::unlink(draft.c_str());
  if (linked != 0 && reason == EEXIST) {
    return fail(ErrorCode::conflict,
                fmt::format("'{}' is there, and is no private file with this instance's first API "
                            "token.",
                            path),
                "Move it away and start again: the token is given then.");
  }
  if (linked != 0) return cannot_write(path, reason);
  keep_name(path);
  return {};
}

}  // namespace patchbay::app
