#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "vault/vault.h"

namespace patchbay::cli {

int new_key(const std::string& file) {
  const Secret key = vault::Vault::generate_key();
  const std::string line = std::string(key.reveal()) + "\n";
  if (file.empty()) {
    fmt::print("{}", line);
    return 0;
  }
  // O_EXCL: a key that is in use must never be overwritten, or what it sealed is lost.
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    const int reason = errno;
    return report(
        {ErrorCode::conflict, fmt::format("Cannot create '{}': {}.", file, std::strerror(reason)),
         reason == EEXIST ? "A key file is never overwritten; choose another name." : ""});
  }
  const bool written = ::write(descriptor, line.data(), line.size()) == std::ssize(line);
  const bool kept = ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!written || !kept) return report({ErrorCode::unavailable, "Cannot write the key file.", ""});
  fmt::print(
      "Wrote a new master key to {}. Keep a copy apart from the database: without it, no "
      "stored credential can be read again.\n",
      file);
  return 0;
}

}  // namespace patchbay::cli
