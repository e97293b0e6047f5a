// Locations and departments: /system/locations, /system/departments.
#include "sandbox/modules/system/locations.h"

namespace patchbay::sandbox {
namespace {

// Of what kind a place is: the company, a territory, an office.
constexpr FieldSpec kCorporateStructureLevelFields[] = {
    text("name"),
};

constexpr FieldSpec kLocationFields[] = {
    integer("ownerLevelId"),
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
    integers("departmentIds"),
};

constexpr FieldSpec kDepartmentFields[] = {
    text("identifier").is_required().at_most(30),
    text("name").is_required(),
};

// Which departments a location has, seen from either side.
constexpr FieldSpec kLocationDepartmentFields[] = {
    reference("location", "locations"),
    reference("department", "departments"),
};

constexpr FieldSpec kDepartmentLocationFields[] = {
    reference("location", "locations").is_required(), reference("department", "departments"),
    reference("departmentManager", "members"),        reference("dispatch", "members"),
    reference("serviceManager", "members"),           reference("dutyManager", "members"),
};

constexpr ResourceSpec kLocationResources[] = {
    {
        .name = "corporateStructureLevels",
        .path = "system/myCompany/corporateStructureLevels",
        .type = "CorporateStructureLevel",
        .label = "Corporate structure level",
        .href = "corporateStructureLevel",
        .fields = kCorporateStructureLevelFields,
        .methods = kReadOnly,
    },
    {
        .name = "locations",
        .path = "system/locations",
        .type = "Location",
        .label = "Location",
        .href = "location",
        .fields = kLocationFields,
    },
    {
        .name = "departments",
        .path = "system/departments",
        .type = "Department",
        .label = "Department",
        .href = "department",
        .fields = kDepartmentFields,
        .reference_form = kIdIdentifierAndName,
    },
    {
        .name = "locationDepartments",
        .path = "system/locations/{location}/departments",
        .type = "LocationDepartment",
        .label = "Department",
        .fields = kLocationDepartmentFields,
        .methods = kReadOnly,
    },
    {
        .name = "departmentLocations",
        .path = "system/departments/{department}/locations",
        .type = "DepartmentLocation",
        .label = "Location",
        .fields = kDepartmentLocationFields,
    },
};

}  // namespace

std::span<const ResourceSpec> location_resources() {
  return kLocationResources;
}

}  // namespace patchbay::sandbox
