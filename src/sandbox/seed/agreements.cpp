// Agreements at their end.
#include <chrono>

#include "sandbox/modules/finance/agreements_rules.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

class Agreements {
 public:
  explicit Agreements(SeedContext& context)
      : context_(context), db_(context.db), now_(context.options.now) {}

  void run() { add_agreements(); }

 private:
  void add_addition(std::int64_t agreement, std::string_view product, double quantity,
                    double unit_price, double unit_cost, Instant since, Cell cancelled = {}) {
    const Table& catalog = db_.table("catalogItems");
    const Record& item = *catalog.find_by("identifier", product);
    Draft draft(db_, "additions");
    draft.refer("agreement", agreement)
        .refer("product", item.id)
        .set("quantity", quantity)
        .set("unitPrice", unit_price)
        .set("unitCost", unit_cost)
        .set("description", catalog.at(item, "description"))
        .set("invoiceDescription", catalog.at(item, "customerDescription"))
        .set("uom", "Each")
        .set("effectiveDate", since)
        .set("cancelledDate", cancelled)
        .set("agreementStatus", is_null(cancelled) ? "Active" : "Cancelled")
        .entered(since, "nlarsen");
    price_addition(db_, draft.table(), draft.record());
    draft.insert();
  }

  Draft agreement(const SeededCompany& company, std::string_view name, std::int64_t type,
                  Instant since) {
    Draft draft(db_, "agreements");
    draft.set("name", std::string(name))
        .refer("type", type)
        .refer("company", company.id)
        .refer("contact", company.contacts.front())
        .refer("site", company.site)
        .refer("billToCompany", company.id)
        .refer("location", 1)
        .refer("department", 1)
        .set("startDate", since)
        .entered(since, "nlarsen");
    return draft;
  }

  // One that costs more than it brings, one with an addition that ended, one that ran out, one that
  // was cancelled. The first of a month, so that their periods are whole.
  void add_agreements() {
    const std::chrono::year_month_day today(std::chrono::floor<days>(now_));
    const auto month = today.year() / today.month();
    const auto first = [](std::chrono::year_month of) {
      return Instant(std::chrono::sys_days(of / 1));
    };
    const Instant this_month = first(month);
    const Instant last_year = first(month - std::chrono::months(14));
    const Instant ended = first(month - std::chrono::months(2)) - days(1);
    const SeededCompany& acme = context_.company("Acme Corp");
    const std::int64_t cheap = agreement(acme, "Cloud Subscriptions", 3, this_month)
                                   .set("noEndingDateFlag", true)
                                   .insert();
    add_addition(cheap, "M365-BP", 40, 17.0, 17.6, this_month);
    add_addition(cheap, "EDR-SEAT", 40, 3.0, 3.2, this_month);
    const SeededCompany& second = context_.companies.at(2);
    const std::int64_t mixed = agreement(second, "Cloud Subscriptions", 3, this_month)
                                   .set("noEndingDateFlag", true)
                                   .insert();
    add_addition(mixed, "M365-BP", 25, 22.0, 17.6, this_month);
    add_addition(mixed, "BKP-SRV", 2, 79.0, 38.0, this_month, Cell(this_month));
    const std::int64_t over =
        agreement(context_.companies.at(4), "Managed Services 2024", 1, last_year)
            .set("billAmount", 1'900.0)
            .set("endDate", ended)
            .set("agreementStatus", "Expired")
            .insert();
    add_addition(over, "MS-USER", 12, 95.0, 48.0, last_year);
    agreement(context_.companies.at(6), "Block Hours 2024", 2, last_year)
        .set("endDate", ended)
        .set("cancelledFlag", true)
        .set("dateCancelled", ended)
        .set("reasonCancelled", "Moved to managed services")
        .set("agreementStatus", "Cancelled")
        .insert();
  }

  SeedContext& context_;
  Database& db_;
  Instant now_;
};

}  // namespace

void seed_ending_agreements(SeedContext& context) {
  Agreements(context).run();
}

}  // namespace patchbay::sandbox
