// Invoices and their payments. Totals are what time, expenses, products and the agreement add up
// to.
#include "sandbox/modules/finance/invoices_rules.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// The lines of a site's address, into "<prefix>AddressLine1" and so on.
void write_address(const Database& db, const Table& table, Record& record,
                   const std::string& prefix) {
  const Table& sites = db.table("companySites");
  const Record* site = sites.find(id_in(table, record, prefix));
  if (site == nullptr) return;
  for (const auto& [name, from] :
       {std::pair("AddressLine1", "addressLine1"), std::pair("AddressLine2", "addressLine2"),
        std::pair("City", "city"), std::pair("Zip", "zip"), std::pair("Country", "country/name")}) {
    fill_if_null(table, record, prefix + name, db.read(sites, *site, from));
  }
}

double sum_for(const Database& db, std::string_view of, std::string_view amount,
               std::int64_t invoice) {
  const Table& table = db.table(of);
  const std::size_t to_invoice = table.column("invoice");
  const std::size_t value = table.column(amount);
  double sum = 0;
  for (const auto& [id, record] : table.records()) {
    if (reference_or(record.cells[to_invoice], 0) != invoice) continue;
    sum += double_or(record.cells[value], 0);
  }
  return sum;
}

// The agreement's own amount and its additions in force.
double amount_of_agreement(const Database& db, std::int64_t agreement) {
  const Table& agreements = db.table("agreements");
  const Record* record = agreements.find(agreement);
  if (record == nullptr) return 0;
  double sum = number_in(agreements, *record, "billAmount");
  const Table& additions = db.table("additions");
  for (const std::int64_t id : additions.children_of(agreement)) {
    const Record& addition = *additions.find(id);
    if (!is_null(additions.at(addition, "cancelledDate"))) continue;
    if (text_or(additions.at(addition, "billCustomer"), "") != "Billable") continue;
    sum += number_in(additions, addition, "extPrice");
  }
  return to_cents(sum);
}

std::string next_number(const Table& invoices) {
  std::int64_t highest = 12'000;
  for (const auto& [id, invoice] : invoices.records()) {
    const auto number = parse_int64(text_or(invoices.at(invoice, "invoiceNumber"), ""));
    highest = std::max(highest, number.value_or(0));
  }
  return std::to_string(highest + 1);
}

void fill_invoice(const WriteContext& context, Record& invoice) {
  const Table& table = context.table;
  const Database& db = context.db;
  if (context.before == nullptr) {
    table.at(invoice, "invoiceNumber") = next_number(table);
    fill_if_null(table, invoice, "date", context.now);
  }
  const Table& companies = db.table("companies");
  fill_if_null(table, invoice, "billToCompany", table.at(invoice, "company"));
  fill_if_null(table, invoice, "shipToCompany", table.at(invoice, "company"));
  if (const Record* company = companies.find(id_in(table, invoice, "company"))) {
    fill_if_null(table, invoice, "billingSite", companies.at(*company, "billingSite"));
    fill_if_null(table, invoice, "taxCode", companies.at(*company, "taxCode"));
  }
  const Table& terms = db.table("billingTerms");
  if (const Record* term = terms.find(id_in(table, invoice, "billingTerms"))) {
    const auto* date = std::get_if<Instant>(&table.at(invoice, "date"));
    if (date != nullptr && is_null(table.at(invoice, "dueDate"))) {
      table.at(invoice, "dueDate") =
          *date + std::chrono::days(int_or(terms.at(*term, "dueDays"), 0));
    }
  }
  if (context.before == nullptr && text_or(table.at(invoice, "type"), "") == "Agreement") {
    table.at(invoice, "agreementAmount") =
        amount_of_agreement(db, id_in(table, invoice, "agreement"));
  }
  if (context.before == nullptr) {
    const Record* setup = db.table("billingSetups").find(1);
    if (setup != nullptr) fill_if_null(table, invoice, "billingSetupReference", RecordReference{1});
    complete_invoice(db, table, invoice);
  }
  const bool closed = bool_or(db.read(table, invoice, "status/closedFlag"), false);
  if (!closed) {
    table.at(invoice, "closedBy") = Cell();
  } else {
    fill_if_null(table, invoice, "closedBy", member_identifier(db, context.member));
  }
  total_invoice(db, table, invoice);
}

}  // namespace

void total_invoice(const Database& db, const Table& table, Record& invoice) {
  const double service = sum_for(db, "timeEntries", "extendedInvoiceAmount", invoice.id) +
                         number_in(table, invoice, "serviceAdjustmentAmount");
  const double expenses = sum_for(db, "expenseEntries", "invoiceAmount", invoice.id);
  const double products = sum_for(db, "products", "extPrice", invoice.id);
  const double subtotal = to_cents(service) + to_cents(expenses) + to_cents(products) +
                          number_in(table, invoice, "agreementAmount");
  const Table& codes = db.table("taxCodes");
  const Record* code = codes.find(id_in(table, invoice, "taxCode"));
  const bool taxable = bool_or(table.at(invoice, "taxableFlag"), false);
  const double rate = taxable && code != nullptr ? number_in(codes, *code, "levelOneRate") : 0;
  const double tax = to_cents(subtotal * rate / 100);
  const Table& payments = db.table("invoicePayments");
  double paid = 0;
  for (const std::int64_t id : payments.children_of(invoice.id)) {
    paid += number_in(payments, *payments.find(id), "amount");
  }
  const double total = to_cents(subtotal + tax - number_in(table, invoice, "downpaymentApplied") -
                                number_in(table, invoice, "previousProgressApplied"));
  table.at(invoice, "serviceTotal") = to_cents(service);
  table.at(invoice, "expenseTotal") = to_cents(expenses);
  table.at(invoice, "productTotal") = to_cents(products);
  table.at(invoice, "subtotal") = to_cents(subtotal);
  table.at(invoice, "salesTax") = tax;
  table.at(invoice, "total") = total;
  table.at(invoice, "payments") = to_cents(paid);
  table.at(invoice, "balance") = to_cents(total - paid - number_in(table, invoice, "credits"));
}

