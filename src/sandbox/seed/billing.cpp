// Money: additions to agreements, expenses, invoices that add up, payments.
#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>
#include <vector>

#include <fmt/core.h>

#include "sandbox/modules/expense/reports.h"
#include "sandbox/modules/finance/agreements_rules.h"
#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

constexpr double kMileRate = 0.67;  // dollars; what the American tax office allowed in 2024

class Billing {
 public:
  explicit Billing(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("billing")),
        now_(context.options.now) {}

  void run() {
    add_additions();
    add_expense_types();
    for (int i = 0; i < 60 * context_.options.scale; ++i) add_expense(i);
    total_reports();
    invoice_products();
    invoice_expenses();
    complete_standard_invoices();
    add_agreement_invoices();
  }

 private:
  std::int64_t item(std::string_view identifier) const {
    const Record* found = db_.table("catalogItems").find_by("identifier", identifier);
    return found == nullptr ? 0 : found->id;
  }

  void add_addition(std::int64_t agreement, std::string_view identifier, double quantity,
                    Instant since) {
    const Table& catalog = db_.table("catalogItems");
    const Record& product = *catalog.find(item(identifier));
    Draft draft(db_, "additions");
    draft.refer("agreement", agreement)
        .refer("product", product.id)
        .set("quantity", quantity)
        .set("unitPrice", catalog.at(product, "price"))
        .set("unitCost", catalog.at(product, "cost"))
        .set("description", catalog.at(product, "description"))
        .set("invoiceDescription", catalog.at(product, "customerDescription"))
        .set("uom", "Each")
        .set("sequenceNumber", static_cast<double>(++sequence_))
        .set("effectiveDate", since)
        .entered(since, "nlarsen");
    price_addition(db_, draft.table(), draft.record());
    amounts_[agreement] += number_in(draft.table(), draft.record(), "extPrice");
    draft.insert();
  }

  void add_additions() {
    const Table& agreements = db_.table("agreements");
    for (const auto& [id, agreement] : agreements.records()) {
      const Instant since = instant_or(agreements.at(agreement, "startDate"), now_);
      sequence_ = 0;
      amounts_[id] = number_in(agreements, agreement, "billAmount");
      if (id_in(agreements, agreement, "type") == 2) continue;  // block hours stand alone
      const int users = random_.between(5, 60);
      add_addition(id, "MS-USER", users, since);
      add_addition(id, "M365-BP", users, since);
      add_addition(id, "EDR-SEAT", users + random_.between(0, 10), since);
      if (random_.chance(60)) add_addition(id, "BKP-SRV", random_.between(1, 6), since);
    }
  }

  void add_expense_types() {
    for (const char* name : {"Mileage", "Parking", "Meals", "Hotel", "Materials"}) {
      const bool by_distance = std::string_view(name) == "Mileage";
      Draft(db_, "expenseTypes")
          .set("name", name)
          .set("amountCaption", by_distance ? "Miles" : "Amount")
          .set("reimbursementRate", by_distance ? Cell(kMileRate) : Cell())
          .set("billExpenses", std::string_view(name) == "Meals" ? "DoNotBill" : "Billable")
          .set("invoiceMarkupOption", "Percent")
          .set("mileageFlag", by_distance)
          .set("defaultFlag", std::string_view(name) == "Materials")
          .entered(now_ - days(1300), "zadmin")
          .insert();
    }
  }

