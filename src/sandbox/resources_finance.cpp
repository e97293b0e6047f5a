// What other records of this step refer to: /finance.
#include "sandbox/resources.h"

namespace patchbay::sandbox {

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

  out.push_back(resource(
      "taxCodes", "finance/taxCodes", "TaxCode", "Tax code", "taxCode",
      {text("identifier").is_required(), text("name").is_hidden().read_via("identifier")}));
  Resource terms = resource("billingTerms", "finance/billingTerms", "BillingTerm", "Billing terms",
                            "", {text("name").is_required(), integer("dueDays")});
  out.push_back(std::move(terms));

  // Read-only until the finance module is built: time entries and tickets refer to agreements.
  Resource agreements = resource(
      "agreements", "finance/agreements", "Agreement", "Agreement", "agreement",
      {text("name").is_required().at_most(100), text("agreementTypeName").is_hidden(),
       reference("company", "companies").is_required(), reference("contact", "contacts"),
       date_time("startDate"), date_time("endDate"), boolean("noEndingDateFlag"),
       boolean("cancelledFlag"), decimal("billAmount"), boolean("chargeToFirm").or_else(false),
       choice("agreementStatus", {"Active", "Cancelled", "Expired", "Inactive"})});
  agreements.reference_form = {{"id", "id"},
                               {"name", "name"},
                               {"type", "agreementTypeName"},
                               {"chargeFirmFlag", "chargeToFirm"}};
  agreements.methods = kReadOnly;
  out.push_back(std::move(agreements));

  Resource invoices = resource(
      "invoices", "finance/invoices", "Invoice", "Invoice", "invoice",
      {text("identifier"), date_time("invoiceDate"), boolean("chargeFirmFlag").or_else(false)});
  invoices.reference_form = {{"id", "id"},
                             {"identifier", "identifier"},
                             {"invoiceDate", "invoiceDate"},
                             {"chargeFirmFlag", "chargeFirmFlag"}};
  invoices.methods = kUnserved;
  out.push_back(std::move(invoices));
}

}  // namespace patchbay::sandbox
