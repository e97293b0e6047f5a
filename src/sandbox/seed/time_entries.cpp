// Time entries: the work on the tickets, yesterday in full, and internal meetings.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include <fmt/core.h>

#include "sandbox/modules/service/tickets_notes.h"
#include "sandbox/modules/time/entries_rules.h"
#include "sandbox/modules/time/sheets.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// Real instances are years old; and notes and time entries share one list (allNotes), so their ids
// keep apart.
constexpr std::int64_t kFirstId = 1'000'001;

constexpr minutes kLongestWorkday = hours(11);

struct Work {
  std::int64_t ticket = 0;  // 0: internal
  std::int64_t member = 0;
  std::string identifier;
  Instant start;
  Instant end;
  bool billable = true;
  bool thin = false;  // too little is said about it
  std::string notes;
};

class TimeEntries {
 public:
  explicit TimeEntries(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("time")),
        now_(context.options.now) {}

  void run() {
    collect_members();
    for (const auto& [id, ticket] : db_.table("tickets").records()) plan_ticket(id, ticket);
    plan_yesterday();
    plan_meetings();
    std::ranges::sort(work_, [](const Work& a, const Work& b) {
      return std::tie(a.end, a.ticket, a.member) < std::tie(b.end, b.ticket, b.member);
    });
    for (const Work& work : work_) write(work);
    write_ticket_hours();
  }

 private:
  void collect_members() {
    for (const SeededMember& one : context_.members) {
      by_id_[one.id] = &one;
      if (one.team != "sales" && one.team != "management" && one.team != "procurement") {
        engineers_.push_back(&one);
      }
    }
  }

  std::string some_notes(bool thin) {
    return std::string(thin ? random_.pick(thin_time_notes()) : random_.pick(good_time_notes()));
  }

  // Begins at five minute marks, lasts quarters of an hour, and is over by now.
  void plan(Work work, Instant earliest, minutes length) {
    const auto mark = std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<300>>>(
        earliest.time_since_epoch());
    work.start = Instant(std::chrono::duration_cast<std::chrono::seconds>(mark));
    work.end = work.start + length;
    if (work.end > now_) return;
    work.thin = random_.chance(14);
    work.notes = some_notes(work.thin);
    // Nobody works around the clock; what the dice said of it is drawn all the same.
    minutes& worked = worked_[{work.member, std::chrono::floor<days>(work.start)}];
    const bool is_story = work.ticket == 40'592 || work.ticket == 5012;  // seed/stories.cpp
    if (worked + length > kLongestWorkday && !is_story) return;
    worked += length;
    work_.push_back(std::move(work));
  }

  void plan_ticket(std::int64_t id, const Record& ticket) {
    const Table& tickets = db_.table("tickets");
    const std::int64_t owner = reference_or(tickets.at(ticket, "owner"), 0);
    if (owner == 0) return;
    const Instant created = instant_or(tickets.at(ticket, "dateEntered"), now_);
    const Instant closed = instant_or(tickets.at(ticket, "closedDate"), now_);
    recent_.emplace_back(created, id);
    for (int i = random_.between(1, 5); i > 0; --i) {
      Work work;
      work.ticket = id;
      work.member = owner;
      if (random_.chance(20)) work.member = random_.pick(engineers_)->id;
      work.billable = random_.chance(72);
      const auto span = std::max<std::int64_t>(1, (closed - created).count() / 60);
      plan(std::move(work),
           created + minutes(static_cast<std::int64_t>(random_.unit() * static_cast<double>(span))),
           minutes(15 * random_.between(1, 10)));
    }
  }

  // Every engineer was at work yesterday, whatever day it was; most of it in office hours.
  void plan_yesterday() {
    const auto yesterday = std::chrono::floor<days>(now_) - days(1);
    std::ranges::sort(recent_);
    for (int i = 0; i < 60; ++i) {
      const SeededMember* member = engineers_[static_cast<std::size_t>(i) % engineers_.size()];
      const int minute = i % 4 == 3 ? random_.below(22 * 60) : random_.between(12 * 60, 21 * 60);
      const Instant start = yesterday + minutes(minute);
      // A ticket that was there by then, one of the newest.
      const auto there = std::ranges::lower_bound(recent_, std::pair(start, std::int64_t{0}));
      const auto count = there - recent_.begin();
      if (count == 0) continue;
      Work work;
      work.ticket =
          recent_[static_cast<std::size_t>(
                      count - 1 -
                      random_.below(static_cast<int>(std::min<std::ptrdiff_t>(count, 80))))]
              .second;
      work.member = member->id;
      work.billable = i % 10 < 7;
      const std::size_t planned = work_.size();
      plan(std::move(work), start, minutes(15 * random_.between(1, 6)));
      if (work_.size() == planned) continue;
      work_.back().thin = i % 3 == 0;  // enough for an audit to find
      work_.back().notes = some_notes(work_.back().thin);
    }
  }

