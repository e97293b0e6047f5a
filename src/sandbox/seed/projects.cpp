// Projects on a board of their own, with phases, tickets, notes and hours.
#include <algorithm>
#include <chrono>

#include <fmt/core.h>

#include "sandbox/modules/project/tickets_rules.h"
#include "sandbox/modules/time/entries_rules.h"
#include "sandbox/modules/time/sheets.h"
#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;

struct PhasePlan {
  const char* name;
  std::vector<const char*> tickets;
};

struct ProjectPlan {
  const char* name;
  std::int64_t type;
  std::vector<PhasePlan> phases;
};

const std::vector<ProjectPlan>& plans() {
  static const std::vector<ProjectPlan> kPlans = {
      {"Office 365 Migration",
       1,
       {{"Discovery", {"List mailboxes and shares", "Check licences"}},
        {"Migration", {"Move pilot group", "Move remaining mailboxes", "Move shared folders"}},
        {"Closing", {"Train the users", "Hand over documentation"}}}},
      {"Server Replacement",
       2,
       {{"Planning", {"Confirm sizing", "Order hardware"}},
        {"Installation", {"Rack and cable hosts", "Install hypervisor", "Move virtual machines"}},
        {"Closing", {"Test restore", "Retire old servers"}}}},
      {"Firewall Refresh",
       3,
       {{"Planning", {"Review rule set", "Agree change window"}},
        {"Cutover", {"Configure new pair", "Switch over", "Check site-to-site tunnels"}}}},
      {"Office Move",
       4,
       {{"Planning", {"Site survey", "Order internet line"}},
        {"Move", {"Cable new rooms", "Move workstations", "Test phones"}}}},
      {"Backup and Recovery Rollout",
       2,
       {{"Design", {"Agree recovery targets"}},
        {"Rollout", {"Install appliance", "Seed first backups", "Restore test"}}}}};
  return kPlans;
}

constexpr double kLongestProjectDay = 12;  // hours, before another project is worked on

class Projects {
 public:
  explicit Projects(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("projects")),
        now_(context.options.now) {}

  void run() {
    add_setup();
    for (int i = 0; i < 24 * context_.options.scale; ++i) add(i);
    for (const std::int64_t ticket : worked_) sum_up_project_ticket(db_, ticket);
  }

 private:
  Draft setup(std::string_view table, std::string_view name) {
    Draft draft(db_, table);
    draft.set("name", std::string(name)).entered(now_ - days(1300), "zadmin");
    return draft;
  }

  void add_setup() {
    setup("projectStatuses", "Open").set("defaultFlag", true).insert();
    setup("projectStatuses", "On Hold").insert();
    setup("projectStatuses", "Completed").set("closedFlag", true).insert();
    setup("projectStatuses", "Cancelled").set("closedFlag", true).insert();
    for (const char* name : {"Cloud Migration", "Infrastructure", "Security", "Relocation"}) {
      setup("projectTypes", name).insert();
    }
    setup("phaseStatuses", "Open").set("defaultFlag", true).insert();
    setup("phaseStatuses", "In Progress").insert();
    setup("phaseStatuses", "Completed").set("closedFlag", true).insert();
    board_ = setup("boards", "Project Delivery")
                 .refer("location", 1)
                 .refer("department", 2)
                 .set("projectFlag", true)
                 .refer("serviceManagerMember", context_.member("pnovak").id)
                 .insert();
    std::int64_t sort = 10;
    for (const char* name : {"New", "In Progress", "Waiting on Client", "Completed"}) {
      const bool closed = std::string_view(name) == "Completed";
      statuses_.push_back(setup("boardStatuses", name)
                              .refer("board", board_)
                              .set("sortOrder", sort)
                              .set("closedStatus", closed)
                              .set("displayOnBoard", !closed)
                              .set("defaultFlag", sort == 10)
                              .insert());
      sort += 10;
    }
    setup("boardTypes", "Project Work")
        .refer("board", board_)
        .set("category", "Proactive")
        .set("defaultFlag", true)
        .insert();
    setup("boardTeams", "Project Delivery Team")
        .refer("board", board_)
        .refer("teamLeader", context_.member("tbecker").id)
        .set("members", Ids{context_.member("tbecker").id, context_.member("ppatel").id})
        .set("defaultFlag", true)
        .insert();
  }

