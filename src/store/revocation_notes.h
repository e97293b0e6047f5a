// Revocations that the database could not take, in a file that needs no room: it is as large as it
// gets from the start, so that a full disk can still be written to there, and a start after a crash
// knows what not to serve.
//
// Layout: lines "<kind> <id>\n", then zero bytes up to 64 KiB (about 1,800 lines). Rejected: a
// table (needs room), a file made when the need arises (the same).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace patchbay::store {

// Something that was taken away.
struct Revocation {
  enum class Kind : std::uint8_t {
    environment,
    api_token,
    account,
    mcp_server,
    mcp_url,  // of the server with the id
    expired,  // all that expired until then; the id is the time, in milliseconds since 1970
  };
  Kind kind;
  std::string id;
  bool operator==(const Revocation&) const = default;
};

// What stands in the file of another process, or of none that runs; nothing where there is no file,
// and none is made. Errors: unavailable.
Result<std::vector<Revocation>> read_revocation_notes(const std::string& path);
// "mcp_server mcp_1", as it stands there.
std::string to_string(const Revocation& revocation);

// Not thread-safe. All calls block on the disk.
class RevocationNotes {
 public:
  // Makes the file where there is none. Errors: unavailable.
  static Result<std::shared_ptr<RevocationNotes>> open(const std::string& path);
  ~RevocationNotes();
  RevocationNotes(const RevocationNotes&) = delete;
  RevocationNotes& operator=(const RevocationNotes&) = delete;

  // What stands in it.
  Result<std::vector<Revocation>> read() const;
  // Puts these in place of what stands in it. Errors: unavailable, too_large.
  Result<> write(const std::vector<Revocation>& revocations);

 private:
  explicit RevocationNotes(int file) : file_(file) {}
  const int file_;
};

}  // namespace patchbay::store
