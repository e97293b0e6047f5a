// Activities: /sales/activities.
#include "sandbox/modules/sales/activities.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

void fill_activity(const WriteContext& context, Record& activity) {
  const Table& table = context.table;
  fill_if_null(table, activity, "assignedBy", RecordReference{context.member});
  if (is_null(table.at(activity, "company"))) {
    const Table& contacts = context.db.table("contacts");
    if (const Record* contact = contacts.find(id_in(table, activity, "contact"))) {
      table.at(activity, "company") = contacts.at(*contact, "company");
    }
  }
  table.at(activity, "dateEndUtc") = table.at(activity, "dateEnd");
  const Table& statuses = context.db.table("activityStatuses");
  const Record* status = statuses.find(id_in(table, activity, "status"));
  const bool closed = bool_or(table.at(activity, "closeFlag"), false) ||
                      (status != nullptr && bool_or(statuses.at(*status, "closedFlag"), false));
  if (!closed) {
    table.at(activity, "dateClosedUtc") = Cell();
  } else {
    fill_if_null(table, activity, "dateClosedUtc", context.now);
  }
}

constexpr FieldSpec kActivityTypeFields[] = {
    text("name").at_most(50).is_required(), integer("points"),
    boolean("defaultFlag").or_else(false),  boolean("inactiveFlag").or_else(false),
    boolean("emailFlag").or_else(false),    boolean("memoFlag").or_else(false),
    boolean("historyFlag").or_else(false),  text("connectWiseId"),
};

constexpr FieldSpec kActivityStatusFields[] = {
    text("name").at_most(30).is_required(), boolean("defaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false), boolean("spawnFollowupFlag").or_else(false),
    boolean("closedFlag").or_else(false),
};

constexpr FieldSpec kActivityFields[] = {
    reference("company", "companies"),
    text("name").at_most(100).is_required(),
    reference("type", "activityTypes").or_else_default(),
    reference("contact", "contacts"),
    text("phoneNumber").at_most(30),
    text("phoneExtension").at_most(30),
    text("email").at_most(250),
    reference("status", "activityStatuses").or_else_default(),
    reference("opportunity", "opportunities"),
    reference("ticket", "tickets"),
    reference("agreement", "agreements"),
    reference("campaign", "campaigns"),
    text("notes"),
    date_time("dateStart"),
    date_time("dateEnd"),
    date_time("dateEndUtc").is_read_only(),
    date_time("dateClosedUtc").is_read_only(),
    reference("assignedBy", "members"),
    reference("assignTo", "members").is_required(),
    reference("scheduleStatus", "scheduleStatuses").or_else_default(),
    reference("where", "serviceLocations"),
    boolean("notifyFlag").or_else(false),
    boolean("closeFlag").or_else(false),
    text("mobileGuid").is_read_only(),
    reference("currency", "currencies"),
};

constexpr Rules kActivityRules = {
    .fill = fill_activity,
};

constexpr ResourceSpec kActivityResources[] = {
    {
        .name = "activityTypes",
        .path = "sales/activities/types",
        .type = "ActivityType",
        .label = "Activity Type",
        .href = "type",
        .fields = kActivityTypeFields,
    },
    {
        .name = "activityStatuses",
        .path = "sales/activities/statuses",
        .type = "ActivityStatus",
        .label = "Activity Status",
        .href = "status",
        .fields = kActivityStatusFields,
    },
    {
        .name = "activities",
        .path = "sales/activities",
        .type = "Activity",
        .label = "Activity",
        .href = "activity",
        .fields = kActivityFields,
        .rules = &kActivityRules,
    },
};

}  // namespace

std::span<const ResourceSpec> activity_resources() {
  return kActivityResources;
}

}  // namespace patchbay::sandbox
