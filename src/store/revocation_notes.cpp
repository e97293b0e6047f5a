#include "store/revocation_notes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace patchbay::store {
namespace {

constexpr std::size_t kSize = 64 * 1024;

using RevocationKind = Revocation::Kind;
constexpr std::array<std::pair<RevocationKind, std::string_view>, 6> kKinds{{
    {RevocationKind::environment, "environment"},
    {RevocationKind::api_token, "api_token"},
    {RevocationKind::account, "account"},
    {RevocationKind::mcp_server, "mcp_server"},
    {RevocationKind::mcp_url, "mcp_url"},
    {RevocationKind::expired, "expired"},
}};

std::unexpected<Error> unavailable(int reason) {
  return fail(ErrorCode::unavailable,
              std::string("The file of revocations failed: ") + std::strerror(reason) + ".",
              "Check the data folder, its disk and the file's permissions.");
}

std::unexpected<Error> damaged_notes() {
  return fail(ErrorCode::unavailable, "The file of revocations is damaged.",
              "Restore it, or remove it to start without it: what it noted may be served again.");
}

Result<> put(int file, std::string text) {
  text.resize(kSize, '\0');
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t count =
        ::pwrite(file, text.data() + at, text.size() - at, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return unavailable(errno);
    at += static_cast<std::size_t>(count);
  }
  if (::fdatasync(file) != 0) return unavailable(errno);
  return {};
}

Result<std::vector<Revocation>> read_from(int file) {
  std::string text(kSize, '\0');
  const ssize_t count = ::pread(file, text.data(), text.size(), 0);
  if (count < 0) return unavailable(errno);
  text.resize(std::min(text.find('\0'), static_cast<std::size_t>(count)));
  if (!text.empty() && !text.ends_with('\n')) return damaged_notes();
  std::vector<Revocation> all;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    const auto blank = line.find(' ');
    const auto* const kind = std::ranges::find(
        kKinds, line.substr(0, blank), &std::pair<RevocationKind, std::string_view>::second);
    if (blank == std::string_view::npos || kind == kKinds.end()) return damaged_notes();
    all.push_back({kind->first, std::string(line.substr(blank + 1))});
  }
  return all;
}

}  // namespace

Result<std::vector<Revocation>> read_revocation_notes(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::vector<Revocation>();
  if (file < 0) return unavailable(errno);
  auto noted = read_from(file);
  ::close(file);
  return noted;
}

std::string to_string(const Revocation& revocation) {
  return std::string(kKinds[static_cast<std::size_t>(revocation.kind)].second) + " " +
         revocation.id;
}

Result<std::shared_ptr<RevocationNotes>> RevocationNotes::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return unavailable(errno);
  std::shared_ptr<RevocationNotes> notes(new RevocationNotes(file));
  struct stat status{};
  if (::fstat(file, &status) != 0) return unavailable(errno);
  // Zeroes are written and not only reserved: what is reserved may still want room later.
  if (status.st_size == 0) {
    if (auto made = put(file, {}); !made) {
      static_cast<void>(::ftruncate(file, 0));
      return std::unexpected(made.error());
    }
  }
  return notes;
}

RevocationNotes::~RevocationNotes() {
  ::close(file_);
}

Result<std::vector<Revocation>> RevocationNotes::read() const {
  return read_from(file_);
}

Result<> RevocationNotes::write(const std::vector<Revocation>& revocations) {
  std::string text;
  for (const Revocation& revocation : revocations) {
    text += to_string(revocation) + '\n';
  }
  if (text.size() >= kSize) {
    return fail(ErrorCode::too_large, "There are too many unwritten revocations to note them all.");
  }
  return put(file_, std::move(text));
}

}  // namespace patchbay::store
