// Members and what is theirs to choose: /system/members.
#include "sandbox/modules/system/members.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

Cell full_name(const Database& db, const Record& record) {
  const Table& members = db.table("members");
  return text_or(members.at(record, "firstName"), "") + " " +
         text_or(members.at(record, "lastName"), "");
}

constexpr std::string_view kPlaces = "Office, Mobile, Home";

constexpr FieldSpec kTimeZoneSetupFields[] = {
    text("name").is_required(),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kSecurityRoleFields[] = {
    text("name").is_required(),
};

constexpr FieldSpec kMemberTypeFields[] = {
    text("name").is_required(),
    boolean("inactiveFlag").or_else(false),
};

constexpr FieldSpec kMemberFields[] = {
    text("identifier").is_required().at_most(15),
    text("password").is_input_only(),
    boolean("disableOnlineFlag").or_else(false),
    choice("licenseClass", "A, C, F, X").is_required().or_else("F"),
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
    choice("defaultEmail", kPlaces).is_required().or_else("Office"),
    text("primaryEmail"),
    text("officePhone"),
    text("officeExtension"),
    text("mobilePhone"),
    text("mobileExtension"),
    text("homePhone"),
    text("homeExtension"),
    choice("defaultPhone", kPlaces).is_required().or_else("Office"),
    reference("securityRole", "securityRoles").is_required(),
    date_time("hireDate").is_required(),
    text("signature"),
    boolean("enableMobileFlag").or_else(true),
    reference("type", "memberTypes"),
    reference("timeZone", "timeZoneSetups"),
    boolean("adminFlag").or_else(false),
    reference("defaultLocation", "locations"),
    reference("calendar", "calendars"),
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

constexpr InfoMember kMemberReferenceInfo[] = {
    {"image_href", "system/members/{id}/image?lm={lastUpdated}"}};

constexpr InfoMember kMemberInfo[] = {{"image_href", "system/members/{id}/image?lm={lastUpdated}"}};

constexpr ResourceSpec kMemberResources[] = {
    {
        .name = "timeZoneSetups",
        .path = "system/timeZoneSetups",
        .type = "TimeZoneSetup",
        .label = "Time zone setup",
        .href = "timeZoneSetup",
        .fields = kTimeZoneSetupFields,
    },
    {
        .name = "securityRoles",
        .path = "system/securityroles",
        .type = "SecurityRole",
        .label = "Security role",
        .href = "securityRole",
        .fields = kSecurityRoleFields,
        .methods = {.patch = false, .replace = false},
    },
    {
        .name = "memberTypes",
        .path = "system/members/types",
        .type = "MemberType",
        .label = "Member type",
        .href = "type",
        .fields = kMemberTypeFields,
    },
    {
        .name = "members",
        .path = "system/members",
        .type = "Member",
        .label = "Member",
        .href = "member",
        .fields = kMemberFields,
        .reference_form = kIdIdentifierAndName,
        .reference_info = kMemberReferenceInfo,
        .info = kMemberInfo,
        .methods = {.remove = false},  // members are deactivated, never deleted
        .text_key = "identifier",
    },
};

}  // namespace

std::span<const ResourceSpec> member_resources() {
  return kMemberResources;
}

}  // namespace patchbay::sandbox