  void add_expense(int index) {
    static constexpr const char* kWords[] = {"Drive to the client and back",
                                             "Parking at the client's office", "Lunch on site",
                                             "One night on site", "Cables and adapters"};
    const Table& tickets = db_.table("tickets");
    const auto at = tickets.records().lower_bound(38'000 + random_.below(2500));
    if (at == tickets.records().end()) return;
    const Record& ticket = at->second;
    const Instant date = std::chrono::floor<days>(now_) - days(random_.between(1, 110));
    const auto field = context_.team("field");
    const SeededMember& member = *field[static_cast<std::size_t>(index) % field.size()];
    const int type = random_.below(5);
    const double amount = random_.between(8, 160) + 0.5;
    const bool old = now_ - date > days(35);
    Draft draft(db_, "expenseEntries");
    if (index == 0) draft.id(2001);
    draft.refer("company", id_in(tickets, ticket, "company"))
        .set("chargeToId", ticket.id)
        .set("chargeToType", "ServiceTicket")
        .refer("ticket", ticket.id)
        .refer("type", type + 1)
        .refer("member", member.id)
        .set("amount", amount)
        .set("billableOption", type == 2 ? "DoNotBill" : "Billable")
        .set("invoiceAmount", type == 2 ? 0.0 : to_cents(type == 0 ? amount * kMileRate : amount))
        .set("date", date)
        .set("notes", kWords[type])
        .set("locationId", std::int64_t{1})
        .set("businessUnitId", std::int64_t{1})
        .set("status", old ? "ApprovedByTierTwo" : "Open")
        .set("mobileGuid", random_guid(random_))
        .refer("expenseReport", expense_report_for(db_, member.id, date))
        .entered(date + std::chrono::hours(18) < now_ ? date + std::chrono::hours(18) : date,
                 member.identifier);
    draft.insert();
  }

  void total_reports() {
    const Table& entries = db_.table("expenseEntries");
    std::map<std::int64_t, double> sums;
    for (const auto& [id, entry] : entries.records()) {
      sums[id_in(entries, entry, "expenseReport")] += worth_of(db_, entry);
    }
    Table& reports = db_.table("expenseReports");
    for (const auto& [id, sum] : sums) {
      Record report = *reports.find(id);
      reports.at(report, "total") = to_cents(sum);
      const Instant end = instant_or(reports.at(report, "dateEnd"), now_);
      if (now_ - end > days(20)) reports.at(report, "status") = "ApprovedByTierTwo";
      reports.put(std::move(report));
    }
  }

  // Delivered products of tickets go on an invoice of the same company.
  void invoice_products() {
    const Table& invoices = db_.table("invoices");
    std::map<std::int64_t, std::int64_t> of_company;
    for (const auto& [id, invoice] : invoices.records()) {
      of_company[id_in(invoices, invoice, "company")] = id;
    }
    Table& products = db_.table("products");
    std::vector<Record> changed;
    for (const auto& [id, product] : products.records()) {
      if (id_in(products, product, "ticket") == 0 || id % 3 == 0) continue;
      const auto found = of_company.find(id_in(products, product, "company"));
      if (found == of_company.end()) continue;
      changed.push_back(product);
      products.at(changed.back(), "invoice") = RecordReference{found->second};
    }
    for (Record& product : changed) products.put(std::move(product));
  }

  // Billable expenses of two months ago and older go on an invoice of a later date.
  void invoice_expenses() {
    const Table& invoices = db_.table("invoices");
    std::map<std::int64_t, std::pair<Instant, std::int64_t>> newest;
    for (const auto& [id, invoice] : invoices.records()) {
      auto& [date, of] = newest[id_in(invoices, invoice, "company")];
      const Instant when = instant_or(invoices.at(invoice, "date"), now_);
      if (when >= date) std::tie(date, of) = std::pair(when, id);
    }
    Table& entries = db_.table("expenseEntries");
    std::vector<Record> billed;
    for (const auto& [id, entry] : entries.records()) {
      const auto found = newest.find(id_in(entries, entry, "company"));
      const Instant date = instant_or(entries.at(entry, "date"), now_);
      if (found == newest.end() || found->second.first < date || now_ - date < days(60)) continue;
      if (number_in(entries, entry, "invoiceAmount") == 0) continue;
      billed.push_back(entry);
      entries.at(billed.back(), "invoice") = RecordReference{found->second.second};
      entries.at(billed.back(), "status") = "Billed";
    }
    for (Record& entry : billed) entries.put(std::move(entry));
  }

  // Time and products were put on these before; now the sums, and who is to pay.
  void complete_standard_invoices() {
    const Table& entries = db_.table("timeEntries");
    const std::size_t to_invoice = entries.column("invoice");
    const std::size_t amount = entries.column("extendedInvoiceAmount");
    std::map<std::int64_t, double> service;
    for (const auto& [id, entry] : entries.records()) {
      const std::int64_t invoice = reference_or(entry.cells[to_invoice], 0);
      if (invoice != 0) service[invoice] += double_or(entry.cells[amount], 0);
    }
    const Table& products = db_.table("products");
    std::map<std::int64_t, double> sold;
    for (const auto& [id, product] : products.records()) {
      const std::int64_t invoice = id_in(products, product, "invoice");
      if (invoice != 0) sold[invoice] += number_in(products, product, "extPrice");
    }
    std::vector<std::int64_t> ids;
    for (const auto& [id, invoice] : db_.table("invoices").records()) ids.push_back(id);
    const Table& expenses = db_.table("expenseEntries");
    std::map<std::int64_t, double> spent;
    for (const auto& [id, expense] : expenses.records()) {
      const std::int64_t invoice = id_in(expenses, expense, "invoice");
      if (invoice != 0) spent[invoice] += number_in(expenses, expense, "invoiceAmount");
    }
    for (const std::int64_t id : ids) finish(id, service[id], spent[id], sold[id], 0);
  }

  void add_agreement_invoices() {
    std::int64_t number = 13'000;
    const Table& agreements = db_.table("agreements");
    const std::chrono::year_month_day today(std::chrono::floor<days>(now_));
    for (int back = 2; back >= 0; --back) {
      const auto month = today.year() / today.month() - std::chrono::months(back);
      const Instant date = std::chrono::sys_days(month / 1);
      for (const auto& [id, agreement] : agreements.records()) {
        if (instant_or(agreements.at(agreement, "startDate"), now_) > date) continue;
        Draft draft(db_, "invoices");
        draft.set("invoiceNumber", std::to_string(++number))
            .set("type", "Agreement")
            .refer("agreement", id)
            .set("applyToType", "Agreement")
            .set("applyToId", id)
            .refer("company", id_in(agreements, agreement, "company"))
            .set("date", date)
            .entered(date, "nlarsen");
        finish(draft.insert(), 0, 0, 0, to_cents(amounts_[id]));
      }
    }
  }

  void finish(std::int64_t id, double service, double expenses, double products, double agreement) {
    Table& invoices = db_.table("invoices");
    Record invoice = *invoices.find(id);
    const std::int64_t company = id_in(invoices, invoice, "company");
    const Table& companies = db_.table("companies");
    const Record& of = *companies.find(company);
    const Instant date = instant_or(invoices.at(invoice, "date"), now_);
    const double subtotal = to_cents(service) + to_cents(expenses) + to_cents(products) + agreement;
    const double tax = to_cents(subtotal * 0.07);
    const double total = to_cents(subtotal + tax);
    invoices.at(invoice, "billToCompany") = RecordReference{company};
    invoices.at(invoice, "shipToCompany") = RecordReference{company};
    invoices.at(invoice, "billingSite") = companies.at(of, "billingSite");
    invoices.at(invoice, "billingTerms") = RecordReference{1};
    invoices.at(invoice, "taxCode") = RecordReference{2};
    invoices.at(invoice, "taxableFlag") = true;
    invoices.at(invoice, "currency") = RecordReference{1};
    invoices.at(invoice, "locationId") = std::int64_t{1};
    invoices.at(invoice, "location") = RecordReference{1};
    invoices.at(invoice, "dueDate") = date + days(30);
    invoices.at(invoice, "serviceTotal") = to_cents(service);
    invoices.at(invoice, "expenseTotal") = to_cents(expenses);
    invoices.at(invoice, "productTotal") = to_cents(products);
    invoices.at(invoice, "agreementAmount") = agreement;
    invoices.at(invoice, "subtotal") = to_cents(subtotal);
    invoices.at(invoice, "salesTax") = tax;
    invoices.at(invoice, "total") = total;
    invoices.at(invoice, "balance") = total;
    const auto age = now_ - date;
    const int roll = random_.below(100);
    // Most pay in time, some in part, some are late.
    const double paid = total == 0 || age < days(12) || roll < 12 ? 0
                        : roll < 20                               ? to_cents(total / 2)
                                                                  : total;
    const bool settled = paid == total && total > 0;
    invoices.at(invoice, "status") = RecordReference{settled ? 3 : age < days(3) ? 1 : 2};
    if (paid > 0) {
      const Instant when = std::min(date + days(random_.between(5, 11)), now_);
      Draft(db_, "invoicePayments")
          .refer("invoice", id)
          .set("type", "Check")
          .set("source", "Accounting")
          .set("amount", paid)
          .set("balance", 0.0)
          .set("paymentDate", when)
          .set("appliedBy", "nlarsen")
          .entered(when, "nlarsen")
          .insert();
      invoices.at(invoice, "payments") = paid;
      invoices.at(invoice, "balance") = to_cents(total - paid);
    }
    invoices.put(std::move(invoice));
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
  int sequence_ = 0;
  std::map<std::int64_t, double> amounts_;  // of agreements with their additions
};

}  // namespace

void seed_billing(SeedContext& context) {
  Billing(context).run();
}

}  // namespace patchbay::sandbox
