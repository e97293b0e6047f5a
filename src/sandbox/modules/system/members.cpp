// Members, locations, departments, calendars: /system, /schedule.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"

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

// Of what kind a place is: the company, a territory, an office.
Resource corporate_structure_levels() {
  Resource made = resource("corporateStructureLevels", "system/myCompany/corporateStructureLevels",
                           "CorporateStructureLevel", "Corporate structure level",
                           "corporateStructureLevel", {text("name")});
  made.methods = kReadOnly;
  return made;
}

Resource calendars() {
  std::vector<Field> fields = {text("name").is_required()};
  for (const char* day :
       {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}) {
    fields.push_back(text(std::string(day) + "StartTime"));
    fields.push_back(text(std::string(day) + "EndTime"));
  }
  return resource("calendars", "schedule/calendars", "Calendar", "Calendar", "calendar",
                  std::move(fields));
}

Resource locations() {
  return resource("locations", "system/locations", "Location", "Location", "location",
                  {integer("ownerLevelId"),
                   reference("structureLevel", "corporateStructureLevels").is_required(),
                   text("name").is_required().at_most(50),
                   reference("manager", "members"),
                   reference("reportsTo", "locations"),
                   text("salesRep"),
                   reference("timeZoneSetup", "timeZoneSetups"),
                   reference("calendar", "calendars"),
                   text("overrideAddressLine1"),
                   text("overrideAddressLine2"),
                   text("overrideCity"),
                   text("overrideState"),
                   text("overrideZip"),
                   reference("overrideCountry", "countries"),
                   text("overridePhoneNumber"),
                   text("overrideFaxNumber"),
                   text("owaUrl"),
                   text("payrollXref"),
                   boolean("locationFlag").or_else(true),
                   boolean("clientFlag").or_else(false),
                   integers("workRoleIds"),
                   integers("departmentIds")});
}

// Which departments a location has, seen from either side.
Resource departments_of_locations() {
  Resource made =
      resource("locationDepartments", "system/locations/{location}/departments",
               "LocationDepartment", "Department", "",
               {reference("location", "locations"), reference("department", "departments")});
  made.methods = kReadOnly;
  return made;
}

Resource locations_of_departments() {
  Resource made = resource(
      "departmentLocations", "system/departments/{department}/locations", "DepartmentLocation",
      "Location", "",
      {reference("location", "locations").is_required(), reference("department", "departments"),
       reference("departmentManager", "members"), reference("dispatch", "members"),
       reference("serviceManager", "members"), reference("dutyManager", "members")});
  return made;
}

}  // namespace

void add_system_resources(std::vector<Resource>& out) {
  out.push_back(corporate_structure_levels());
  out.push_back(calendars());
  out.push_back(locations());
  Resource departments =
      resource("departments", "system/departments", "Department", "Department", "department",
               {text("identifier").is_required().at_most(30), text("name").is_required()});
  departments.reference_form = {{"id", "id"}, {"identifier", "identifier"}, {"name", "name"}};
  out.push_back(std::move(departments));
  out.push_back(departments_of_locations());
  out.push_back(locations_of_departments());
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
