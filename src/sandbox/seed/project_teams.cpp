// Who works on projects, and check lists on their tickets.
#include <chrono>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

class ProjectTeams {
 public:
  explicit ProjectTeams(SeedContext& context)
      : context_(context), db_(context.db), now_(context.options.now) {}

  void run() { add_project_people(); }

 private:
  void add_project_people() {
    for (const char* role : {"Project Manager", "Engineer", "Consultant"}) {
      context_.setup("projectRoles", role).set("identifier", role).insert();
    }
    const Table& projects = db_.table("projects");
    static constexpr const char* kEngineers[] = {"tbecker", "ppatel", "vnowak", "dmartinez"};
    for (const auto& [id, project] : projects.records()) {
      const Instant since = instant_or(projects.at(project, "estimatedStart"), now_);
      const auto join = [&, project_id = id](std::int64_t member, std::int64_t role, double hours) {
        Draft(db_, "projectTeamMembers")
            .refer("project", project_id)
            .refer("member", member)
            .refer("projectRole", role)
            .refer("workRole", 2)
            .set("hours", hours)
            .set("startDate", since)
            .entered(since, "pnovak")
            .insert();
      };
      join(id_in(projects, project, "manager"), 1, 8.0);
      join(context_.member(kEngineers[id % 4]).id, 2, 24.0);
    }
    const Table& tickets = db_.table("projectTickets");
    for (const auto& [id, ticket] : tickets.records()) {
      if (id % 5 != 0) continue;
      std::int64_t place = 1;
      for (const char* words : {"Agree the time with the client", "Write down what was done"}) {
        Draft(db_, "projectTicketTasks")
            .refer("ticket", id)
            .set("notes", words)
            .set("priority", place++)
            .set("closedFlag", !is_null(tickets.at(ticket, "closedDate")))
            .refer("member", id_in(tickets, ticket, "owner"))
            .entered(instant_or(tickets.at(ticket, "dateEntered"), now_), "pnovak")
            .insert();
      }
    }
  }

  SeedContext& context_;
  Database& db_;
  Instant now_;
};

}  // namespace

void seed_project_teams(SeedContext& context) {
  ProjectTeams(context).run();
}

}  // namespace patchbay::sandbox
