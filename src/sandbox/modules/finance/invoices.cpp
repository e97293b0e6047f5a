// Invoices, payments and what billing is set up with: /finance. Rules: rules_*.cpp.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource tax_codes() {
  Resource made = resource("taxCodes", "finance/taxCodes", "TaxCode", "Tax code", "taxCode",
                           {text("name").is_hidden().read_via("identifier"),
                            text("identifier").at_most(8).is_required(),
                            text("description").at_most(50).is_required(),
                            text("invoiceCaption").at_most(25).is_required(),
                            reference("country", "countries"),
                            date_time("effectiveDate").is_required(),
                            boolean("defaultFlag").or_else(false),
                            boolean("displayOnInvoiceFlag").or_else(false),
                            boolean("canadaCalculateGSTFlag").or_else(false),
                            date_time("cancelDate"),
                            decimal("levelOneRate").or_else(0.0),
                            choice("levelOneRateType", {"Amount", "Percent"}).or_else("Percent"),
                            decimal("levelOneTaxableMax"),
                            text("levelOneCaption").at_most(25),
                            boolean("levelOneServicesFlag").or_else(false),
                            boolean("levelOneExpensesFlag").or_else(false),
                            boolean("levelOneProductsFlag").or_else(false),
                            integers("workRoleIds"),
                            integers("expenseTypeIds"),
                            integers("productTypeIds")});
  return made;
}

Resource billing_terms() {
  Resource made =
      resource("billingTerms", "finance/billingTerms", "BillingTerm", "Billing terms", "",
               {text("name").at_most(50).is_required(), boolean("defaultFlag").or_else(false),
                integer("dueDays").is_required(), text("termsXref").at_most(50)});
  return made;
}

Resource billing_cycles() {
  Resource made = resource(
      "billingCycles", "finance/billingCycles", "BillingCycle", "Billing Cycle", "billingCycle",
      {text("identifier").at_most(5).is_required(), text("name").at_most(50).is_required(),
       boolean("defaultFlag").or_else(false),
       choice("billingOptions", {"BiMonthly", "BiWeekly", "Monthly", "NotRecurring", "Quarterly",
                                 "SemiAnnual", "Weekly", "Yearly"})
           .is_required()});
  return made;
}

Resource billing_statuses() {
  Resource made = resource(
      "billingStatuses", "finance/billingStatuses", "BillingStatus", "Billing Status", "status",
      {text("name").at_most(30).is_required(), integer("sortOrder"),
       boolean("defaultFlag").or_else(false), boolean("closedFlag").or_else(false),
       boolean("inactiveFlag").or_else(false), boolean("sentFlag").or_else(false),
       text("connectWiseId")});
  made.reference_form = {{"id", "id"}, {"name", "name"}, {"isClosed", "closedFlag"}};
  return made;
}