  void plan_meetings() {
    const auto today = std::chrono::floor<days>(now_);
    for (int back = 1; back < 150; ++back) {
      const auto day = today - days(back);
      const std::chrono::weekday weekday(day);
      if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) continue;
      Work work;
      work.member = random_.pick(engineers_)->id;
      work.billable = false;
      const std::size_t planned = work_.size();
      plan(std::move(work), day + hours(13), minutes(15));
      if (work_.size() == planned) continue;
      work_.back().notes = "Daily stand-up of the service team: open escalations, absences, plan.";
    }
  }

  std::int64_t invoice_for(std::int64_t company, Instant when) {
    const std::chrono::year_month_day date(std::chrono::floor<days>(when));
    std::int64_t& id =
        invoices_[{company, static_cast<int>(date.year()) * 12 +
                                static_cast<int>(static_cast<unsigned>(date.month()))}];
    if (id == 0) {
      const auto next_month = std::chrono::sys_days(date.year() / date.month() / 1) + days(32);
      Draft draft(db_, "invoices");
      draft.set("invoiceNumber", fmt::format("{}", 12'000 + invoices_.size()))
          .set("type", "Standard")
          .refer("company", company)
          .set("date", Instant(next_month))
          .entered(Instant(next_month), "nlarsen");
      id = draft.insert();
    }
    return id;
  }

  // Old work is billed, recent work is on its way there.
  void fill_in_status(Draft& draft, const Work& work, std::int64_t company, bool has_agreement) {
    const auto age = now_ - work.end;
    const bool billable = work.billable;
    if (age < days(7)) {
      draft.set("status", "Open");
    } else if (age < days(14)) {
      draft.set("status", "PendingApproval");
    } else if (age < days(35) || !billable) {
      draft.set("status", "ApprovedByTierTwo");
    } else if (has_agreement && work.ticket % 2 == 0) {
      // Billed like the rest, if at no charge: what is unbilled has no invoiceFlag.
      draft.set("status", "BilledAgreement")
          .set("invoiceFlag", true)
          .set("agreementHours", draft.table().at(draft.record(), "actualHours"));
    } else {
      draft.set("status", "Billed")
          .set("invoiceFlag", true)
          .refer("invoice", invoice_for(company, work.end));
    }
  }

  void write(const Work& work) {
    const Table& tickets = db_.table("tickets");
    const Record* ticket = tickets.find(work.ticket);
    const SeededMember& member = *by_id_[work.member];
    const std::int64_t company =
        ticket == nullptr ? 1 : reference_or(tickets.at(*ticket, "company"), 0);
    const std::int64_t agreement =
        ticket == nullptr ? 0 : reference_or(tickets.at(*ticket, "agreement"), 0);
    const double span = static_cast<double>((work.end - work.start).count()) / 3600;
    const Table& members = db_.table("members");
    Draft draft(db_, "timeEntries");
    if (db_.table("timeEntries").records().empty()) draft.id(kFirstId);
    draft.refer("company", company)
        .set("chargeToId", ticket == nullptr ? company : work.ticket)
        .set("chargeToType", ticket == nullptr ? "Company" : "ServiceTicket")
        .refer("ticket", work.ticket)
        .refer("member", work.member)
        .refer("location", 1)
        .set("locationId", std::int64_t{1})
        .refer("department", 1)
        .refer("workRole", reference_or(members.at(*members.find(work.member), "workRole"), 0))
        .refer("workType", ticket == nullptr        ? 6
                           : member.team == "field" ? 2
                                                    : 1)
        .refer("agreement", agreement)
        .refer("taxCode", 2)
        .set("timeStart", work.start)
        .set("timeEnd", work.end)
        .set("hoursDeduct", 0.0)
        .set("actualHours", std::round(span * 100) / 100)
        .set("billableOption", work.billable                               ? "Billable"
                               : ticket == nullptr || work.ticket % 3 == 0 ? "DoNotBill"
                                                                           : "NoCharge")
        .set("notes", work.notes)
        .set("addToInternalAnalysisFlag", true)
        .set("hourlyCost", "45.00")
        .set("mobileGuid", random_guid(random_))
        .set("enteredBy", member.identifier)
        .set("dateEntered", work.end + std::chrono::seconds(random_.between(20, 280)))
        .updated(work.end + minutes(5), member.identifier)
        .refer("timeSheet", time_sheet_for(db_, work.member, work.start));
    if (random_.chance(8)) draft.set("internalNotes", "Client was friendly and patient.");
    price_time_entry(db_, draft.table(), draft.record());
    fill_in_status(draft, work, company, agreement != 0);
    hours_[work.ticket] += span;
    const std::int64_t id = draft.insert();
    add_time_entry_to_all_notes(db_, *db_.table("timeEntries").find(id));
  }

  void write_ticket_hours() {
    Table& tickets = db_.table("tickets");
    const std::size_t column = tickets.column("actualHours");
    for (const auto& [id, sum] : hours_) {
      const Record* ticket = tickets.find(id);
      if (ticket == nullptr) continue;
      Record changed = *ticket;
      changed.cells[column] = std::round(sum * 100) / 100;
      tickets.put(std::move(changed));
    }
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
  std::map<std::int64_t, const SeededMember*> by_id_;
  std::vector<const SeededMember*> engineers_;
  std::vector<std::pair<Instant, std::int64_t>> recent_;  // tickets by creation
  std::vector<Work> work_;
  std::map<std::pair<std::int64_t, std::chrono::sys_days>, minutes> worked_;  // by member and day
  std::map<std::int64_t, double> hours_;
  std::map<std::pair<std::int64_t, int>, std::int64_t> invoices_;
};

}  // namespace

void seed_time_entries(SeedContext& context) {
  TimeEntries(context).run();
}

}  // namespace patchbay::sandbox
