// Calls and meetings of the sales staff, and campaigns.
#include <algorithm>
#include <chrono>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;

class Activities {
 public:
  explicit Activities(SeedContext& context, Random& random)
      : context_(context), db_(context.db), random_(random), now_(context.options.now) {}

  void run() { add_activities(); }

 private:
  void add_activities() {
    for (const char* name : {"Call", "Meeting", "E-mail", "Quarterly review", "Follow-up"}) {
      context_.setup("activityTypes", name, std::string_view(name) == "Call").insert();
    }
    context_.setup("activityStatuses", "Open", true).insert();
    context_.setup("activityStatuses", "Closed").set("closedFlag", true).insert();
    static constexpr const char* kWhat[] = {"Call about the proposal", "Meet on site",
                                            "Send the revised offer", "Quarterly business review",
                                            "Follow up on the decision"};
    const Table& opportunities = db_.table("opportunities");
    int count = 0;
    for (const auto& [id, opportunity] : opportunities.records()) {
      if (id % 2 != 0) continue;
      const int type = random_.below(5);
      const bool done = random_.chance(55);
      const Instant start = std::chrono::floor<days>(now_) +
                            days(done ? -random_.between(1, 60) : random_.between(0, 20)) +
                            hours(random_.between(13, 20));
      const Instant end = start + std::chrono::minutes(30);
      Draft draft(db_, "activities");
      if (count++ == 0) draft.id(4001);
      draft.set("name", kWhat[type])
          .refer("type", type + 1)
          .refer("status", done ? 2 : 1)
          .refer("company", id_in(opportunities, opportunity, "company"))
          .refer("contact", id_in(opportunities, opportunity, "contact"))
          .refer("opportunity", id)
          .refer("assignTo", id_in(opportunities, opportunity, "primarySalesRep"))
          .refer("assignedBy", id_in(opportunities, opportunity, "primarySalesRep"))
          .set("dateStart", start)
          .set("dateEnd", end)
          .set("dateEndUtc", end)
          .set("closeFlag", done)
          .set("mobileGuid", random_guid(random_))
          .entered(std::min(start, now_) - days(2), "lmorgan");
      if (done) draft.set("dateClosedUtc", end);
      draft.insert();
    }
  }

  SeedContext& context_;
  Database& db_;
  Random& random_;
  Instant now_;
};

class Campaigns {
 public:
  explicit Campaigns(SeedContext& context) : context_(context), now_(context.options.now) {}

  void run() { add_campaigns(); }

 private:
  void add_campaigns() {
    for (const char* name : {"E-mail", "Event"}) context_.setup("campaignTypes", name).insert();
    context_.setup("campaignSubTypes", "Newsletter").refer("type", 1).insert();
    context_.setup("campaignSubTypes", "Seminar").refer("type", 2).insert();
    context_.setup("campaignStatuses", "Active", true).insert();
    context_.setup("campaignStatuses", "Closed").insert();
    for (const auto& [name, type] :
         {std::pair<const char*, std::int64_t>{"Security awareness month", 1},
          {"Cloud breakfast", 2},
          {"Hardware refresh offers", 1},
          {"Backup health check", 1}}) {
      context_.setup("campaigns", name)
          .refer("type", type)
          .refer("subType", type)
          .refer("status", type)
          .refer("member", context_.member("msingh").id)
          .set("startDate", now_ - days(60))
          .set("endDate", now_ + days(30))
          .set("locationId", std::int64_t{1})
          .set("budgetCost", 2'500.0)
          .insert();
    }
  }

  SeedContext& context_;
  Instant now_;
};

}  // namespace

void seed_activities(SeedContext& context, Random& random) {
  Activities(context, random).run();
}

void seed_campaigns(SeedContext& context) {
  Campaigns(context).run();
}

}  // namespace patchbay::sandbox
