// Charge codes, the periods that are open for time, and how far time sheets have come.
#include <chrono>
#include <utility>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

class Periods {
 public:
  explicit Periods(SeedContext& context)
      : context_(context), db_(context.db), now_(context.options.now) {}

  void run() {
    add_periods();
    settle_time_sheets();
  }

 private:
  // Weeks from two years back to a quarter ahead are open for time.
  void add_periods() {
    for (const auto& [name, bill] : {std::pair<const char*, const char*>{"Internal", "DoNotBill"},
                                     {"Holiday", "DoNotBill"},
                                     {"Sick leave", "DoNotBill"},
                                     {"Training", "NoCharge"}}) {
      context_.setup("chargeCodes", name)
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
  Instant now_;
};

class RejectedSheet {
 public:
  explicit RejectedSheet(SeedContext& context) : db_(context.db), now_(context.options.now) {}

  void run() { reject_a_sheet(); }

 private:
  // Sent back by the approver: its member may change it again.
  void reject_a_sheet() {
    Table& sheets = db_.table("timeSheets");
    Table& entries = db_.table("timeEntries");
    for (const auto& [id, sheet] : sheets.records()) {
      if (text_or(sheets.at(sheet, "status"), "") != "PendingApproval") continue;
      Record rejected = sheet;
      std::vector<Record> changed;
      for (const auto& [entry_id, entry] : entries.records()) {
        if (id_in(entries, entry, "timeSheet") == rejected.id) changed.push_back(entry);
      }
      for (Record& entry : changed) {
        entries.at(entry, "status") = "Rejected";
        entries.put(std::move(entry));
      }
      sheets.at(rejected, "status") = "Rejected";
      sheets.put(std::move(rejected));
      return;
    }
  }

  Database& db_;
  Instant now_;
};

}  // namespace

void seed_time_periods(SeedContext& context) {
  Periods(context).run();
}

void reject_a_time_sheet(SeedContext& context) {
  RejectedSheet(context).run();
}

}  // namespace patchbay::sandbox
