// The rest of a working day: configurations, the dispatch board, activities, notes, tasks, the
// knowledge base, campaigns, charge codes, time periods and the state of time sheets.
#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;

class Office {
 public:
  explicit Office(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("office")),
        now_(context.options.now) {}

  void run() {
    add_configurations();
    add_schedules();
    add_activities();
    add_notes();
    add_service_extras();
    add_campaigns();
    add_callback();
    add_periods();
    settle_time_sheets();
  }

 private:
  Draft setup(std::string_view table, std::string_view name, bool is_default = false) {
    Draft draft(db_, table);
    draft.set("name", std::string(name)).entered(now_ - days(1300), "zadmin");
    if (is_default) draft.set("defaultFlag", true);
    return draft;
  }

  void add_configurations() {
    for (const char* name : {"Workstation", "Server", "Firewall", "Switch", "Printer"}) {
      setup("configurationTypes", name).insert();
    }
    for (const char* name : {"Active", "Inactive", "Retired"}) {
      Draft(db_, "configurationStatuses")
          .set("description", name)
          .set("defaultFlag", std::string_view(name) == "Active")
          .set("closedFlag", std::string_view(name) == "Retired")
          .entered(now_ - days(1300), "zadmin")
          .insert();
    }
    static constexpr const char* kKinds[] = {"WS", "SRV", "FW", "SW", "PRN"};
    for (const SeededCompany& company : context_.companies) {
      for (int i = 0; i < 7; ++i) {
        const int kind = i < 3 ? 0 : i < 5 ? 1 : i == 5 ? 2 : 4;
        const Instant bought = now_ - days(random_.between(60, 1500));
        Draft draft(db_, "configurations");
        if (db_.table("configurations").records().empty()) draft.id(3001);
        draft.set("name", fmt::format("{}-{}{:02}", company.prefix, kKinds[kind], i + 1))
            .refer("type", kind + 1)
            .refer("status", random_.chance(92) ? 1 : 2)
            .refer("company", company.id)
            .refer("site", company.site)
            .refer("contact", company.contacts.front())
            .set("locationId", std::int64_t{1})
            .refer("location", 1)
            .set("serialNumber", fmt::format("SN{:08}", random_.below(100'000'000)))
            .set("modelNumber", kind == 0   ? "NL-1440"
                                : kind == 1 ? "OS-R650"
                                            : "WG-100")
            .set("purchaseDate", std::chrono::floor<days>(bought))
            .set("installationDate", std::chrono::floor<days>(bought) + days(7))
            .set("warrantyExpirationDate", std::chrono::floor<days>(bought) + days(1095))
            .set("ipAddress", fmt::format("10.{}.0.{}", company.id % 250, 10 + i))
            .set("osType", kind == 1   ? "Windows Server 2022"
                           : kind == 0 ? "Windows 11"
                                       : "")
            .set("mobileGuid", random_guid(random_))
            .entered(bought, "ctaylor");
        draft.insert();
      }
    }
    link_configurations();
  }

  // One ticket in eight is about a device that is known.
  void link_configurations() {
    const Table& tickets = db_.table("tickets");
    const Table& configurations = db_.table("configurations");
    std::map<std::int64_t, std::int64_t> first_of;
    for (const auto& [id, one] : configurations.records()) {
      first_of.emplace(id_in(configurations, one, "company"), id);
    }
    for (const auto& [id, ticket] : tickets.records()) {
      if (id % 8 != 0) continue;
      const auto found = first_of.find(id_in(tickets, ticket, "company"));
      if (found == first_of.end()) continue;
      Draft(db_, "ticketConfigurations")
          .refer("ticket", id)
          .refer("configuration", found->second + id % 7)
          .entered(instant_or(tickets.at(ticket, "dateEntered"), now_), "zadmin")
          .insert();
    }
  }

