#include "sandbox/operations/call.h"

namespace patchbay::sandbox {

void Call::note_change(Change::Action action, const Table& table, std::int64_t id,
                       std::optional<Record> before, bool skip_callback) const {
  if (changes == nullptr) return;
  Change change{action, &table, id, std::move(before), std::nullopt, skip_callback};
  if (const Record* now_there = table.find(id)) change.after = *now_there;
  changes->push_back(std::move(change));
}

}  // namespace patchbay::sandbox
