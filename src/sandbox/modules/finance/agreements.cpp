// Agreements, their types and additions: /finance. Rules: rules_*.cpp.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource agreement_types() {
  Resource made = resource(
      "agreementTypes", "finance/agreements/types", "AgreementType", "Agreement Type", "type",
      {text("name").at_most(50).is_required(),
       choice("prefixSuffixOption", {"Prefix", "Suffix"}),
       boolean("defaultFlag").or_else(false),
       boolean("inactiveFlag").or_else(false),
       boolean("prePaymentFlag").or_else(false),
       reference("location", "locations"),
       reference("department", "departments"),
       reference("sla", "slas"),
       choice("applicationUnits", {"Amount", "Hours", "Incidents"}),
       decimal("applicationLimit"),
       choice("applicationCycle",
              {"Contract2Weeks", "Contract4Weeks", "ContractYear", "CalendarMonth",
               "CalendarQuarter", "CalendarWeek", "ContractQuarter", "CalendarYear"}),
       boolean("applicationUnlimitedFlag").or_else(false),
       boolean("coverAgreementTimeFlag").or_else(false),
       boolean("coverAgreementProductFlag").or_else(false),
       boolean("coverAgreementExpenseFlag").or_else(false),
       boolean("coverSalesTaxFlag").or_else(false),
       boolean("carryOverUnusedFlag").or_else(false),
       boolean("allowOverrunsFlag").or_else(false),
       integer("expiredDays"),
       choice("employeeCompRate", {"Actual", "Hourly"}).is_required().or_else("Actual"),
       choice("employeeCompNotExceed", {"Billing", "Amount", "Percent"})
           .is_required()
           .or_else("Billing"),
       reference("billingCycle", "billingCycles"),
       reference("billingTerms", "billingTerms"),
       choice("invoicingCycle", {"ContractYear", "CalendarYear"})
           .is_required()
           .or_else("CalendarYear"),
       decimal("billAmount").or_else(0.0),
       boolean("taxableFlag").or_else(false),
       text("invoiceDescription").at_most(4000),
       reference("workRole", "workRoles"),
       reference("workType", "workTypes"),
       reference("projectType", "projectTypes"),
       choice("billTime", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .is_required()
           .or_else("Billable"),
       choice("billExpenses", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .is_required()
           .or_else("Billable"),
       choice("billProducts", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .is_required()
           .or_else("Billable"),
       boolean("prorateFlag").or_else(false),
       boolean("autoInvoiceFlag").or_else(false)});
  return made;
}

// References to an agreement tell its type's id, as text.
Cell type_id_text(const Database& db, const Record& agreement) {
  const std::int64_t id = reference_or(db.table("agreements").at(agreement, "type"), 0);
  return id == 0 ? Cell() : Cell(std::to_string(id));
}

Resource agreements() {
  Resource made = resource(
      "agreements", "finance/agreements", "Agreement", "Agreement", "agreement",
      {text("agreementTypeName").is_hidden().read_via("type/name"),
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
       choice("applicationUnits", {"Amount", "Hours", "Incidents"}).or_else("Hours"),
       decimal("applicationLimit").or_else(0.0),
       choice("applicationCycle",
              {"Contract2Weeks", "Contract4Weeks", "ContractYear", "CalendarMonth",
               "CalendarQuarter", "CalendarWeek", "ContractQuarter", "CalendarYear"}),
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
       choice("employeeCompRate", {"Actual", "Hourly"}).or_else("Actual"),
       choice("employeeCompNotExceed", {"Billing", "Amount", "Percent"}).or_else("Billing"),
       decimal("compHourlyRate").or_else(0.0),
       decimal("compLimitAmount").or_else(0.0),
       reference("billingCycle", "billingCycles").or_else_from([](const Database& db) {
         return first_flagged(db, "billingCycles", "defaultFlag");
       }),
       boolean("billOneTimeFlag").or_else(false),
       reference("billingTerms", "billingTerms").or_else_from([](const Database& db) {
         return first_flagged(db, "billingTerms", "defaultFlag");
       }),
       choice("invoicingCycle", {"ContractYear", "CalendarYear"}).or_else("CalendarYear"),
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
       choice("billTime", {"Billable", "DoNotBill", "NoCharge", "NoDefault"}).or_else("NoDefault"),
       choice("billExpenses", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("NoDefault"),
       choice("billProducts", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("NoDefault"),
       boolean("billableTimeInvoice").or_else(false),
       boolean("billableExpenseInvoice").or_else(false),
       boolean("billableProductInvoice").or_else(false),
       reference("currency", "currencies").or_else_from([](const Database& db) {
         return first_of(db, "currencies");
       }),
       choice("periodType", {"Current", "Future", "Both", "Undefined"}).or_else("Current"),
       boolean("autoInvoiceFlag").or_else(false),
       boolean("billZeroAmountFlag").or_else(false),
       date_time("nextInvoiceDate"),
       reference("companyLocation", "locations"),
       reference("shipToCompany", "companies"),
       reference("shipToContact", "contacts"),
       reference("shipToSite", "companySites"),
       choice("agreementStatus", {"Active", "Cancelled", "Expired", "Inactive"}).or_else("Active"),
       custom_field_values()});
  made.reference_form = {{"id", "id"},
                         {"name", "name"},
                         {"type", "agreementTypeName"},
                         {"chargeFirmFlag", "chargeToFirm"}};
  made.info = {{"additions_href", "finance/agreements/{id}/additions", ""},
               {"documents_href", "system/documents?recordType=Agreement&recordId={id}", ""}};
  made.reference_info = {{"typeId", "", "typeIdText"}};
  made.custom_fields = {{41, "Signed by", "Text", "EntryField", 0}};
  made.rules = agreement_rules();
  return made;
}

Resource additions() {
  Resource made = resource(
      "additions", "finance/agreements/{agreement}/additions", "Addition", "Addition", "addition",
      {reference("agreement", "agreements").is_hidden(),
       reference("product", "catalogItems").is_required(),
       decimal("quantity").or_else(1.0),
       decimal("lessIncluded").or_else(0.0),
       decimal("unitPrice"),
       decimal("unitCost"),
       choice("billCustomer", {"Billable", "DoNotBill", "NoCharge"})
           .is_required()
           .or_else("Billable"),
       date_time("effectiveDate"),
       date_time("cancelledDate"),
       boolean("taxableFlag").or_else(false),
       text("serialNumber").at_most(50),
       text("invoiceDescription").at_most(6000),
       boolean("purchaseItemFlag").or_else(false),
       boolean("specialOrderFlag").or_else(false),
       id_of_parent("agreementId", "additions", "agreement"),
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
       choice("agreementStatus", {"Active", "Cancelled", "Expired", "Inactive"})
           .or_else("Active")
           .is_read_only()});
  made.rules = addition_rules();
  return made;
}

}  // namespace

void add_agreement_resources(std::vector<Resource>& out) {
  out.push_back(agreement_types());
  out.push_back(agreements());
  out.push_back(additions());
}

}  // namespace patchbay::sandbox
