// The pipeline: opportunities with forecasts and notes.
#include <chrono>

#include <fmt/core.h>

#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

struct Deal {
  const char* name;
  std::int64_t type;
  const char* product;  // a one-time position
  const char* service;
  const char* recurring;
};

constexpr Deal kDeals[] = {
    {"Managed services for all sites", 1, nullptr, "Onboarding project", "Managed Services Gold"},
    {"Server replacement", 2, "Two virtualisation hosts with storage", "Migration", nullptr},
    {"Firewall refresh", 2, "Firewall pair with subscriptions", "Installation", nullptr},
    {"Move mail and files to the cloud", 4, nullptr, "Migration of mailboxes and shares",
     "Microsoft 365 licences"},
    {"Security package", 5, nullptr, "Set-up of endpoint protection", "Security monitoring"},
    {"Agreement renewal", 6, nullptr, nullptr, "Managed Services Silver"},
    {"Office move", 3, "Cabling and access points", "Planning and move", nullptr},
    {"Backup and disaster recovery", 5, "Backup appliance", "Set-up and restore test",
     "Off-site storage"},
    {"Laptop replacement", 2, "Laptops and docks", "Roll-out", nullptr},
};

class Opportunities {
 public:
  explicit Opportunities(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("sales")),
        now_(context.options.now) {}

  void run() {
    for (int i = 0; i < 126 * context_.options.scale; ++i) add(i);
  }

 private:
  void add(int index) {
    const auto sales = context_.team("sales");
    const SeededMember* owner = sales[static_cast<std::size_t>(random_.below(3))];
    const SeededCompany& company = random_.pick(context_.companies);
    const Deal& deal = random_.pick(kDeals);
    const int roll = random_.below(100);
    // Stages 1 to 7, "Closed" is the last; statuses: Open, On Hold, Won, Lost, No Decision.
    std::int64_t status = roll < 58 ? 1 : roll < 62 ? 2 : roll < 82 ? 3 : roll < 95 ? 4 : 5;
    std::int64_t stage = status >= 3 ? 7 : random_.between(1, 6);
    if (index % 21 == 3) {  // John Doe's open proposals
      owner = &context_.member("jdoe");
      status = 1;
      stage = 4;
    }
    const Instant created = now_ -
                            days(random_.between(status >= 3 ? 40 : 2, status >= 3 ? 380 : 120)) -
                            std::chrono::minutes(random_.below(600));
    const Instant closed = created + days(random_.between(10, 39));
    Draft draft(db_, "opportunities");
    if (index == 0) draft.id(301);
    draft.set("name", fmt::format("{} - {}", company.name, deal.name))
        .set("expectedCloseDate",
             std::chrono::floor<days>(status >= 3 ? closed : now_ + days(random_.between(3, 110))))
        .refer("type", deal.type)
        .refer("stage", stage)
        .refer("status", status)
        .refer("priority", random_.between(1, 3))
        .refer("probability", stage + 1)
        .refer("rating", random_.between(1, 3))
        .refer("primarySalesRep", owner->id)
        .set("locationId", std::int64_t{1})
        .set("businessUnitId", std::int64_t{3})
        .refer("company", company.id)
        .refer("contact", random_.pick(company.contacts))
        .refer("site", company.site)
        .set("pipelineChangeDate", created + days(random_.between(0, 2)))
        .set("dateBecameLead", created - days(random_.between(1, 20)))
        .refer("shipToCompany", company.id)
        .refer("billToCompany", company.id)
        .refer("billToSite", company.site)
        .refer("billingTerms", 1)
        .refer("taxCode", 2)
        .set("companyLocationId", std::int64_t{1})
        .entered(created, owner->identifier)
        .updated(std::min(status >= 3 ? closed : created + days(random_.between(0, 60)), now_),
                 owner->identifier);
    if (random_.chance(60)) draft.set("source", random_.chance(50) ? "Referral" : "Website");
    if (random_.chance(40)) {
      draft.set("notes",
                "Decision by the management board; competitor is also asked for an offer.");
    }
    if (status >= 3) draft.set("closedDate", closed).refer("closedBy", owner->id);
    const std::int64_t id = draft.insert();
    add_forecast(id, status, deal, created, *owner);
    add_notes(id, created, *owner);
  }

  void add_item(std::int64_t opportunity, std::int64_t status, const char* description,
                const char* type, double revenue, double cost_share, Instant created,
                const SeededMember& owner) {
    Draft draft(db_, "forecastItems");
    draft.refer("opportunity", opportunity)
        .refer("status", status)
        .set("forecastDescription", description)
        .set("productDescription", description)
        .set("forecastType", type)
        .set("revenue", revenue)
        .set("cost", revenue * cost_share)
        .set("margin", revenue - revenue * cost_share)
        .set("sequenceNumber", static_cast<double>(++sequence_))
        .entered(created, owner.identifier);
    if (std::string_view(type) == "Agreement") {
      draft.set("recurringFlag", true)
          .set("recurringRevenue", revenue / 12)
          .set("recurringCost", revenue * cost_share / 12)
          .set("cycles", std::int64_t{12})
          .set("cycleBasis", "Months")
          .set("recurringDateStart", std::chrono::floor<days>(created) + days(60));
    }
    draft.insert();
  }

  void add_forecast(std::int64_t opportunity, std::int64_t status, const Deal& deal,
                    Instant created, const SeededMember& owner) {
    sequence_ = 0;
    if (deal.product != nullptr) {
      add_item(opportunity, status, deal.product, "Product", random_.between(20, 480) * 100.0, 0.75,
               created, owner);
    }
    if (deal.service != nullptr) {
      add_item(opportunity, status, deal.service, "Service", random_.between(10, 160) * 100.0, 0.5,
               created, owner);
    }
    if (deal.recurring != nullptr) {
      add_item(opportunity, status, deal.recurring, "Agreement", random_.between(4, 60) * 1200.0,
               0.5, created, owner);
    }
  }

  void add_notes(std::int64_t opportunity, Instant created, const SeededMember& owner) {
    static constexpr const char* kNotes[] = {
        "First call: budget is there, decision this quarter.",
        "Sent the proposal, follow-up call booked for next week.",
        "Client asks for references from the same industry.",
        "Technical meeting held with our engineers, scope is clear.",
        "Price discussed; asked for payment in two parts."};
    for (int i = random_.below(4); i > 0; --i) {
      const Instant when = std::min(created + days(random_.between(0, 25)), now_);
      Draft(db_, "opportunityNotes")
          .refer("opportunity", opportunity)
          .set("text", random_.pick(kNotes))
          .set("mobileGuid", random_guid(random_))
          .entered(when, owner.identifier)
          .insert();
    }
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
  int sequence_ = 0;
};

}  // namespace

void seed_opportunities(SeedContext& context) {
  Opportunities(context).run();
}

}  // namespace patchbay::sandbox
