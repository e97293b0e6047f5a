// Configurations, and notes and communications of companies and contacts: /company.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource company_notes() {
  Resource made = resource(
      "companyNotes", "company/companies/{company}/notes", "CompanyNote", "Company Note", "",
      {reference("company", "companies").is_read_only(), text("text").is_required(),
       reference("type", "noteTypes").or_else_from([](const Database& db) {
         return first_flagged(db, "noteTypes", "defaultFlag");
       }),
       boolean("flagged").or_else(false), text("enteredBy").is_read_only()});
  std::erase_if(made.fields,
                [](const Field& field) { return field.in_info && field.name == "enteredBy"; });
  return made;
}

Resource contact_notes() {
  Resource made = resource(
      "contactNotes", "company/contacts/{contact}/notes", "ContactNote", "Contact Note", "",
      {reference("contact", "contacts").is_hidden(),
       id_of_parent("contactId", "contactNotes", "contact"), text("text").is_required(),
       reference("type", "noteTypes").or_else_from([](const Database& db) {
         return first_flagged(db, "noteTypes", "defaultFlag");
       }),
       boolean("flagged").or_else(false), text("enteredBy").is_read_only()});
  std::erase_if(made.fields,
                [](const Field& field) { return field.in_info && field.name == "enteredBy"; });
  return made;
}

Resource contact_communications() {
  Resource made = resource(
      "contactCommunications", "company/contacts/{contact}/communications", "ContactCommunication",
      "Communication", "",
      {reference("contact", "contacts").is_hidden(),
       id_of_parent("contactId", "contactCommunications", "contact"),
       reference("type", "communicationTypes").is_required(),
       text("value").at_most(250).is_required(), text("extension").at_most(15),
       boolean("defaultFlag").or_else(false), text("mobileGuid").is_read_only(),
       choice("communicationType", {"Email", "Fax", "Phone"}).is_read_only(), text("domain")});
  made.rules = communication_rules();
  return made;
}

Resource configuration_types() {
  Resource made =
      resource("configurationTypes", "company/configurations/types", "ConfigurationType",
               "Configuration Type", "type",
               {text("name").at_most(50).is_required(), boolean("inactiveFlag").or_else(false),
                boolean("systemFlag").or_else(false).is_read_only()});
  return made;
}

Resource configuration_statuses() {
  Resource made =
      resource("configurationStatuses", "company/configurations/statuses", "ConfigurationStatus",
               "Configuration Status", "status",
               {text("description").at_most(50).is_required(), boolean("closedFlag").or_else(false),
                boolean("defaultFlag").or_else(false)});
  made.reference_form = {{"id", "id"}, {"name", "description"}};
  return made;
}

Resource configurations() {
  Resource made =
      resource("configurations", "company/configurations", "CompanyConfiguration", "Configuration",
               "configuration",
               {reference("company", "companies").is_required(),
                text("name").at_most(100).is_required(),
                reference("type", "configurationTypes").is_required(),
                reference("status", "configurationStatuses").or_else_from([](const Database& db) {
                  return first_flagged(db, "configurationStatuses", "defaultFlag");
                }),
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
                custom_field_values()});
  made.reference_form = {{"id", "id"}, {"name", "name"}};
  made.info = {{"tickets_href", "service/tickets?conditions=configuration/id={id}", ""},
               {"documents_href", "system/documents?recordType=Configuration&recordId={id}", ""}};
  made.custom_fields = {{61, "Rack position", "Text", "EntryField", 0}};
  made.rules.fill = fill_configuration;
  return made;
}

}  // namespace

void add_configuration_resources(std::vector<Resource>& out) {
  out.push_back(company_notes());
  out.push_back(contact_notes());
  out.push_back(contact_communications());
  out.push_back(configuration_types());
  out.push_back(configuration_statuses());
  out.push_back(configurations());
}

}  // namespace patchbay::sandbox
