// The dispatch board: /schedule/entries. Calendars beside it.
#include "sandbox/modules/schedule/entries.h"

#include "sandbox/modules/schedule/entries_rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kScheduleStatusFields[] = {
    text("name").at_most(30).is_required(),
    boolean("defaultFlag").or_else(false),
    boolean("showAsTentativeFlag").or_else(false),
};

constexpr FieldSpec kScheduleTypeFields[] = {
    text("name").at_most(50).is_required(),
    text("identifier").at_most(1).is_required(),
    reference("chargeCode", "chargeCodes"),
    reference("where", "serviceLocations"),
    boolean("systemFlag").or_else(false).is_read_only(),
};

constexpr FieldSpec kScheduleEntryFields[] = {
    integer("objectId"),
    text("name").at_most(250),
    reference("member", "members"),
    reference("where", "serviceLocations"),
    date_time("dateStart"),
    date_time("dateEnd"),
    reference("status", "scheduleStatuses").or_else_default(),
    reference("type", "scheduleTypes").is_required(),
    boolean("doneFlag").or_else(false),
    boolean("acknowledgedFlag").or_else(false),
    boolean("ownerFlag").or_else(false),
    boolean("meetingFlag").or_else(false),
    text("ticketType").is_read_only(),
    boolean("allowScheduleConflictsFlag").is_input_only(),
    boolean("addMemberToProjectFlag").is_input_only(),
    integer("projectRoleId"),
    text("mobileGuid").is_read_only(),
    date_time("acknowledgedDate"),
    date_time("closeDate"),
    boolean("notifyResource").or_else(false),
    boolean("notificationSent").or_else(false).is_read_only(),
    text("notificationResponse").is_read_only(),
    decimal("hours"),
    boolean("startTimeSet").or_else(false),
    boolean("endTimeSet").or_else(false),
};

constexpr FieldSpec kCalendarFields[] = {
    text("name").is_required(), text("mondayStartTime"),
    text("mondayEndTime"),      text("tuesdayStartTime"),
    text("tuesdayEndTime"),     text("wednesdayStartTime"),
    text("wednesdayEndTime"),   text("thursdayStartTime"),
    text("thursdayEndTime"),    text("fridayStartTime"),
    text("fridayEndTime"),      text("saturdayStartTime"),
    text("saturdayEndTime"),    text("sundayStartTime"),
    text("sundayEndTime"),      reference("holidayList", "holidayLists"),
};

constexpr ResourceSpec kScheduleEntryResources[] = {
    {
        .name = "scheduleStatuses",
        .path = "schedule/statuses",
        .type = "ScheduleStatus",
        .label = "Schedule Status",
        .href = "status",
        .fields = kScheduleStatusFields,
    },
    {
        .name = "scheduleTypes",
        .path = "schedule/types",
        .type = "ScheduleType",
        .label = "Schedule Type",
        .href = "type",
        .fields = kScheduleTypeFields,
        .reference_form = kIdIdentifierAndName,
    },
    {
        .name = "scheduleEntries",
        .path = "schedule/entries",
        .type = "ScheduleEntry",
        .label = "Schedule Entry",
        .href = "schedule",
        .fields = kScheduleEntryFields,
        .rules = &kScheduleEntryRules,
    },
    {
        .name = "calendars",
        .path = "schedule/calendars",
        .type = "Calendar",
        .label = "Calendar",
        .href = "calendar",
        .fields = kCalendarFields,
    },
};

}  // namespace

std::span<const ResourceSpec> schedule_entry_resources() {
  return kScheduleEntryResources;
}

}  // namespace patchbay::sandbox