  void add(int index) {
    const ProjectPlan& plan = plans()[static_cast<std::size_t>(index) % plans().size()];
    const SeededCompany& company =
        index == 0 ? context_.company("Acme Corp") : random_.pick(context_.companies);
    static constexpr const char* kManagers[] = {"pnovak", "tbecker", "dmartinez"};
    const SeededMember& manager = context_.member(kManagers[index % 3]);
    // The first third is done, the rest under way.
    const bool done = index % 3 == 1;
    const Instant start =
        std::chrono::floor<days>(now_) - days(random_.between(20, 60)) - days(done ? 120 : 0);
    const Instant end = start + days(random_.between(45, 110));
    Draft draft(db_, "projects");
    if (index == 0) draft.id(401);
    const std::int64_t id =
        draft.set("name", fmt::format("{} - {}", company.name, plan.name))
            .refer("company", company.id)
            .refer("contact", company.contacts.front())
            .refer("site", company.site)
            .refer("billToCompany", company.id)
            .refer("shipToCompany", company.id)
            .refer("board", board_)
            .refer("manager", manager.id)
            .refer("type", plan.type)
            .refer("status", done             ? 3
                             : index % 7 == 5 ? 2
                                              : 1)
            .refer("location", 1)
            .refer("department", 2)
            .set("billingMethod", index % 2 == 0 ? "ActualRates" : "FixedFee")
            .set("billingAmount", index % 2 == 0 ? 0.0 : 12'000.0)
            .set("budgetHours", random_.between(20, 120) * 1.0)
            .set("estimatedHours", random_.between(20, 120) * 1.0)
            .set("estimatedStart", start)
            .set("estimatedEnd", end)
            .set("actualStart", start)
            .set("percentComplete", done ? 1.0 : random_.between(1, 8) / 10.0)
            .set("description", fmt::format("{} for {}, all sites.", plan.name, company.name))
            .entered(start - days(7), manager.identifier)
            .insert();
    add_phases(id, plan, company, start, done);
    Draft(db_, "projectNotes")
        .refer("project", id)
        .refer("type", 1)
        .set("text", "Kick-off held with the client; scope and dates agreed.")
        .entered(start, manager.identifier)
        .insert();
  }

  void add_phases(std::int64_t project, const ProjectPlan& plan, const SeededCompany& company,
                  Instant start, bool done) {
    int number = 0;
    for (const PhasePlan& phase : plan.phases) {
      ++number;
      const Instant from = start + days(14 * (number - 1));
      const bool over = done || from + days(14) < now_;
      Draft draft(db_, "projectPhases");
      if (db_.table("projectPhases").records().empty()) draft.id(801);
      const std::int64_t id = draft.refer("project", project)
                                  .set("description", phase.name)
                                  .refer("board", board_)
                                  .refer("status", over          ? 3
                                                   : from < now_ ? 2
                                                                 : 1)
                                  .set("wbsCode", std::to_string(number))
                                  .set("budgetHours", 16.0)
                                  .set("scheduledStart", from)
                                  .set("scheduledEnd", from + days(14))
                                  .set("startDate", from)
                                  .set("endDate", from + days(14))
                                  .set("locationId", std::int64_t{1})
                                  .set("businessUnitId", std::int64_t{2})
                                  .entered(start - days(7), "pnovak")
                                  .insert();
      int place = 0;
      for (const char* summary : phase.tickets) {
        ++place;
        add_ticket(project, id, company, summary, fmt::format("{}.{}", number, place), from, over);
      }
    }
  }

  void add_ticket(std::int64_t project, std::int64_t phase, const SeededCompany& company,
                  const char* summary, std::string code, Instant from, bool over) {
    static constexpr const char* kOwners[] = {"tbecker", "ppatel", "vnowak", "dmartinez"};
    const SeededMember& owner = context_.member(random_.pick(kOwners));
    const Instant closed = std::min(from + days(random_.between(2, 13)), now_);
    Draft draft(db_, "projectTickets");
    // Ids of project tickets and service tickets keep apart.
    if (db_.table("projectTickets").records().empty()) draft.id(90'001);
    draft.set("summary", summary)
        .refer("project", project)
        .refer("phase", phase)
        .refer("board", board_)
        .refer("status", over          ? statuses_[3]
                         : from < now_ ? statuses_[1]
                                       : statuses_[0])
        .set("wbsCode", std::move(code))
        .refer("company", company.id)
        .refer("site", company.site)
        .refer("contact", company.contacts.front())
        .refer("owner", owner.id)
        .set("resources", owner.identifier)
        .refer("priority", 3)
        .refer("serviceLocation", 2)
        .refer("location", 1)
        .refer("department", 2)
        .set("budgetHours", random_.between(2, 16) * 1.0)
        .set("mobileGuid", random_guid(random_))
        .entered(std::min(from, now_), "pnovak");
    if (over) draft.set("closedDate", closed).set("closedBy", owner.identifier);
    const std::int64_t id = draft.insert();
    Draft(db_, "projectTicketNotes")
        .refer("ticket", id)
        .set("text", fmt::format("{}: as agreed in the project plan.", summary))
        .set("detailDescriptionFlag", true)
        .set("internalFlag", false)
        .set("externalFlag", true)
        .refer("member", owner.id)
        .entered(std::min(from, now_), owner.identifier)
        .insert();
    if (from < now_ && random_.chance(60)) add_time(id, project, phase, company, owner, from);
  }

  // What somebody has worked on the day of `when`, for tickets and projects.
  double hours_on_day(std::int64_t member, Instant when) const {
    const Table& entries = db_.table("timeEntries");
    const std::size_t of = entries.column("member");
    const std::size_t start = entries.column("timeStart");
    double sum = 0;
    for (const auto& [id, entry] : entries.records()) {
      const bool same_day = std::chrono::floor<days>(instant_or(entry.cells[start], now_)) ==
                            std::chrono::floor<days>(when);
      if (same_day && reference_or(entry.cells[of], 0) == member) {
        sum += number_in(entries, entry, "actualHours");
      }
    }
    return sum;
  }

  void add_time(std::int64_t ticket, std::int64_t project, std::int64_t phase,
                const SeededCompany& company, const SeededMember& owner, Instant from) {
    const Instant start = std::chrono::floor<days>(from) + hours(14);
    const Instant end = start + hours(random_.between(1, 4));
    if (end > now_ || hours_on_day(owner.id, start) > kLongestProjectDay) return;
    Draft draft(db_, "timeEntries");
    draft.refer("company", company.id)
        .set("chargeToId", ticket)
        .set("chargeToType", "ProjectTicket")
        .refer("project", project)
        .refer("phase", phase)
        .refer("member", owner.id)
        .refer("location", 1)
        .set("locationId", std::int64_t{1})
        .refer("department", 2)
        .refer("workRole", 2)
        .refer("workType", 1)
        .refer("taxCode", 2)
        .set("timeStart", start)
        .set("timeEnd", end)
        .set("actualHours", static_cast<double>((end - start).count()) / 3600)
        .set("billableOption", "Billable")
        .set("notes", "Worked on the project as planned; results are in the documentation.")
        .set("hourlyCost", "45.00")
        .set("mobileGuid", random_guid(random_))
        .set("status", now_ - end < days(14) ? "Open" : "ApprovedByTierTwo")
        .set("enteredBy", owner.identifier)
        .set("dateEntered", end + hours(1) < now_ ? end + hours(1) : end)
        .updated(end, owner.identifier)
        .refer("timeSheet", time_sheet_for(db_, owner.id, start));
    price_time_entry(db_, draft.table(), draft.record());
    draft.insert();
    worked_.push_back(ticket);
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
  std::int64_t board_ = 0;
  std::vector<std::int64_t> statuses_;
  std::vector<std::int64_t> worked_;
};

}  // namespace

void seed_projects(SeedContext& context) {
  Projects(context).run();
}

}  // namespace patchbay::sandbox
