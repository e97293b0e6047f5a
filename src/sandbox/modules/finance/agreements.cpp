// Agreements, their types and additions: /finance/agreements.
#include "sandbox/modules/finance/agreements.h"

#include "sandbox/modules/finance/agreements_rules.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// References to an agreement tell its type's id, as text.
Cell type_id_text(const Database& db, const Record& agreement) {
  const std::int64_t id = reference_or(db.table("agreements").at(agreement, "type"), 0);
  return id == 0 ? Cell() : Cell(std::to_string(id));
}

constexpr std::string_view kApplicationCycles =
    "Contract2Weeks, Contract4Weeks, ContractYear, CalendarMonth, "
    "CalendarQuarter, CalendarWeek, ContractQuarter, CalendarYear";
constexpr std::string_view kAgreementStatuses = "Active, Cancelled, Expired, Inactive";

constexpr FieldSpec kAgreementTypeFields[] = {
    text("name").at_most(50).is_required(),
    choice("prefixSuffixOption", "Prefix, Suffix"),
    boolean("defaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),
    boolean("prePaymentFlag").or_else(false),
    reference("location", "locations"),
    reference("department", "departments"),
    reference("sla", "slas"),
    choice("applicationUnits", "Amount, Hours, Incidents"),
    decimal("applicationLimit"),
    choice("applicationCycle", kApplicationCycles),
    boolean("applicationUnlimitedFlag").or_else(false),
    boolean("coverAgreementTimeFlag").or_else(false),
    boolean("coverAgreementProductFlag").or_else(false),
    boolean("coverAgreementExpenseFlag").or_else(false),
    boolean("coverSalesTaxFlag").or_else(false),
    boolean("carryOverUnusedFlag").or_else(false),
    boolean("allowOverrunsFlag").or_else(false),
    integer("expiredDays"),
    choice("employeeCompRate", "Actual, Hourly").is_required().or_else("Actual"),
    choice("employeeCompNotExceed", "Billing, Amount, Percent").is_required().or_else("Billing"),
    reference("billingCycle", "billingCycles"),
    reference("billingTerms", "billingTerms"),
    choice("invoicingCycle", "ContractYear, CalendarYear").is_required().or_else("CalendarYear"),
    decimal("billAmount").or_else(0.0),
    boolean("taxableFlag").or_else(false),
    text("invoiceDescription").at_most(4000),
    reference("workRole", "workRoles"),
    reference("workType", "workTypes"),
    reference("projectType", "projectTypes"),
    choice("billTime", kBillableOptions).is_required().or_else("Billable"),
    choice("billExpenses", kBillableOptions).is_required().or_else("Billable"),
    choice("billProducts", kBillableOptions).is_required().or_else("Billable"),
    boolean("prorateFlag").or_else(false),
    boolean("autoInvoiceFlag").or_else(false),
};

constexpr FieldSpec kAgreementFields[] = {
    text("agreementTypeName").is_hidden().read_via("type/name"),
    text("typeIdText").is_hidden().read_by(type_id_text),
    reference("company", "companies").is_required(),
    text("name").at_most(100).is_required(),
    reference("type", "agreementTypes").is_required(),
    reference("contact", "contacts").is_required(),
    reference("site", "companySites").within("company"),
    reference("subContractCompany", "companies"),
    reference("subContractContact", "contacts"),
    reference("parentAgreement", "agreements"),
    text("customerPO").at_most(50),
    reference("location", "locations"),
    reference("department", "departments"),
    boolean("restrictLocationFlag").or_else(false),
    boolean("restrictDepartmentFlag").or_else(false),
    date_time("startDate"),
    date_time("endDate"),
    boolean("noEndingDateFlag").or_else(false),
    reference("opportunity", "opportunities"),
    boolean("cancelledFlag").or_else(false),
    date_time("dateCancelled"),
    text("reasonCancelled").at_most(100),
    reference("sla", "slas"),
    text("workOrder").at_most(20),
    text("internalNotes"),
    choice("applicationUnits", "Amount, Hours, Incidents").or_else("Hours"),
    decimal("applicationLimit").or_else(0.0),
    choice("applicationCycle", kApplicationCycles),
    boolean("applicationUnlimitedFlag").or_else(true),
    boolean("oneTimeFlag").or_else(false),
    boolean("coverAgreementTime").or_else(false),
    boolean("coverAgreementProduct").or_else(false),
    boolean("coverAgreementExpense").or_else(false),
    boolean("coverSalesTax").or_else(false),
    boolean("carryOverUnused").or_else(false),
    boolean("allowOverruns").or_else(false),
    integer("expiredDays"),
    integer("limit"),
    boolean("expireWhenZero").or_else(false),
    boolean("chargeToFirm").or_else(false),
    choice("employeeCompRate", "Actual, Hourly").or_else("Actual"),
    choice("employeeCompNotExceed", "Billing, Amount, Percent").or_else("Billing"),
    decimal("compHourlyRate").or_else(0.0),
    decimal("compLimitAmount").or_else(0.0),
    reference("billingCycle", "billingCycles").or_else_default(),
    boolean("billOneTimeFlag").or_else(false),
    reference("billingTerms", "billingTerms").or_else_default(),
    choice("invoicingCycle", "ContractYear, CalendarYear").or_else("CalendarYear"),
    reference("billToCompany", "companies"),
    reference("billToContact", "contacts"),
    reference("billToSite", "companySites"),
    decimal("billAmount").or_else(0.0),
    boolean("taxable").or_else(false),
    decimal("prorateFirstBill"),
    date_time("billStartDate"),
    reference("taxCode", "taxCodes"),
    boolean("restrictDownPayment").or_else(false),
    boolean("prorateFlag").or_else(false),
    boolean("invoiceProratedAdditionsFlag").or_else(false),
    text("invoiceDescription"),
    boolean("topComment").or_else(false),
    boolean("bottomComment").or_else(false),
    reference("workRole", "workRoles"),
    reference("workType", "workTypes"),
    reference("projectType", "projectTypes"),
    choice("billTime", kBillableOptions).or_else("NoDefault"),
    choice("billExpenses", kBillableOptions).or_else("NoDefault"),
    choice("billProducts", kBillableOptions).or_else("NoDefault"),
    boolean("billableTimeInvoice").or_else(false),
    boolean("billableExpenseInvoice").or_else(false),
    boolean("billableProductInvoice").or_else(false),
    reference("currency", "currencies").or_else_first(),
    choice("periodType", "Current, Future, Both, Undefined").or_else("Current"),
    boolean("autoInvoiceFlag").or_else(false),
    boolean("billZeroAmountFlag").or_else(false),
    date_time("nextInvoiceDate"),
    reference("companyLocation", "locations"),
    reference("shipToCompany", "companies"),
    reference("shipToContact", "contacts"),
    reference("shipToSite", "companySites"),
    choice("agreementStatus", kAgreementStatuses).or_else("Active"),
    custom_field_values(),
};

constexpr ReferenceMember kAgreementForm[] = {{"id", "id"},
                                              {"name", "name"},
                                              {"type", "agreementTypeName"},
                                              {"chargeFirmFlag", "chargeToFirm"}};

constexpr InfoMember kAgreementReferenceInfo[] = {{"typeId", "", "typeIdText"}};

constexpr InfoMember kAgreementInfo[] = {
    {"additions_href", "finance/agreements/{id}/additions"},
    {"documents_href", "system/documents?recordType=Agreement&recordId={id}"}};

constexpr CustomFieldDefinition kAgreementCustomFields[] = {
    {41, "Signed by", "Text", "EntryField"}};

constexpr FieldSpec kAdditionFields[] = {
    reference("agreement", "agreements").is_hidden(),
    reference("product", "catalogItems").is_required(),
    decimal("quantity").or_else(1.0),
    decimal("lessIncluded").or_else(0.0),
    decimal("unitPrice"),
    decimal("unitCost"),
    choice("billCustomer", "Billable, DoNotBill, NoCharge").is_required().or_else("Billable"),
    date_time("effectiveDate"),
    date_time("cancelledDate"),
    boolean("taxableFlag").or_else(false),
    text("serialNumber").at_most(50),
    text("invoiceDescription").at_most(6000),
    boolean("purchaseItemFlag").or_else(false),
    boolean("specialOrderFlag").or_else(false),
    integer("agreementId").id_of("agreement"),
    text("description"),
    decimal("billedQuantity").is_read_only(),
    text("uom"),
    decimal("extPrice").is_read_only(),
    decimal("extCost").is_read_only(),
    decimal("sequenceNumber"),
    decimal("margin").is_read_only(),
    decimal("prorateCost"),
    decimal("proratePrice"),
    decimal("extendedProrateCost"),
    decimal("extendedProratePrice"),
    boolean("prorateCurrentPeriodFlag").or_else(false),
    reference("opportunity", "opportunities"),
    choice("agreementStatus", kAgreementStatuses).or_else("Active").is_read_only(),
};

constexpr ResourceSpec kAgreementResources[] = {
    {
        .name = "agreementTypes",
        .path = "finance/agreements/types",
        .type = "AgreementType",
        .label = "Agreement Type",
        .href = "type",
        .fields = kAgreementTypeFields,
    },
    {
        .name = "agreements",
        .path = "finance/agreements",
        .type = "Agreement",
        .label = "Agreement",
        .href = "agreement",
        .fields = kAgreementFields,
        .reference_form = kAgreementForm,
        .reference_info = kAgreementReferenceInfo,
        .info = kAgreementInfo,
        .custom_fields = kAgreementCustomFields,
        .rules = &kAgreementRules,
    },
    {
        .name = "additions",
        .path = "finance/agreements/{agreement}/additions",
        .type = "Addition",
        .label = "Addition",
        .href = "addition",
        .fields = kAdditionFields,
        .rules = &kAdditionRules,
    },
};

}  // namespace

std::span<const ResourceSpec> agreement_resources() {
  return kAgreementResources;
}

}  // namespace patchbay::sandbox
