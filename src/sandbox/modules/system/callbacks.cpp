#include "base/text.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {

Rules callback_rules() {
  Rules rules;
  rules.fill = [](const WriteContext& context, Record& callback) {
    fill_if_null(context.table, callback, "memberId", context.member);
  };
  rules.check = [](const WriteContext& context, const Record& callback,
                   std::vector<FieldError>& errors) {
    const Table& table = context.table;
    for (const auto& [id, other] : table.records()) {
      if (id == callback.id) continue;
      bool same =
          int_or(table.at(other, "objectId"), 0) == int_or(table.at(callback, "objectId"), 0);
      for (const std::string_view field : {"url", "type", "level"}) {
        same = same && equal_ignoring_case(text_or(table.at(other, field), ""),
                                           text_or(table.at(callback, field), ""));
      }
      if (!same) continue;
      errors.push_back({"ObjectExists", "A matching callback entry already exists", "callbackEntry",
                        "objectId"});
      return;
    }
  };
  return rules;
}

}  // namespace patchbay::sandbox
