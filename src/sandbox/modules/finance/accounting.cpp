// What accounting takes over: /finance/accounting. Nothing is posted here, so every invoice waits
// among the unposted ones, which only show what the invoice says.
#include "sandbox/modules/finance/accounting.h"

#include <string>
#include <string_view>

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

Cell due_days(const Database& db, const Record& unposted) {
  const Cell days = db.read(db.table("unpostedInvoices"), unposted, "invoice/billingTerms/dueDays");
  return is_null(days) ? Cell() : Cell(std::to_string(int_or(days, 0)));
}

Cell description(const Database& db, const Record& unposted) {
  return text_or(db.read(db.table("unpostedInvoices"), unposted, "invoice/type"), "") +
         " invoice for " +
         text_or(db.read(db.table("unpostedInvoices"), unposted, "invoice/company/name"), "");
}

Cell date_closed(const Database& db, const Record& unposted) {
  const Table& table = db.table("unpostedInvoices");
  if (!bool_or(db.read(table, unposted, "invoice/status/closedFlag"), false)) return {};
  return db.read(table, unposted, "invoice/lastUpdated");
}

// Whether an amount of the invoice is there.
Cell has(const Database& db, const Record& unposted, std::string_view amount) {
  return double_or(db.read(db.table("unpostedInvoices"), unposted, amount), 0) != 0;
}

constexpr FieldSpec kUnpostedInvoiceFields[] = {
    reference("invoice", "invoices").is_hidden(),
    integer("billingLogId"),
    integer("locationId").read_via("invoice/locationId"),
    reference("location", "locations").read_via("invoice/location"),
    integer("departmentId").read_via("invoice/departmentId"),
    reference("department", "departments").read_via("invoice/department"),
    reference("company", "companies").read_via("invoice/company"),
    text("accountNumber").read_via("invoice/accountNumber"),
    reference("billToCompany", "companies").read_via("invoice/billToCompany"),
    reference("billToSite", "companySites").read_via("invoice/billingSite"),
    reference("shipToCompany", "companies").read_via("invoice/shipToCompany"),
    reference("shipToSite", "companySites").read_via("invoice/shippingSite"),
    text("invoiceNumber").read_via("invoice/invoiceNumber"),
    date_time("invoiceDate").read_via("invoice/date"),
    text("invoiceType").read_via("invoice/type"),
    text("description").read_by(description),
    reference("billingTerms", "billingTerms").read_via("invoice/billingTerms"),
    text("dueDays").read_by(due_days),
    date_time("dueDate").read_via("invoice/dueDate"),
    reference("currency", "currencies").read_via("invoice/currency"),
    decimal("subTotal").read_via("invoice/subtotal"),
    decimal("total").read_via("invoice/total"),
    boolean("hasTime").read_by([](const Database& db, const Record& unposted) {
      return has(db, unposted, "invoice/serviceTotal");
    }),
    boolean("hasExpenses").read_by([](const Database& db, const Record& unposted) {
      return has(db, unposted, "invoice/expenseTotal");
    }),
    boolean("hasProducts").read_by([](const Database& db, const Record& unposted) {
      return has(db, unposted, "invoice/productTotal");
    }),
    boolean("invoiceTaxableFlag").read_via("invoice/taxableFlag"),
    reference("taxCode", "taxCodes").read_via("invoice/taxCode"),
    boolean("avalaraTaxFlag").or_else(false),
    boolean("itemTaxableFlag").read_via("invoice/taxableFlag"),
    decimal("salesTaxAmount").read_via("invoice/salesTax"),
    boolean("stateTaxFlag").or_else(false),
    decimal("stateTaxAmount").read_via("invoice/salesTax"),
    // Taxes have one level here, the state's.
    boolean("countyTaxFlag").or_else(false),
    decimal("countyTaxAmount").or_else(0.0),
    boolean("cityTaxFlag").or_else(false),
    decimal("cityTaxAmount").or_else(0.0),
    boolean("countryTaxFlag").or_else(false),
    decimal("countryTaxAmount").or_else(0.0),
    boolean("compositeTaxFlag").or_else(false),
    decimal("compositeTaxAmount").or_else(0.0),
    boolean("levelSixTaxFlag").or_else(false),
    decimal("levelSixTaxAmount").or_else(0.0),
    text("createdBy").read_via("invoice/enteredBy"),
    date_time("dateClosed").read_by(date_closed),
};

constexpr ResourceSpec kAccountingResources[] = {
    {
        .name = "unpostedInvoices",
        .path = "finance/accounting/unpostedinvoices",
        .type = "UnpostedInvoice",
        .label = "Unposted invoice",
        .fields = kUnpostedInvoiceFields,
        .stamps = {},
        .methods = kReadOnly,
    },
};

}  // namespace

std::span<const ResourceSpec> accounting_resources() {
  return kAccountingResources;
}

}  // namespace patchbay::sandbox
