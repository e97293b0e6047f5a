// Expense reports: /expense/reports.
#include "sandbox/modules/expense/reports.h"

#include <chrono>

#include <fmt/core.h>

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kExpenseReportFields[] = {
    text("name").is_hidden(),
    reference("member", "members"),
    integer("year"),
    integer("period"),
    date_time("dateStart"),
    date_time("dateEnd"),
    choice("status", kApprovalStatuses),
    decimal("total"),
    date_time("dueDate"),
};

constexpr ResourceSpec kExpenseReportResources[] = {
    {
        .name = "expenseReports",
        .path = "expense/reports",
        .type = "ExpenseReport",
        .label = "Expense report",
        .href = "expenseReport",
        .fields = kExpenseReportFields,
        .methods = {.create = false, .patch = false, .replace = false, .remove = false},
    },
};

}  // namespace

std::span<const ResourceSpec> expense_report_resources() {
  return kExpenseReportResources;
}

double worth_of(const Database& db, const Record& entry) {
  const Table& entries = db.table("expenseEntries");
  const Table& types = db.table("expenseTypes");
  const double amount = number_in(entries, entry, "amount");
  const Record* type = types.find(id_in(entries, entry, "type"));
  const bool by_distance = type != nullptr && bool_or(types.at(*type, "mileageFlag"), false);
  return to_cents(by_distance ? amount * double_or(types.at(*type, "reimbursementRate"), 1)
                              : amount);
}

void total_report(Database& db, std::int64_t report) {
  Table& reports = db.table("expenseReports");
  const Record* record = reports.find(report);
  if (record == nullptr) return;
  const Table& entries = db.table("expenseEntries");
  double sum = 0;
  for (const auto& [id, entry] : entries.records()) {
    if (id_in(entries, entry, "expenseReport") == report) {
      sum += worth_of(db, entry);
    }
  }
  Record changed = *record;
  reports.at(changed, "total") = to_cents(sum);
  reports.put(std::move(changed));
}

std::int64_t expense_report_for(Database& db, std::int64_t member, Instant when) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(when));
  const int year = static_cast<int>(day.year());
  const unsigned month = static_cast<unsigned>(day.month());
  // One report for a member's month; its id says which.
  const std::int64_t id = (year * 12 + static_cast<std::int64_t>(month)) * 1000 + member % 1000;
  Table& reports = db.table("expenseReports");
  if (reports.find(id) != nullptr) return id;
  const std::chrono::sys_days first = day.year() / day.month() / 1;
  const std::chrono::sys_days last = day.year() / day.month() / std::chrono::last;
  Record report = reports.blank();
  report.id = id;
  reports.at(report, "name") = fmt::format("{}-{:02}", year, month);
  reports.at(report, "member") = RecordReference{member};
  reports.at(report, "year") = std::int64_t{year};
  reports.at(report, "period") = static_cast<std::int64_t>(month);
  reports.at(report, "dateStart") = Instant(first);
  reports.at(report, "dateEnd") = Instant(last);
  reports.at(report, "dueDate") = Instant(last + std::chrono::days(5));
  reports.at(report, "status") = "Open";
  reports.at(report, "total") = 0.0;
  reports.insert(std::move(report));
  return id;
}

}  // namespace patchbay::sandbox
