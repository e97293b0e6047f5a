// Companies, their sites, and contacts: /company.
#include <fmt/format.h>

#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Cell full_name(const Database& db, const Record& record) {
  const Table& contacts = db.table("contacts");
  const std::string first = text_or(contacts.at(record, "firstName"), "");
  const std::string last = text_or(contacts.at(record, "lastName"), "");
  return last.empty() ? first : first + " " + last;
}

std::vector<Field> user_defined_fields() {
  std::vector<Field> fields;
  for (int i = 1; i <= 10; ++i) fields.push_back(text(fmt::format("userDefinedField{}", i)));
  return fields;
}

Resource companies() {
  std::vector<Field> fields = {
      text("identifier").is_required().at_most(25),
      text("name").is_required().at_most(50),
      reference("status", "companyStatuses").or_else_from([](const Database& db) {
        return first_flagged(db, "companyStatuses", "defaultFlag");
      }),
      text("addressLine1").at_most(50),
      text("addressLine2").at_most(50),
      text("city").at_most(50),
      text("state").at_most(50),
      text("zip").at_most(12),
      reference("country", "countries"),
      text("phoneNumber"),
      text("faxNumber"),
      text("website"),
      reference("territory", "locations"),
      text("accountNumber"),
      reference("defaultContact", "contacts"),
      date_time("dateAcquired"),
      reference("parentCompany", "companies"),
      decimal("annualRevenue").or_else(0.0),
      integer("numberOfEmployees"),
      integer("yearEstablished").between(1900, 9999),
      integer("revenueYear").between(1900, 9999),
      reference("timeZoneSetup", "timeZoneSetups"),
      text("leadSource"),
      boolean("leadFlag").or_else(false),
      boolean("unsubscribeFlag").or_else(false),
      text("userDefinedField1"),
      text("userDefinedField5"),
      text("vendorIdentifier"),
      text("taxIdentifier"),
      reference("taxCode", "taxCodes"),
      reference("billingTerms", "billingTerms"),
      reference("billToCompany", "companies"),
      reference("billingSite", "companySites"),
      reference("billingContact", "contacts"),
      text("invoiceToEmailAddress"),
      text("invoiceCCEmailAddress"),
      boolean("deletedFlag").or_else(false),
      date_time("dateDeleted").is_read_only(),
      text("deletedBy").is_read_only(),
      text("mobileGuid").is_read_only(),
      text("facebookUrl"),
      text("twitterUrl"),
      text("linkedInUrl"),
      reference("currency", "currencies"),
      reference("territoryManager", "members"),
      boolean("isVendorFlag").or_else(false),
      references("types", "companyTypes"),
      reference("site", "companySites"),
      custom_field_values(),
  };
  append(fields, user_defined_fields());
  Resource made =
      resource("companies", "company/companies", "Company", "Company", "company", fields);
  made.reference_form = {{"id", "id"}, {"identifier", "identifier"}, {"name", "name"}};
  made.reference_info = {{"mobileGuid", "", "mobileGuid"}};
  made.info = {
      {"contacts_href", "company/contacts?conditions=company/id={id}", ""},
      {"agreements_href", "finance/agreements?conditions=company/id={id}", ""},
      {"tickets_href", "service/tickets?conditions=company/id={id}", ""},
      {"opportunities_href", "sales/opportunities?conditions=company/id={id}", ""},
      {"activities_href", "sales/activities?conditions=company/id={id}", ""},
      {"projects_href", "project/projects?conditions=company/id={id}", ""},
      {"configurations_href", "company/configurations?conditions=company/id={id}", ""},
      {"orders_href", "sales/orders?conditions=company/id={id}", ""},
      {"documents_href", "system/documents?recordType=Company&recordId={id}", ""},
      {"sites_href", "company/companies/{id}/sites", ""},
      {"teams_href", "company/companies/{id}/teams", ""},
      {"reports_href", "company/companies/{id}/managementSummaryReports", ""},
      {"notes_href", "company/companies/{id}/notes", ""},
  };
  made.custom_fields = {{9, "Onboarding document", "Hyperlink", "EntryField", 0},
                        {10, "Network diagram", "Hyperlink", "EntryField", 0},
                        {26, "Support tier", "Text", "List", 0},
                        {27, "Door code", "Text", "EntryField", 0}};
  // The API revalidates the whole stored record on each change: it may refuse for a field that the
  // caller did not touch.
  made.rules.check = [](const WriteContext& context, const Record& record,
                        std::vector<FieldError>& errors) {
    const Record* same =
        context.table.find_by("identifier", text_or(context.table.at(record, "identifier"), ""));
    if (same != nullptr && same->id != record.id) {
      errors.push_back(
          {"ObjectExists", "A matching company already exists", "company", "identifier"});
    }
  };
  return made;
}

