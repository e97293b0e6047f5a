// What a request changed, for those who follow changes: callbacks and the audit trail.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

struct RecordChange {
  enum class Action : std::uint8_t { added, updated, deleted };
  Action action = Action::added;
  const Table* table = nullptr;
  std::int64_t id = 0;
  std::optional<Record> before;  // not of what was added
  std::optional<Record> after;   // not of what was deleted
  bool skip_callback = false;    // the caller asked that nobody be told
};

using Changes = std::vector<RecordChange>;

}  // namespace patchbay::sandbox
