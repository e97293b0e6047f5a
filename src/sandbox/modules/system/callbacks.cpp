// Who is to be told of changes: /system/callbacks.
#include "sandbox/modules/system/callbacks.h"

#include "base/text.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

const Rules kCallbackRules = {
    .fill =
        [](const WriteContext& context, Record& callback) {
          fill_if_null(context.table, callback, "memberId", context.member);
        },
    .check =
        [](const WriteContext& context, const Record& callback, std::vector<InvalidField>& errors) {
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
            errors.push_back({"ObjectExists", "A matching callback entry already exists",
                              "callbackEntry", "objectId"});
            return;
          }
        },
};

constexpr FieldSpec kCallbackEntryFields[] = {
    text("description").at_most(100),
    text("url").is_required(),
    integer("objectId").is_required(),
    text("type").is_required(),
    text("level").is_required(),
    integer("memberId"),
    text("payloadVersion").or_else("3.0.0"),
    boolean("inactiveFlag").or_else(false),
    boolean("isSoapCallbackFlag").or_else(false),
    boolean("isSelfSuppressedFlag").or_else(false),
    text("connectWiseID"),
};

constexpr ResourceSpec kCallbackResources[] = {
    {
        .name = "callbacks",
        .path = "system/callbacks",
        .type = "CallbackEntry",
        .label = "Callback",
        .href = "callback",
        .fields = kCallbackEntryFields,
        .rules = &kCallbackRules,
    },
};

}  // namespace

std::span<const ResourceSpec> callback_resources() {
  return kCallbackResources;
}

}  // namespace patchbay::sandbox
