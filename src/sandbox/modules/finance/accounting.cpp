// What accounting takes over: /finance/billingSetups, /finance/accounting. Nothing is posted here,
// so every invoice waits among the unposted ones, which only show what the invoice says.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource billing_setups() {
  Resource made = resource(
      "billingSetups", "finance/billingSetups", "BillingSetup", "Billing setup", "billingSetup",
      {text("name").is_hidden().read_via("remitName"), text("remitName"),
       reference("location", "locations"), text("addressOne"), text("addressTwo"), text("city"),
       text("zip"), reference("country", "countries"), text("phone"), text("invoiceTitle"),
       text("payableName"), reference("currency", "currencies")});
  made.methods = kReadOnly;
  return made;
}

// Whether an amount of the invoice is there.
Field has(std::string name, std::string amount) {
  return boolean(std::move(name))
      .read_by([amount = std::move(amount)](const Database& db, const Record& unposted) -> Cell {
        const Table& table = db.table("unpostedInvoices");
        return double_or(db.read(table, unposted, "invoice/" + amount), 0) != 0;
      });
}

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

Resource unposted_invoices() {
  Resource made;
  made.name = "unpostedInvoices";
  made.path = "finance/accounting/unpostedinvoices";
  made.type = "UnpostedInvoice";
  made.label = "Unposted invoice";
  made.methods = kReadOnly;
  made.fields = {
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
      has("hasTime", "serviceTotal"),
      has("hasExpenses", "expenseTotal"),
      has("hasProducts", "productTotal"),
      boolean("invoiceTaxableFlag").read_via("invoice/taxableFlag"),
      reference("taxCode", "taxCodes").read_via("invoice/taxCode"),
      boolean("avalaraTaxFlag").or_else(false),
      boolean("itemTaxableFlag").read_via("invoice/taxableFlag"),
      decimal("salesTaxAmount").read_via("invoice/salesTax"),
      boolean("stateTaxFlag").or_else(false),
      decimal("stateTaxAmount").read_via("invoice/salesTax"),
  };
  // Taxes have one level here, the state's.
  for (const char* level : {"county", "city", "country", "composite", "levelSix"}) {
    made.fields.push_back(boolean(std::string(level) + "TaxFlag").or_else(false));
    made.fields.push_back(decimal(std::string(level) + "TaxAmount").or_else(0.0));
  }
  made.fields.push_back(text("createdBy").read_via("invoice/enteredBy"));
  made.fields.push_back(date_time("dateClosed").read_by(date_closed));
  return made;
}

}  // namespace

void add_accounting_resources(std::vector<Resource>& out) {
  out.push_back(billing_setups());
  out.push_back(unposted_invoices());
}

}  // namespace patchbay::sandbox
