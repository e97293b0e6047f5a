// Revisions within a change: taking them, and writing down what took them (changes.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/changes.h"
#include "store/database.h"

namespace patchbay::store {

// Takes so many revisions (0: none, but the lock that comes with them, see database.h) and returns
// the one before them.
Result<std::int64_t> take_revisions(Session& session, std::size_t count);

// Writes down what took the revisions after `before`.
Result<> note_changes(Session& session, std::int64_t before, Kind kind, bool deleted,
                      const std::vector<std::string>& ids);

// The changes after that revision, at most so many.
Result<ChangesSince> read_changes(Database& database, std::int64_t since, std::size_t limit);

// As a statement takes a list.
std::string as_json(const std::vector<std::string>& ids);

}  // namespace patchbay::store