void total_invoice(Database& db, std::int64_t invoice) {
  Table& table = db.table("invoices");
  const Record* record = table.find(invoice);
  if (record == nullptr) return;
  Record changed = *record;
  total_invoice(db, table, changed);
  table.put(std::move(changed));
}

const Rules kInvoiceRules = {
    .fill = fill_invoice,
    .stored =
        [](const WriteContext& context, const Record& invoice) {
          if (context.before == nullptr) mirror_unposted(context.db, invoice.id);
        },
    .refuses_delete = [](const Database& db, const Record& invoice) -> std::optional<ApiError> {
      const Table& table = db.table("invoices");
      if (number_in(table, invoice, "payments") == 0) return std::nullopt;
      return invalid_object("invoice",
                            {{"InvalidOperation", "An invoice that has payments cannot be deleted.",
                              "invoice", "payments"}});
    },
    .deleted =
        [](Database& db, const Record& invoice) {
          db.table("unpostedInvoices").erase(invoice.id);
          for (const std::string_view name : {"timeEntries", "expenseEntries", "products"}) {
            Table& table = db.table(name);
            std::vector<Record> freed;
            for (const auto& [id, record] : table.records()) {
              if (id_in(table, record, "invoice") == invoice.id) freed.push_back(record);
            }
            for (Record& record : freed) {
              table.at(record, "invoice") = Cell();
              if (table.find_column("invoiceFlag")) table.at(record, "invoiceFlag") = false;
              table.put(std::move(record));
            }
          }
        },
};

const Rules kPaymentRules = {
    .fill =
        [](const WriteContext& context, Record& payment) {
          const Table& table = context.table;
          fill_if_null(table, payment, "paymentDate", context.now);
          fill_if_null(table, payment, "appliedBy", member_identifier(context.db, context.member));
          table.at(payment, "balance") = 0.0;
        },
    .check =
        [](const WriteContext& context, const Record& payment, std::vector<InvalidField>& errors) {
          const Table& table = context.table;
          const Table& invoices = context.db.table("invoices");
          const Record* invoice = invoices.find(id_in(table, payment, "invoice"));
          if (invoice == nullptr) return;
          const double before =
              context.before == nullptr ? 0 : number_in(table, *context.before, "amount");
          const double open = number_in(invoices, *invoice, "balance") + before;
          if (number_in(table, payment, "amount") > open + 0.005) {
            errors.push_back({"OutOfRange", "amount cannot exceed the balance of the invoice.",
                              "invoicePayment", "amount"});
          }
        },
    .stored =
        [](const WriteContext& context, const Record& payment) {
          total_invoice(context.db, id_in(context.table, payment, "invoice"));
        },
    .deleted =
        [](Database& db, const Record& payment) {
          total_invoice(db, id_in(db.table("invoicePayments"), payment, "invoice"));
        },
};

void complete_invoice(const Database& db, const Table& table, Record& invoice) {
  fill_if_null(table, invoice, "departmentId", std::int64_t{1});
  fill_if_null(table, invoice, "locationId", std::int64_t{1});
  fill_if_null(table, invoice, "shippingSite", table.at(invoice, "billingSite"));
  write_address(db, table, invoice, "billingSite");
  write_address(db, table, invoice, "shippingSite");
  const Table& companies = db.table("companies");
  if (const Record* company = companies.find(id_in(table, invoice, "company"))) {
    fill_if_null(table, invoice, "accountNumber", companies.at(*company, "accountNumber"));
    fill_if_null(table, invoice, "territory", companies.at(*company, "territory"));
    fill_if_null(table, invoice, "attention", db.read(companies, *company, "billingContact/name"));
  }
  const std::int64_t territory = id_in(table, invoice, "territory");
  if (territory != 0) fill_if_null(table, invoice, "territoryId", territory);
  for (const auto& [field, from] :
       {std::pair("department", "departmentId"), std::pair("location", "locationId")}) {
    fill_if_null(table, invoice, field, RecordReference{int_or(table.at(invoice, from), 0)});
  }
}

void mirror_unposted(Database& db, std::int64_t invoice) {
  Table& unposted = db.table("unpostedInvoices");
  Record record = with_fallbacks(db, unposted);
  record.id = invoice;
  unposted.at(record, "invoice") = RecordReference{invoice};
  unposted.at(record, "billingLogId") = 30'000 + invoice;
  unposted.put(std::move(record));
}

}  // namespace patchbay::sandbox
