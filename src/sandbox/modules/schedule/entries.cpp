// The dispatch board: /schedule. Rules: rules_*.cpp.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource schedule_statuses() {
  Resource made = resource(
      "scheduleStatuses", "schedule/statuses", "ScheduleStatus", "Schedule Status", "status",
      {text("name").at_most(30).is_required(), boolean("defaultFlag").or_else(false),
       boolean("showAsTentativeFlag").or_else(false)});
  return made;
}

Resource schedule_types() {
  Resource made =
      resource("scheduleTypes", "schedule/types", "ScheduleType", "Schedule Type", "type",
               {text("name").at_most(50).is_required(), text("identifier").at_most(1).is_required(),
                reference("chargeCode", "chargeCodes"), reference("where", "serviceLocations"),
                boolean("systemFlag").or_else(false).is_read_only()});
  made.reference_form = {{"id", "id"}, {"identifier", "identifier"}, {"name", "name"}};
  return made;
}

Resource schedule_entries() {
  Resource made =
      resource("scheduleEntries", "schedule/entries", "ScheduleEntry", "Schedule Entry", "schedule",
               {integer("objectId"),
                text("name").at_most(250),
                reference("member", "members"),
                reference("where", "serviceLocations"),
                date_time("dateStart"),
                date_time("dateEnd"),
                reference("status", "scheduleStatuses").or_else_from([](const Database& db) {
                  return first_flagged(db, "scheduleStatuses", "defaultFlag");
                }),
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
                boolean("endTimeSet").or_else(false)});
  made.rules = schedule_entry_rules();
  return made;
}

}  // namespace

void add_schedule_resources(std::vector<Resource>& out) {
  out.push_back(schedule_statuses());
  out.push_back(schedule_types());
  out.push_back(schedule_entries());
}

}  // namespace patchbay::sandbox
