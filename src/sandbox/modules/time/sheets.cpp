// Time sheets: /time/sheets.
#include "sandbox/modules/time/sheets.h"

#include <chrono>

#include <fmt/core.h>

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

Cell hours_of_sheet(const Database& db, const Record& sheet) {
  const Table& entries = db.table("timeEntries");
  const std::size_t of_sheet = entries.column("timeSheet");
  const std::size_t hours = entries.column("actualHours");
  double sum = 0;
  for (const auto& [id, entry] : entries.records()) {
    if (reference_or(entry.cells[of_sheet], 0) == sheet.id) sum += double_or(entry.cells[hours], 0);
  }
  return to_cents(sum);
}

constexpr FieldSpec kTimeSheetFields[] = {
    text("name").is_hidden(),
    reference("member", "members"),
    integer("year"),
    integer("period"),
    date_time("dateStart"),
    date_time("dateEnd"),
    choice("status", kApprovalStatuses),
    decimal("hours").read_by(hours_of_sheet),
    date_time("deadline"),
};

constexpr ResourceSpec kTimeSheetResources[] = {
    {
        .name = "timeSheets",
        .path = "time/sheets",
        .type = "TimeSheet",
        .label = "Time sheet",
        .href = "timeSheet",
        .fields = kTimeSheetFields,
        .methods = {.create = false, .patch = false, .replace = false},
    },
};

}  // namespace

std::span<const ResourceSpec> time_sheet_resources() {
  return kTimeSheetResources;
}

std::int64_t time_sheet_for(Database& db, std::int64_t member, Instant when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::weekday weekday(day);
  const std::chrono::sys_days monday = day - (weekday - std::chrono::Monday);
  Table& sheets = db.table("timeSheets");
  // A sheet's id follows from member and week, so that finding it costs nothing.
  const std::int64_t week = monday.time_since_epoch().count() / 7;
  const std::int64_t id = week * 1000 + member % 1000;
  if (sheets.find(id) != nullptr) return id;
  const std::chrono::sys_days sunday = monday + std::chrono::days(6);
  Record sheet = sheets.blank();
  sheet.id = id;
  sheets.at(sheet, "name") =
      fmt::format("{} to {}", to_text(monday).substr(0, 10), to_text(sunday).substr(0, 10));
  sheets.at(sheet, "member") = RecordReference{member};
  sheets.at(sheet, "year") =
      std::int64_t{static_cast<int>(std::chrono::year_month_day(monday).year())};
  sheets.at(sheet, "period") = week % 52 + 1;
  sheets.at(sheet, "dateStart") = Instant(monday);
  sheets.at(sheet, "dateEnd") = Instant(sunday);
  sheets.at(sheet, "deadline") = Instant(sunday + std::chrono::days(3));
  sheets.at(sheet, "status") = "Open";
  sheets.insert(std::move(sheet));
  return id;
}

}  // namespace patchbay::sandbox
