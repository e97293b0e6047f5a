#include "sandbox/operations/api_call.h"

namespace patchbay::sandbox {

void ApiCall::note_change(RecordChange::Action action, const Table& table, std::int64_t id,
                          std::optional<Record> before, bool skip_callback) const {
  if (changes == nullptr) return;
  RecordChange change{action, &table, id, std::move(before), std::nullopt, skip_callback};
  if (const Record* now_there = table.find(id)) change.after = *now_there;
  changes->push_back(std::move(change));
}

}  // namespace patchbay::sandbox
