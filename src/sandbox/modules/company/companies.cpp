// Companies with their sites and notes: /company/companies. Note types and countries beside them.
#include "sandbox/modules/company/companies.h"

#include "sandbox/modules/company/user_defined_fields.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kCountryFields[] = {
    text("name").is_required(),
    text("countryCode"),
};

constexpr ReferenceMember kCountryForm[] = {
    {"id", "id"}, {"identifier", "countryCode"}, {"name", "name"}};

constexpr FieldSpec kCompanyStatusFields[] = {
    text("name").is_required().at_most(50),       boolean("defaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),       boolean("notifyFlag").or_else(false),
    boolean("disallowSavingFlag").or_else(false), text("notificationMessage"),
    boolean("customNoteFlag").or_else(false),     boolean("cancelOpenTracksFlag").or_else(false),
};

constexpr FieldSpec kCompanyTypeFields[] = {
    text("name").is_required().at_most(50),
    boolean("defaultFlag").or_else(false),
    boolean("vendorFlag").or_else(false),
    boolean("serviceAlertFlag").or_else(false),
    text("serviceAlertMessage"),
};

constexpr FieldSpec kNoteTypeFields[] = {
    text("name").is_required(),
    text("identifier"),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kCompanyFields[] = {
    text("identifier").is_required().at_most(25),
    text("name").is_required().at_most(50),
    reference("status", "companyStatuses").or_else_default(),
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

// The API revalidates the whole stored record on each change: it may refuse for a field that the
// caller did not touch.

constexpr InfoMember kCompanyReferenceInfo[] = {{"mobileGuid", "", "mobileGuid"}};

constexpr InfoMember kCompanyInfo[] = {
    {"contacts_href", "company/contacts?conditions=company/id={id}"},
    {"agreements_href", "finance/agreements?conditions=company/id={id}"},
    {"tickets_href", "service/tickets?conditions=company/id={id}"},
    {"opportunities_href", "sales/opportunities?conditions=company/id={id}"},
    {"activities_href", "sales/activities?conditions=company/id={id}"},
    {"projects_href", "project/projects?conditions=company/id={id}"},
    {"configurations_href", "company/configurations?conditions=company/id={id}"},
    {"orders_href", "sales/orders?conditions=company/id={id}"},
    {"documents_href", "system/documents?recordType=Company&recordId={id}"},
    {"sites_href", "company/companies/{id}/sites"},
    {"teams_href", "company/companies/{id}/teams"},
    {"reports_href", "company/companies/{id}/managementSummaryReports"},
    {"notes_href", "company/companies/{id}/notes"},
};

constexpr CustomFieldDefinition kCompanyCustomFields[] = {
    {9, "Onboarding document", "Hyperlink", "EntryField"},
    {10, "Network diagram", "Hyperlink", "EntryField"},
    {26, "Support tier", "Text", "List"},
    {27, "Door code", "Text", "EntryField"}};

constexpr Rules kCompanyRules = {
    .check =
        [](const WriteContext& context, const Record& record, std::vector<InvalidField>& errors) {
          const Record* same = context.table.find_by(
              "identifier", text_or(context.table.at(record, "identifier"), ""));
          if (same != nullptr && same->id != record.id) {
            errors.push_back(
                {"ObjectExists", "A matching company already exists", "company", "identifier"});
          }
        },
};

constexpr FieldSpec kCompanySiteFields[] = {
    text("name").is_required().at_most(50),
    text("addressLine1"),
    text("addressLine2"),
    text("city"),
    reference("stateReference", "states"),
    text("zip"),
    reference("country", "countries"),
    reference("timeZone", "timeZoneSetups"),
    text("phoneNumber"),
    text("phoneNumberExt"),
    reference("taxCode", "taxCodes"),
    boolean("inactiveFlag").or_else(false),
    boolean("primaryAddressFlag").or_else(false),
    boolean("defaultFlag").or_else(false).not_filterable(),
    reference("company", "companies").is_read_only(),
};

constexpr FieldSpec kCompanyNoteFields[] = {
    reference("company", "companies").is_read_only(),
    text("text").is_required(),
    reference("type", "noteTypes").or_else_default(),
    boolean("flagged").or_else(false),
    text("enteredBy").is_read_only(),
};

constexpr ResourceSpec kCompanyResources[] = {
    {
        .name = "countries",
        .path = "company/countries",
        .type = "Country",
        .label = "Country",
        .href = "country",
        .fields = kCountryFields,
        .reference_form = kCountryForm,
    },
    {
        .name = "companyStatuses",
        .path = "company/companies/statuses",
        .type = "CompanyStatus",
        .label = "Company Status",
        .href = "status",
        .fields = kCompanyStatusFields,
    },
    {
        .name = "companyTypes",
        .path = "company/companies/types",
        .type = "CompanyType",
        .label = "Company Type",
        .href = "type",
        .fields = kCompanyTypeFields,
    },
    {
        .name = "noteTypes",
        .path = "company/noteTypes",
        .type = "CompanyNoteType",
        .label = "Note Type",
        .href = "type",
        .fields = kNoteTypeFields,
    },
    {
        .name = "companies",
        .path = "company/companies",
        .type = "Company",
        .label = "Company",
        .href = "company",
        .fields = kCompanyFields,
        .more_fields = kUserDefinedFields,
        .reference_form = kIdIdentifierAndName,
        .reference_info = kCompanyReferenceInfo,
        .info = kCompanyInfo,
        .custom_fields = kCompanyCustomFields,
        .rules = &kCompanyRules,
    },
    {
        .name = "companySites",
        .path = "company/companies/{company}/sites",
        .type = "CompanySite",
        .label = "Site",
        .href = "site",
        .fields = kCompanySiteFields,
    },
    {
        .name = "companyNotes",
        .path = "company/companies/{company}/notes",
        .type = "CompanyNote",
        .label = "Company Note",
        .fields = kCompanyNoteFields,
        .stamps = kStampsWithoutEnteredBy,
    },
};

}  // namespace

std::span<const ResourceSpec> company_resources() {
  return kCompanyResources;
}

}  // namespace patchbay::sandbox
