// What stands on agreements, invoices and products beside their sums, and the rarer kinds of
// products. Runs last: it completes what is there and appends the rest.
#include <chrono>

#include "sandbox/modules/finance/agreements_rules.h"
#include "sandbox/modules/finance/invoices_rules.h"
#include "sandbox/modules/procurement/products_rules.h"
#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

// A copy of each record of a table, changed by `change` and put back.
template <class F>
void change_all(Database& db, std::string_view name, const F& change) {
  Table& table = db.table(name);
  std::vector<Record> all;
  for (const auto& [id, record] : table.records()) all.push_back(record);
  for (Record& record : all) {
    change(table, record);
    table.put(std::move(record));
  }
}

void add_billing_setup(Database& db, Instant since) {
  Draft(db, "billingSetups")
      .set("remitName", "Cascade Managed Services")
      .refer("location", 1)
      .set("addressOne", "410 Harbor Road")
      .set("city", "Portland")
      .set("zip", "97204")
      .refer("country", 1)
      .set("phone", "5035550100")
      .set("invoiceTitle", "Invoice")
      .set("payableName", "Cascade Managed Services")
      .refer("currency", 1)
      .entered(since, "zadmin")
      .insert();
}

Draft product(const SeedContext& context, std::string_view identifier, double quantity,
              Instant when) {
  const Table& catalog = context.db.table("catalogItems");
  const Record& item = *catalog.find_by("identifier", identifier);
  Draft draft(context.db, "products");
  draft.refer("catalogItem", item.id)
      .set("description", catalog.at(item, "description"))
      .set("customerDescription", catalog.at(item, "customerDescription"))
      .set("quantity", quantity)
      .refer("unitOfMeasure", 1)
      .set("price", catalog.at(item, "price"))
      .set("listPrice", catalog.at(item, "price"))
      .set("cost", catalog.at(item, "cost"))
      .set("productClass", catalog.at(item, "productClass"))
      .set("locationId", std::int64_t{1})
      .refer("location", 1)
      .refer("taxCode", 2)
      .entered(when, "ctaylor");
  return draft;
}

void price(Draft& draft, double quantity) {
  const Table& table = draft.table();
  const double revenue = to_cents(quantity * number_in(table, draft.record(), "price"));
  const double cost = to_cents(quantity * number_in(table, draft.record(), "cost"));
  draft.set("extPrice", revenue).set("extCost", cost).set("margin", to_cents(revenue - cost));
}

// Products that an opportunity is about, and one that was called off.
void add_products(SeedContext& context) {
  const Instant when = context.options.now - days(20);
  const Table& opportunities = context.db.table("opportunities");
  const Table& items = context.db.table("forecastItems");
  for (const auto& [id, opportunity] : opportunities.records()) {
    if (id % 10 != 1) continue;
    Draft draft = product(context, "MS-USER", 10, when);
    draft.refer("company", id_in(opportunities, opportunity, "company")).refer("opportunity", id);
    const auto& forecast = items.children_of(id);
    if (!forecast.empty()) draft.set("forecastDetailId", *forecast.begin());
    price(draft, 10);
    draft.insert();
  }
  Draft cancelled = product(context, "EDR-SEAT", 5, when);
  cancelled.refer("company", context.company("Acme Corp").id)
      .set("cancelledFlag", true)
      .set("quantityCancelled", 5.0)
      .set("cancelledReason", "Ordered twice")
      .set("cancelledBy", context.member("ctaylor").id)
      .set("cancelledDate", when + days(1));
  price(cancelled, 0);
  cancelled.insert();
}

// What was agreed with the client of closed tickets: the plan followed the response.
void plan_resolutions(Database& db) {
  change_all(db, "tickets", [](const Table& table, Record& ticket) {
    const auto* responded = std::get_if<Instant>(&table.at(ticket, "dateResponded"));
    if (responded == nullptr || is_null(table.at(ticket, "closedDate"))) return;
    const Instant planned = *responded + std::chrono::minutes(10);
    table.at(ticket, "dateResplan") = planned;
    table.at(ticket, "resplanBy") = table.at(ticket, "respondedBy");
    table.at(ticket, "resPlanMinutes") = std::int64_t{10};
    table.at(ticket, "resplanHours") = 0.17;
    table.at(ticket, "resplanSkippedMinutes") = std::int64_t{0};
    table.at(ticket, "respondedSkippedMinutes") = std::int64_t{0};
  });
}

// Details that few companies and contacts have.
void add_rare_details(SeedContext& context) {
  Table& companies = context.db.table("companies");
  Record acme = *companies.find(context.company("Acme Corp").id);
  for (const auto& [field, value] :
       {std::pair("faxNumber", "5035550199"), std::pair("taxIdentifier", "93-0000001"),
        std::pair("vendorIdentifier", "ACME-17"),
        std::pair("facebookUrl", "https://social.example/acmecorp"),
        std::pair("linkedInUrl", "https://jobs.example/acmecorp"),
        std::pair("userDefinedField5", "Visits by appointment only")}) {
    companies.at(acme, field) = value;
  }
  companies.put(std::move(acme));
  Table& contacts = context.db.table("contacts");
  Record contact = *contacts.find(context.company("Acme Corp").contacts.front());
  contacts.at(contact, "relationshipOverride") = "Decides on purchases";
  contacts.put(std::move(contact));
}

}  // namespace

void seed_paperwork(SeedContext& context) {
  Database& db = context.db;
  add_billing_setup(db, context.options.now - days(1300));
  add_products(context);
  add_rare_details(context);
  plan_resolutions(db);
  const Table& projects = db.table("projects");
  change_all(db, "projectPhases", [&](const Table& table, Record& phase) {
    const Record* project = projects.find(id_in(table, phase, "project"));
    fill_if_null(table, phase, "billingMethod", projects.at(*project, "billingMethod"));
  });
  change_all(db, "agreements", [&](const Table& table, Record& agreement) {
    complete_agreement(db, table, agreement);
  });
  change_all(db, "products",
             [](const Table& table, Record& product) { complete_product(table, product); });
  change_all(db, "invoices", [&](const Table& table, Record& invoice) {
    complete_invoice(db, table, invoice);
    fill_if_null(table, invoice, "billingSetupReference", RecordReference{1});
    const bool closed = bool_or(db.read(table, invoice, "status/closedFlag"), false);
    if (closed) table.at(invoice, "closedBy") = "nlarsen";
    mirror_unposted(db, invoice.id);
  });
}

}  // namespace patchbay::sandbox