Resource invoices() {
  Resource made =
      resource("invoices", "finance/invoices", "Invoice", "Invoice", "invoice",
               {text("identifier").is_hidden().read_via("invoiceNumber"),
                date_time("invoiceDate").is_hidden().read_via("date"),
                boolean("chargeFirmFlag").or_else(false).is_hidden(),
                reference("company", "companies").is_required(),
                reference("project", "projects"),
                text("invoiceNumber").at_most(15).is_read_only(),
                choice("type", {"Agreement", "CreditMemo", "DownPayment", "Miscellaneous",
                                "Progress", "Standard", "Consolidated"})
                    .is_required(),
                reference("status", "billingStatuses").or_else_from([](const Database& db) {
                  return first_flagged(db, "billingStatuses", "defaultFlag");
                }),
                reference("billToCompany", "companies"),
                reference("shipToCompany", "companies"),
                text("accountNumber"),
                choice("applyToType",
                       {"All", "Agreement", "Project", "ProjectPhase", "SalesOrder", "Ticket"}),
                integer("applyToId"),
                text("attention").at_most(60),
                reference("billingSite", "companySites"),
                text("billingSiteAddressLine1"),
                text("billingSiteAddressLine2"),
                text("billingSiteCity"),
                text("billingSiteState"),
                text("billingSiteZip"),
                text("billingSiteCountry"),
                reference("shippingSite", "companySites"),
                text("shippingSiteAddressLine1"),
                text("shippingSiteAddressLine2"),
                text("shippingSiteCity"),
                text("shippingSiteState"),
                text("shippingSiteZip"),
                text("shippingSiteCountry"),
                reference("billingTerms", "billingTerms").or_else_from([](const Database& db) {
                  return first_flagged(db, "billingTerms", "defaultFlag");
                }),
                reference("billingSetupReference", "billingSetups"),
                text("reference").at_most(50).or_else(""),
                text("customerPO").at_most(50),
                integer("templateSetupId").or_else(std::int64_t{1}),
                integer("emailTemplateId").or_else(std::int64_t{1}),
                boolean("addToBatchEmailList").or_else(false),
                date_time("date"),
                boolean("restrictDownpaymentFlag").or_else(false),
                integer("locationId"),
                reference("location", "locations"),
                integer("departmentId"),
                reference("department", "departments"),
                integer("territoryId"),
                reference("territory", "locations"),
                text("topComment").or_else(""),
                text("bottomComment").or_else(""),
                boolean("taxableFlag").or_else(false),
                reference("taxCode", "taxCodes"),
                text("internalNotes"),
                boolean("downpaymentPreviouslyTaxedFlag").or_else(false),
                decimal("serviceTotal").or_else(0.0).is_read_only(),
                boolean("overrideDownPaymentAmountFlag").or_else(false),
                reference("currency", "currencies").or_else_from([](const Database& db) {
                  return first_of(db, "currencies");
                }),
                date_time("dueDate"),
                decimal("expenseTotal").or_else(0.0).is_read_only(),
                decimal("productTotal").or_else(0.0).is_read_only(),
                decimal("previousProgressApplied").or_else(0.0),
                decimal("serviceAdjustmentAmount").or_else(0.0),
                decimal("agreementAmount").or_else(0.0).is_read_only(),
                decimal("downpaymentApplied").or_else(0.0),
                decimal("subtotal").or_else(0.0).is_read_only(),
                decimal("total").or_else(0.0).is_read_only(),
                decimal("remainingDownpayment").or_else(0.0).is_read_only(),
                decimal("salesTax").or_else(0.0).is_read_only(),
                text("adjustmentReason"),
                text("adjustedBy").is_read_only(),
                text("closedBy").is_read_only(),
                decimal("payments").or_else(0.0).is_read_only(),
                decimal("credits").or_else(0.0).is_read_only(),
                decimal("balance").or_else(0.0).is_read_only(),
                boolean("specialInvoiceFlag").or_else(false),
                reference("ticket", "tickets"),
                reference("phase", "projectPhases"),
                reference("salesOrder", "orders"),
                reference("agreement", "agreements"),
                custom_field_values()});
  made.reference_form = {{"id", "id"},
                         {"identifier", "identifier"},
                         {"invoiceDate", "invoiceDate"},
                         {"chargeFirmFlag", "chargeFirmFlag"}};
  made.info = {{"payments_href", "finance/invoices/{id}/payments", ""},
               {"timeEntries_href", "time/entries?conditions=invoice/id={id}", ""},
               {"expenseEntries_href", "expense/entries?conditions=invoice/id={id}", ""},
               {"products_href", "procurement/products?conditions=invoice/id={id}", ""}};
  made.custom_fields = {{42, "Delivery note", "Text", "EntryField", 0}};
  made.rules = invoice_rules();
  return made;
}

Resource invoice_payments() {
  Resource made = resource(
      "invoicePayments", "finance/invoices/{invoice}/payments", "InvoicePayment", "Payment",
      "payment",
      {text("type"), text("source"), reference("invoice", "invoices").is_read_only(),
       reference("credit", "invoices"), decimal("amount").is_required(),
       decimal("balance").is_read_only(), decimal("invoiceBalance").read_via("invoice/balance"),
       decimal("invoiceTotal").read_via("invoice/total"), date_time("paymentDate"),
       text("appliedBy"), text("paymentSyncStatus"), text("glBatchID").at_most(50),
       date_time("paymentSyncDate"), text("paymentAccount"), text("aRPaymentAccount")});
  made.rules = payment_rules();
  return made;
}

}  // namespace

void add_finance_resources(std::vector<Resource>& out) {
  Resource currencies = resource(
      "currencies", "finance/currencies", "FinanceCurrency", "Currency", "currency",
      {text("symbol"), text("currencyCode"), text("decimalSeparator"), integer("numberOfDecimals"),
       text("thousandsSeparator"), boolean("negativeParenthesesFlag").or_else(false),
       boolean("displaySymbolFlag").or_else(true), text("currencyIdentifier"),
       boolean("displayIdFlag").or_else(true), boolean("rightAlign").or_else(false),
       text("name").is_required()});
  currencies.reference_form = {{"id", "id"},
                               {"symbol", "symbol"},
                               {"currencyCode", "currencyCode"},
                               {"decimalSeparator", "decimalSeparator"},
                               {"numberOfDecimals", "numberOfDecimals"},
                               {"thousandsSeparator", "thousandsSeparator"},
                               {"negativeParenthesesFlag", "negativeParenthesesFlag"},
                               {"displaySymbolFlag", "displaySymbolFlag"},
                               {"currencyIdentifier", "currencyIdentifier"},
                               {"displayIdFlag", "displayIdFlag"},
                               {"rightAlign", "rightAlign"},
                               {"name", "name"}};
  out.push_back(std::move(currencies));
  out.push_back(tax_codes());
  out.push_back(billing_terms());
  out.push_back(billing_cycles());
  out.push_back(billing_statuses());
  out.push_back(invoices());
  out.push_back(invoice_payments());
}

}  // namespace patchbay::sandbox