  void add_schedules() {
    setup("scheduleStatuses", "Firm", true).insert();
    setup("scheduleStatuses", "Tentative").set("showAsTentativeFlag", true).insert();
    setup("scheduleStatuses", "Cancelled").insert();
    for (const auto& [code, name] : {std::pair<const char*, const char*>{"C", "Sales Activity"},
                                     {"M", "Miscellaneous"},
                                     {"V", "Vacation"},
                                     {"S", "Service"},
                                     {"P", "Project"}}) {
      setup("scheduleTypes", name).set("identifier", code).set("systemFlag", true).insert();
    }
    // Open tickets with an owner: one visit for each member and hour, so that nobody is in two
    // places.
    const Table& tickets = db_.table("tickets");
    std::map<std::int64_t, int> booked;
    for (auto it = tickets.records().rbegin(); it != tickets.records().rend(); ++it) {
      const Record& ticket = it->second;
      const std::int64_t owner = id_in(tickets, ticket, "owner");
      if (owner == 0 || !is_null(tickets.at(ticket, "closedDate"))) continue;
      int& slot = booked[owner];
      if (slot >= 12) continue;
      const Instant start =
          std::chrono::floor<days>(now_) + days(slot / 4) + hours(14 + 2 * (slot % 4));
      ++slot;
      Draft draft(db_, "scheduleEntries");
      if (db_.table("scheduleEntries").records().empty()) draft.id(7001);
      draft.set("objectId", ticket.id)
          .set("name", fmt::format("{} / Ticket# {} - {}",
                                   text_or(db_.read(tickets, ticket, "company/name"), ""),
                                   ticket.id, text_or(tickets.at(ticket, "summary"), "")))
          .refer("member", owner)
          .refer("type", 4)
          .refer("status", 1)
          .refer("where", 2)
          .set("dateStart", start)
          .set("dateEnd", start + hours(1))
          .set("hours", 1.0)
          .set("ownerFlag", true)
          .set("ticketType", "ServiceTicket")
          .set("mobileGuid", random_guid(random_))
          .entered(instant_or(tickets.at(ticket, "dateEntered"), now_), "eclarke");
      draft.insert();
    }
  }

