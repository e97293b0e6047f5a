// Members, locations, departments: /system.
#include "sandbox/database.h"
#include "sandbox/resources.h"

namespace patchbay::sandbox {
namespace {

Cell full_name(const Database& db, const Record& record) {
  const Table& members = db.table("members");
  return text_or(members.at(record, "firstName"), "") + " " +
         text_or(members.at(record, "lastName"), "");
}

std::vector<Field> member_fields() {
  const std::vector<std::string> places = {"Office", "Mobile", "Home"};
  return {
      text("identifier").is_required().at_most(15),
      text("password").is_input_only(),
      boolean("disableOnlineFlag").or_else(false),
      choice("licenseClass", {"A", "C", "F", "X"}).is_required().or_else("F"),
      text("notes"),
      text("employeeIdentifer"),
      text("vendorNumber"),
      boolean("enableMobileGpsFlag").or_else(false),
      date_time("inactiveDate"),
      boolean("inactiveFlag").or_else(false),
      text("lastLogin").is_read_only(),
      text("firstName").is_required().at_most(30),
      text("middleInitial"),
      text("lastName").is_required().at_most(30),
      text("name").is_hidden().read_by(full_name),
      text("title"),
      text("officeEmail"),
      text("mobileEmail"),
      text("homeEmail"),
      choice("defaultEmail", places).is_required().or_else("Office"),
      text("primaryEmail"),
      text("officePhone"),
      text("officeExtension"),
      text("mobilePhone"),
      text("mobileExtension"),
      text("homePhone"),
      text("homeExtension"),
      choice("defaultPhone", places).is_required().or_else("Office"),
      reference("securityRole", "securityRoles").is_required(),
      date_time("hireDate").is_required(),
      text("signature"),
      boolean("enableMobileFlag").or_else(true),
      reference("type", "memberTypes"),
      reference("timeZone", "timeZoneSetups"),
      boolean("adminFlag").or_else(false),
      reference("defaultLocation", "locations"),
      reference("defaultDepartment", "departments"),
      reference("reportsTo", "members"),
      reference("workRole", "workRoles"),
      reference("workType", "workTypes"),
      reference("timeApprover", "members"),
      reference("expenseApprover", "members"),
      decimal("billableForecast"),
      decimal("dailyCapacity"),
      decimal("hourlyCost"),
      decimal("hourlyRate"),
      boolean("includeInUtilizationReportingFlag").or_else(true),
      boolean("requireExpenseEntryFlag").or_else(false),
      boolean("requireTimeSheetEntryFlag").or_else(true),
      boolean("requireStartAndEndTimeOnTimeEntryFlag").or_else(true),
      boolean("enterTimeAgainstCompanyFlag").or_else(true),
      integer("daysTolerance"),
      decimal("minimumHours"),
      text("timeSheetStartDate"),
      reference("serviceDefaultLocation", "locations"),
      reference("serviceDefaultDepartment", "departments"),
      reference("serviceDefaultBoard", "boards"),
      reference("salesDefaultLocation", "locations"),
      integers("teams"),
      integers("serviceBoardTeamIds"),
      reference("scheduleDefaultLocation", "locations"),
      reference("scheduleDefaultDepartment", "departments"),
      decimal("scheduleCapacity"),
      reference("serviceLocation", "serviceLocations"),
      boolean("restrictScheduleFlag").or_else(false),
      boolean("hideMemberInDispatchPortalFlag").or_else(false),
      custom_field_values(),
  };
}

Resource members() {
  Resource made =
      resource("members", "system/members", "Member", "Member", "member", member_fields());
  made.reference_form = {{"id", "id"}, {"identifier", "identifier"}, {"name", "name"}};
  made.reference_info = {{"image_href", "system/members/{id}/image?lm={lastUpdated}", ""}};
  made.info = {{"image_href", "system/members/{id}/image?lm={lastUpdated}", ""}};
  made.methods.remove = false;  // members are deactivated, never deleted
  made.text_key = "identifier";
  return made;
}

}  // namespace

void add_system_resources(std::vector<Resource>& out) {
  out.push_back(resource("locations", "system/locations", "Location", "Location", "location",
                         {text("name").is_required().at_most(50)}));
  Resource departments =
      resource("departments", "system/departments", "Department", "Department", "department",
               {text("identifier").is_required().at_most(30), text("name").is_required()});
  departments.reference_form = {{"id", "id"}, {"identifier", "identifier"}, {"name", "name"}};
  out.push_back(std::move(departments));
  out.push_back(resource("timeZoneSetups", "system/timeZoneSetups", "TimeZoneSetup",
                         "Time zone setup", "timeZoneSetup",
                         {text("name").is_required(), boolean("defaultFlag").or_else(false)}));
  Resource roles = resource("securityRoles", "system/securityroles", "SecurityRole",
                            "Security role", "securityRole", {text("name").is_required()});
  roles.methods.patch = false;
  roles.methods.replace = false;
  out.push_back(std::move(roles));
  out.push_back(resource("memberTypes", "system/members/types", "MemberType", "Member type", "type",
                         {text("name").is_required(), boolean("inactiveFlag").or_else(false)}));
  out.push_back(members());
}

}  // namespace patchbay::sandbox