Resource contacts() {
  std::vector<Field> fields = {
      text("firstName").is_required().at_most(30),
      text("lastName").at_most(30),
      text("name").is_hidden().read_by(full_name),
      reference("company", "companies"),
      reference("site", "companySites").within("company"),
      text("addressLine1"),
      text("addressLine2"),
      text("city"),
      text("state"),
      text("zip"),
      reference("country", "countries"),
      text("relationshipOverride"),
      boolean("inactiveFlag").or_else(false),
      reference("managerContact", "contacts"),
      reference("assistantContact", "contacts"),
      text("title").at_most(100),
      text("school"),
      text("nickName"),
      boolean("marriedFlag").or_else(false),
      boolean("childrenFlag").or_else(false),
      text("significantOther"),
      text("portalPassword").is_input_only(),
      integer("portalSecurityLevel"),
      boolean("disablePortalLoginFlag").or_else(true),
      boolean("unsubscribeFlag").or_else(false),
      choice("gender", {"Female", "Male"}),
      text("birthDay"),
      text("anniversary"),
      text("mobileGuid").is_read_only(),
      text("facebookUrl"),
      text("twitterUrl"),
      text("linkedInUrl"),
      text("defaultPhoneType").is_read_only(),
      text("defaultPhoneNbr").is_read_only(),
      text("defaultPhoneExtension").is_read_only(),
      boolean("defaultBillingFlag").or_else(false),
      boolean("defaultFlag").or_else(false),
      reference("companyLocation", "locations"),
      rows("communicationItems",
           {integer("id"), reference("type", "communicationTypes"), text("value"),
            text("extension"), boolean("defaultFlag"), text("domain"),
            choice("communicationType", {"Email", "Fax", "Phone"})}),
      references("types", "contactTypes"),
      custom_field_values(),
      boolean("ignoreDuplicates").or_else(false).not_filterable(),
  };
  append(fields, user_defined_fields());
  Resource made = resource("contacts", "company/contacts", "Contact", "Contact", "contact", fields);
  made.reference_info = {{"mobileGuid", "", "mobileGuid"}};
  made.info = {
      {"communications_href", "company/contacts/{id}/communications", ""},
      {"notes_href", "company/contacts/{id}/notes", ""},
      {"tracks_href", "company/contacts/{id}/tracks", ""},
      {"portalSecurity_href", "company/contacts/{id}/portalSecurity", ""},
      {"activities_href", "sales/activities?conditions=contact/id={id}", ""},
      {"documents_href", "system/documents?recordType=Contact&recordId={id}", ""},
      {"configurations_href", "company/configurations?conditions=contact/id={id}", ""},
      {"tickets_href", "service/tickets?conditions=contact/id={id}", ""},
      {"opportunities_href", "sales/opportunities?conditions=contact/id={id}", ""},
      {"projects_href", "project/projects?conditions=contact/id={id}", ""},
      {"image_href", "company/contacts/{id}/image?lastModified={lastUpdated}", ""},
  };
  made.rules.fill = [](const WriteContext& context, Record& record) {
    const Table& table = context.table;
    const Field& items = table.fields()[table.column("communicationItems")];
    const auto* all = std::get_if<Rows>(&table.at(record, "communicationItems"));
    if (all == nullptr) return;
    for (const Row& row : *all) {
      // Columns as declared above: id, type, value, extension, defaultFlag, domain, kind.
      if (text_or(row.cells[6], "") != "Phone" || !bool_or(row.cells[4], false)) continue;
      const Table* types = context.db.find_table(items.row_fields[1].target);
      const Record* type = types->find(reference_or(row.cells[1], 0));
      table.at(record, "defaultPhoneNbr") = row.cells[2];
      if (type != nullptr) table.at(record, "defaultPhoneType") = types->at(*type, "description");
    }
  };
  made.rules.stored = [](const WriteContext& context, const Record& contact) {
    spread_communications(context.db, contact.id);
  };
  made.rules.deleted = [](Database& db, const Record& contact) {
    erase_children(db, "contactCommunications", contact.id);
    erase_children(db, "contactNotes", contact.id);
  };
  return made;
}

}  // namespace

void add_company_resources(std::vector<Resource>& out) {
  Resource countries = resource("countries", "company/countries", "Country", "Country", "country",
                                {text("name").is_required(), text("countryCode")});
  countries.reference_form = {{"id", "id"}, {"identifier", "countryCode"}, {"name", "name"}};
  out.push_back(std::move(countries));

  out.push_back(resource(
      "companyStatuses", "company/companies/statuses", "CompanyStatus", "Company Status", "status",
      {text("name").is_required().at_most(50), boolean("defaultFlag").or_else(false),
       boolean("inactiveFlag").or_else(false), boolean("notifyFlag").or_else(false),
       boolean("disallowSavingFlag").or_else(false), text("notificationMessage"),
       boolean("customNoteFlag").or_else(false), boolean("cancelOpenTracksFlag").or_else(false)}));
  out.push_back(
      resource("companyTypes", "company/companies/types", "CompanyType", "Company Type", "type",
               {text("name").is_required().at_most(50), boolean("defaultFlag").or_else(false),
                boolean("vendorFlag").or_else(false), boolean("serviceAlertFlag").or_else(false),
                text("serviceAlertMessage")}));
  out.push_back(companies());

  out.push_back(resource(
      "companySites", "company/companies/{company}/sites", "CompanySite", "Site", "site",
      {text("name").is_required().at_most(50), text("addressLine1"), text("addressLine2"),
       text("city"), text("zip"), reference("country", "countries"), text("phoneNumber"),
       text("phoneNumberExt"), reference("taxCode", "taxCodes"),
       boolean("inactiveFlag").or_else(false), boolean("primaryAddressFlag").or_else(false),
       boolean("defaultFlag").or_else(false).not_filterable(),
       reference("company", "companies").is_read_only()}));

  Resource contact_types =
      resource("contactTypes", "company/contacts/types", "ContactType", "Contact Type", "type",
               {text("description").is_required(), boolean("defaultFlag").or_else(false)});
  contact_types.reference_form = {{"id", "id"}, {"name", "description"}};
  out.push_back(std::move(contact_types));
  Resource communication_types =
      resource("communicationTypes", "company/communicationTypes", "CommunicationType",
               "Communication Type", "type",
               {text("description").is_required(), boolean("phoneFlag").or_else(false),
                boolean("faxFlag").or_else(false), boolean("emailFlag").or_else(false),
                boolean("defaultFlag").or_else(false)});
  communication_types.reference_form = {{"id", "id"}, {"name", "description"}};
  out.push_back(std::move(communication_types));
  out.push_back(contacts());
}

}  // namespace patchbay::sandbox
