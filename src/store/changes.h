// What changed, for nodes that keep in memory what another node may change.
//
// Every environment, API token, account, MCP server or definition that is inserted, updated or
// deleted takes the next revision, within the transaction that changes it. Revisions count by one
// and become visible in their order (database.h says how): who has seen revision n and reads those
// after it misses nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace patchbay::store {

// As they stand in the database.
enum class Kind : std::uint8_t {
  environment = 1,
  api_token = 2,
  account = 3,
  mcp_server = 4,
  definition = 5,  // a version more of one that was uploaded or imported
};

struct Change {
  std::int64_t revision = 0;
  Kind kind = Kind::environment;
  // Also of a rotation: who keeps the row by its hash finds it by its id. What is deleted takes
  // along what it owns, which has no entries of its own. Of a definition: the integration's name.
  std::string id;
  bool deleted = false;
};

// The next changes, oldest first. Empty: there are none yet.
struct Changes {
  std::vector<Change> changes;
};
// What came after that revision is not known any more (or it never was: the database was put back
// to an earlier state). Whatever is kept is to be forgotten, and this revision to be gone on from.
struct Forgotten {
  std::int64_t revision = 0;
};
using ChangesSince = std::variant<Changes, Forgotten>;

// How many changes a database keeps at least: a node that was away for fewer catches up, one that
// was away for more begins anew. At 60 bytes each it is 6 MB.
inline constexpr std::int64_t kKeptChanges = 100'000;

// Tells that somebody else may have changed something. For one thread; blocks on the network.
class ChangeFeed {
 public:
  enum class Heard : std::uint8_t {
    something,  // ask for the changes since the last revision; always first, and after an
                // interruption
    nothing,    // and the database has just said so
    lost,       // no connection: what is kept may be out of date
  };
  virtual ~ChangeFeed() = default;
  // Waits for at most this long, and a second longer where the database does not answer. Connects
  // (again) by itself, which takes as long as the options of the database allow.
  virtual Heard wait(std::chrono::milliseconds at_most) = 0;
};

}  // namespace patchbay::store
