// The dispatch board: what is planned for open tickets, and the last week.
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;

class OpenTickets {
 public:
  explicit OpenTickets(SeedContext& context, Random& random)
      : context_(context), db_(context.db), random_(random), now_(context.options.now) {}

  void run() { add_schedules(); }

 private:
  void add_schedules() {
    context_.setup("scheduleStatuses", "Firm", true).insert();
    context_.setup("scheduleStatuses", "Tentative").set("showAsTentativeFlag", true).insert();
    context_.setup("scheduleStatuses", "Cancelled").insert();
    for (const auto& [code, name] : {std::pair<const char*, const char*>{"C", "Sales Activity"},
                                     {"M", "Miscellaneous"},
                                     {"V", "Vacation"},
                                     {"S", "Service"},
                                     {"P", "Project"}}) {
      context_.setup("scheduleTypes", name)
          .set("identifier", code)
          .set("systemFlag", true)
          .insert();
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

  SeedContext& context_;
  Database& db_;
  Random& random_;
  Instant now_;
};

class Week {
 public:
  explicit Week(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("later")),
        now_(context.options.now) {}

  void run() { add_week(); }

 private:
  void book(std::int64_t member, std::int64_t type, std::int64_t object, std::string name,
            Instant start, Instant end, bool done) {
    Draft draft(db_, "scheduleEntries");
    draft.set("name", std::move(name))
        .refer("member", member)
        .refer("type", type)
        .refer("status", 1)
        .refer("where", 2)
        .set("dateStart", start)
        .set("dateEnd", end)
        .set("hours", static_cast<double>((end - start).count()) / 3600)
        .set("doneFlag", done)
        .set("ownerFlag", true)
        .set("mobileGuid", random_guid(random_))
        .entered(std::min(start - days(1), now_), "eclarke");
    if (object != 0) draft.set("objectId", object);
    if (type == 4) draft.set("ticketType", "ServiceTicket");
    if (done) draft.set("closeDate", end);
    draft.insert();
  }

  // The last six days are done, and somebody is always away.
  void add_week() {
    const auto today = std::chrono::floor<days>(now_);
    const Table& tickets = db_.table("tickets");
    std::set<std::pair<std::int64_t, std::int64_t>> taken;  // member, hours since the epoch
    for (auto it = tickets.records().rbegin(); it != tickets.records().rend(); ++it) {
      const Record& ticket = it->second;
      const std::int64_t owner = id_in(tickets, ticket, "owner");
      const auto* closed = std::get_if<Instant>(&tickets.at(ticket, "closedDate"));
      if (owner == 0 || closed == nullptr || *closed < today - days(6) || *closed >= today)
        continue;
      const Instant start = std::chrono::floor<hours>(*closed) - hours(1);
      if (!taken.emplace(owner, start.time_since_epoch().count() / 3600).second) continue;
      book(owner, 4, ticket.id,
           text_or(db_.read(tickets, ticket, "company/name"), "") + " / Ticket# " +
               std::to_string(ticket.id) + " - " + text_or(tickets.at(ticket, "summary"), ""),
           start, start + hours(1), true);
    }
    const Instant tomorrow = today + days(1);
    const auto field = context_.team("field");
    book(field.back()->id, 3, 0, "Vacation", tomorrow + days(7), tomorrow + days(12), false);
    book(context_.member("eclarke").id, 2, 0, "Dispatch planning", tomorrow + hours(13),
         tomorrow + hours(14), false);
    // What starts and ends at the same midnight is a to-do.
    book(context_.member("jdoe").id, 2, 0, "Write the monthly summary", tomorrow, tomorrow, false);
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
};

}  // namespace

void seed_schedule(SeedContext& context, Random& random) {
  OpenTickets(context, random).run();
}

void seed_schedule_week(SeedContext& context) {
  Week(context).run();
}

}  // namespace patchbay::sandbox
