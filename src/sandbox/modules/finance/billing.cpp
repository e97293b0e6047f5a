// What billing is set up with: /finance/currencies, /finance/taxCodes, /finance/billingTerms,
// /finance/billingCycles, /finance/billingSetups.
#include "sandbox/modules/finance/billing.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kCurrencyFields[] = {
    text("symbol"),
    text("currencyCode"),
    text("decimalSeparator"),
    integer("numberOfDecimals"),
    text("thousandsSeparator"),
    boolean("negativeParenthesesFlag").or_else(false),
    boolean("displaySymbolFlag").or_else(true),
    text("currencyIdentifier"),
    boolean("displayIdFlag").or_else(true),
    boolean("rightAlign").or_else(false),
    text("name").is_required(),
};

constexpr ReferenceMember kCurrencyForm[] = {{"id", "id"},
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

constexpr FieldSpec kTaxCodeFields[] = {
    text("name").is_hidden().read_via("identifier"),
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
    choice("levelOneRateType", "Amount, Percent").or_else("Percent"),
    decimal("levelOneTaxableMax"),
    text("levelOneCaption").at_most(25),
    boolean("levelOneServicesFlag").or_else(false),
    boolean("levelOneExpensesFlag").or_else(false),
    boolean("levelOneProductsFlag").or_else(false),
    integers("workRoleIds"),
    integers("expenseTypeIds"),
    integers("productTypeIds"),
};

constexpr FieldSpec kBillingTermFields[] = {
    text("name").at_most(50).is_required(),
    boolean("defaultFlag").or_else(false),
    integer("dueDays").is_required(),
    text("termsXref").at_most(50),
};

constexpr FieldSpec kBillingCycleFields[] = {
    text("identifier").at_most(5).is_required(),
    text("name").at_most(50).is_required(),
    boolean("defaultFlag").or_else(false),
    choice("billingOptions",
           "BiMonthly, BiWeekly, Monthly, NotRecurring, Quarterly, "
           "SemiAnnual, Weekly, Yearly")
        .is_required(),
};

constexpr FieldSpec kBillingSetupFields[] = {
    text("name").is_hidden().read_via("remitName"),
    text("remitName"),
    reference("location", "locations"),
    text("addressOne"),
    text("addressTwo"),
    text("city"),
    text("zip"),
    reference("country", "countries"),
    text("phone"),
    text("invoiceTitle"),
    text("payableName"),
    reference("currency", "currencies"),
};

constexpr ResourceSpec kBillingResources[] = {
    {
        .name = "currencies",
        .path = "finance/currencies",
        .type = "FinanceCurrency",
        .label = "Currency",
        .href = "currency",
        .fields = kCurrencyFields,
        .reference_form = kCurrencyForm,
    },
    {
        .name = "taxCodes",
        .path = "finance/taxCodes",
        .type = "TaxCode",
        .label = "Tax code",
        .href = "taxCode",
        .fields = kTaxCodeFields,
    },
    {
        .name = "billingTerms",
        .path = "finance/billingTerms",
        .type = "BillingTerm",
        .label = "Billing terms",
        .fields = kBillingTermFields,
    },
    {
        .name = "billingCycles",
        .path = "finance/billingCycles",
        .type = "BillingCycle",
        .label = "Billing Cycle",
        .href = "billingCycle",
        .fields = kBillingCycleFields,
    },
    {
        .name = "billingSetups",
        .path = "finance/billingSetups",
        .type = "BillingSetup",
        .label = "Billing setup",
        .href = "billingSetup",
        .fields = kBillingSetupFields,
        .methods = kReadOnly,
    },
};

}  // namespace

std::span<const ResourceSpec> billing_resources() {
  return kBillingResources;
}

}  // namespace patchbay::sandbox