  void add_activities() {
    for (const char* name : {"Call", "Meeting", "E-mail", "Quarterly review", "Follow-up"}) {
      setup("activityTypes", name, std::string_view(name) == "Call").insert();
    }
    setup("activityStatuses", "Open", true).insert();
    setup("activityStatuses", "Closed").set("closedFlag", true).insert();
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

  void add_notes() {
    static constexpr const char* kCompany[] = {
        "Prefers calls before ten in the morning.",
        "Invoices go to the accountant, not to the office.",
        "Asked for a yearly security review with a written report.",
        "Building is closed on Friday afternoons; key at the reception."};
    for (const SeededCompany& company : context_.companies) {
      const Instant when = now_ - days(random_.between(5, 300));
      Draft(db_, "companyNotes")
          .refer("company", company.id)
          .refer("type", 1)
          .set("text", random_.pick(kCompany))
          .set("flagged", random_.chance(20))
          .set("enteredBy", "lmorgan")
          .entered(when, "lmorgan")
          .insert();
      Draft(db_, "contactNotes")
          .refer("contact", company.contacts.front())
          .refer("type", 1)
          .set("text", "Decides on purchases up to 5,000; above that the owner signs.")
          .set("enteredBy", "lmorgan")
          .entered(when, "lmorgan")
          .insert();
    }
  }

  void add_service_extras() {
    static constexpr const char* kTasks[] = {"Call the user back", "Check the event log",
                                             "Confirm with the client"};
    const Table& tickets = db_.table("tickets");
    for (const auto& [id, ticket] : tickets.records()) {
      if (id % 10 != 0 && id != 40'592) continue;
      const bool closed = !is_null(tickets.at(ticket, "closedDate"));
      std::int64_t place = 1;
      for (const char* notes : kTasks) {
        Draft(db_, "ticketTasks")
            .refer("ticket", id)
            .set("notes", notes)
            .set("priority", place)
            .set("closedFlag", closed || place == 1)
            .refer("member", id_in(tickets, ticket, "owner"))
            .entered(instant_or(tickets.at(ticket, "dateEntered"), now_), "eclarke")
            .insert();
        ++place;
      }
    }
    struct Article {
      const char* title;
      const char* issue;
      const char* resolution;
    };
    static constexpr Article kArticles[] = {
        {"VPN client does not connect", "The client stops at 'verifying credentials'.",
         "Renew the user's certificate and restart the service."},
        {"Printer shows offline", "The queue shows offline though the device answers.",
         "Turn off SNMP status on the port and restart the spooler."},
        {"Mailbox is full", "Users cannot send; the quota is used up.",
         "Enable the archive mailbox and start the managed folder assistant."},
        {"Account locked again and again", "The account locks a few minutes after an unlock.",
         "Look for a saved password on phones and mapped drives; clear the credential store."},
        {"Backup job fails with snapshot error", "The job ends with a snapshot error at night.",
         "Restart the writers and check free space on the volume."},
        {"New starter checklist", "What to prepare for a new employee.",
         "Account, licences, device, groups, welcome mail; see the onboarding template."}};
    for (const Article& article : kArticles) {
      const Instant when = now_ - days(random_.between(30, 700));
      Draft(db_, "knowledgeBaseArticles")
          .set("title", article.title)
          .set("issue", article.issue)
          .set("resolution", article.resolution)
          .refer("board", context_.boards.front().id)
          .set("locationId", std::int64_t{1})
          .set("businessUnitId", std::int64_t{1})
          .set("dateCreated", when)
          .set("createdBy", "ejohansson")
          .entered(when, "ejohansson")
          .insert();
    }
  }

  void add_campaigns() {
    for (const char* name : {"E-mail", "Event"}) setup("campaignTypes", name).insert();
    setup("campaignSubTypes", "Newsletter").refer("type", 1).insert();
    setup("campaignSubTypes", "Seminar").refer("type", 2).insert();
    setup("campaignStatuses", "Active", true).insert();
    setup("campaignStatuses", "Closed").insert();
    for (const auto& [name, type] :
         {std::pair<const char*, std::int64_t>{"Security awareness month", 1},
          {"Cloud breakfast", 2},
          {"Hardware refresh offers", 1},
          {"Backup health check", 1}}) {
      setup("campaigns", name)
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

  // One that somebody left behind.
  void add_callback() {
    Draft(db_, "callbacks")
        .set("description", "Old monitoring connector")
        .set("url", "http://127.0.0.1:9/psa")
        .set("objectId", std::int64_t{1})
        .set("type", "ticket")
        .set("level", "owner")
        .set("memberId", context_.member("srivera").id)
        .set("inactiveFlag", true)
        .entered(now_ - days(400), "zadmin")
        .insert();
  }

  // Weeks from two years back to a quarter ahead are open for time.
  void add_periods() {
    for (const auto& [name, bill] : {std::pair<const char*, const char*>{"Internal", "DoNotBill"},
                                     {"Holiday", "DoNotBill"},
                                     {"Sick leave", "DoNotBill"},
                                     {"Training", "NoCharge"}}) {
      setup("chargeCodes", name)
          .refer("company", 1)
          .refer("location", 1)
          .refer("department", 1)
          .set("billTime", bill)
          .set("timeEntryFlag", true)
          .insert();
    }
    const auto today = std::chrono::floor<days>(now_);
    const std::chrono::weekday weekday(today);
    const std::chrono::sys_days monday = today - (weekday - std::chrono::Monday);
    const std::chrono::year_month_day date(today);
    const std::int64_t weekly = Draft(db_, "timePeriodSetups")
                                    .set("periodApplyTo", "Both")
                                    .set("year", std::int64_t{static_cast<int>(date.year())})
                                    .set("numberFuturePeriods", std::int64_t{13})
                                    .set("type", "Weekly")
                                    .set("description", "Weekly, Monday to Sunday")
                                    .set("firstPeriodEndDate", Instant(monday - days(104 * 7 - 6)))
                                    .set("daysPastEndDate", std::int64_t{3})
                                    .entered(now_ - days(1300), "zadmin")
                                    .insert();
    std::int64_t number = 1;
    for (int week = -104; week <= 13; ++week) {
      const Instant first = monday + days(7 * week);
      Draft(db_, "timePeriods")
          .refer("timePeriodSetup", weekly)
          .set("period", number++)
          .set("startDate", first)
          .set("endDate", first + days(6))
          .set("deadlineDate", first + days(9))
          .insert();
    }
  }

  // As the states of their entries are: old sheets are approved, the week before last waits.
  void settle_time_sheets() {
    Table& sheets = db_.table("timeSheets");
    std::vector<Record> changed;
    for (const auto& [id, sheet] : sheets.records()) {
      const auto age = now_ - instant_or(sheets.at(sheet, "dateEnd"), now_);
      if (age < days(9)) continue;
      changed.push_back(sheet);
      sheets.at(changed.back(), "status") =
          age < days(16) ? "PendingApproval" : "ApprovedByTierTwo";
    }
    for (Record& sheet : changed) sheets.put(std::move(sheet));
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
};

}  // namespace

void seed_office(SeedContext& context) {
  Office(context).run();
}

}  // namespace patchbay::sandbox
