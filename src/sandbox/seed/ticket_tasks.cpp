// Check lists on tickets.
#include <chrono>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"
#include "sandbox/seed/stories.h"

namespace patchbay::sandbox {
namespace {

class TicketTasks {
 public:
  explicit TicketTasks(SeedContext& context) : db_(context.db), now_(context.options.now) {}

  void run() { add_tasks(); }

 private:
  void add_tasks() {
    static constexpr const char* kTasks[] = {"Call the user back", "Check the event log",
                                             "Confirm with the client"};
    const Table& tickets = db_.table("tickets");
    for (const auto& [id, ticket] : tickets.records()) {
      if (id % 10 != 0 && id != kFirewallTicket) continue;
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
  }

  Database& db_;
  Instant now_;
};

}  // namespace

void seed_ticket_tasks(SeedContext& context) {
  TicketTasks(context).run();
}

}  // namespace patchbay::sandbox
