// Devices: /company/configurations.
#include "sandbox/modules/company/configurations.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

void fill_configuration(const WriteContext& context, Record& configuration) {
  const Table& table = context.table;
  const Table& companies = context.db.table("companies");
  if (const Record* company = companies.find(id_in(table, configuration, "company"))) {
    fill_if_null(table, configuration, "site", companies.at(*company, "site"));
  }
  const Table& statuses = context.db.table("configurationStatuses");
  const Record* status = statuses.find(id_in(table, configuration, "status"));
  if (status != nullptr && bool_or(statuses.at(*status, "closedFlag"), false) &&
      !context.was_given("activeFlag")) {
    table.at(configuration, "activeFlag") = false;
  }
}

constexpr FieldSpec kConfigurationTypeFields[] = {
    text("name").at_most(50).is_required(),
    boolean("inactiveFlag").or_else(false),
    boolean("systemFlag").or_else(false).is_read_only(),
};

constexpr FieldSpec kConfigurationStatusFields[] = {
    text("description").at_most(50).is_required(),
    boolean("closedFlag").or_else(false),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kConfigurationFields[] = {
    reference("company", "companies").is_required(),
    text("name").at_most(100).is_required(),
    reference("type", "configurationTypes").is_required(),
    reference("status", "configurationStatuses").or_else_default(),
    reference("contact", "contacts"),
    reference("site", "companySites").within("company"),
    integer("locationId"),
    reference("location", "locations"),
    integer("businessUnitId"),
    reference("department", "departments"),
    text("deviceIdentifier").at_most(100),
    text("serialNumber").at_most(250),
    text("modelNumber").at_most(50),
    text("tagNumber").at_most(50),
    date_time("purchaseDate"),
    date_time("installationDate"),
    reference("installedBy", "members"),
    date_time("warrantyExpirationDate"),
    text("vendorNotes"),
    text("notes"),
    text("macAddress").at_most(25),
    text("lastLoginName").at_most(100),
    boolean("billFlag").or_else(true),
    integer("backupSuccesses"),
    integer("backupIncomplete"),
    integer("backupFailed"),
    integer("backupRestores"),
    date_time("lastBackupDate"),
    text("backupServerName").at_most(50),
    decimal("backupBillableSpaceGb"),
    text("backupProtectedDeviceList"),
    integer("backupYear"),
    integer("backupMonth"),
    text("ipAddress").at_most(50),
    text("defaultGateway").at_most(50),
    text("osType").at_most(250),
    text("osInfo").at_most(250),
    text("cpuSpeed").at_most(100),
    text("ram").at_most(25),
    text("localHardDrives"),
    integer("parentConfigurationId"),
    reference("vendor", "companies"),
    reference("manufacturer", "manufacturers"),
    boolean("activeFlag").or_else(true),
    text("managementLink").at_most(1000),
    text("remoteLink").at_most(1000),
    reference("sla", "slas"),
    text("mobileGuid").is_read_only(),
    boolean("displayVendorFlag").or_else(false),
    integer("companyLocationId"),
    boolean("showRemoteFlag").or_else(false),
    boolean("showAutomateFlag").or_else(false),
    boolean("needsRenewalFlag").or_else(false),
    text("manufacturerPartNumber").at_most(50),
    custom_field_values(),
};

constexpr InfoMember kConfigurationInfo[] = {
    {"tickets_href", "service/tickets?conditions=configuration/id={id}"},
    {"documents_href", "system/documents?recordType=Configuration&recordId={id}"}};

constexpr CustomFieldDefinition kConfigurationCustomFields[] = {
    {61, "Rack position", "Text", "EntryField"}};

constexpr Rules kConfigurationRules = {
    .fill = fill_configuration,
};

constexpr ResourceSpec kConfigurationResources[] = {
    {
        .name = "configurationTypes",
        .path = "company/configurations/types",
        .type = "ConfigurationType",
        .label = "Configuration Type",
        .href = "type",
        .fields = kConfigurationTypeFields,
    },
    {
        .name = "configurationStatuses",
        .path = "company/configurations/statuses",
        .type = "ConfigurationStatus",
        .label = "Configuration Status",
        .href = "status",
        .fields = kConfigurationStatusFields,
        .reference_form = kIdAndDescriptionAsName,
    },
    {
        .name = "configurations",
        .path = "company/configurations",
        .type = "CompanyConfiguration",
        .label = "Configuration",
        .href = "configuration",
        .fields = kConfigurationFields,
        .info = kConfigurationInfo,
        .custom_fields = kConfigurationCustomFields,
        .rules = &kConfigurationRules,
    },
};

}  // namespace

std::span<const ResourceSpec> configuration_resources() {
  return kConfigurationResources;
}

}  // namespace patchbay::sandbox
