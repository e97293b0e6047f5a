#include <chrono>

#include <fmt/format.h>

#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

void total_report(Database& db, std::int64_t report) {
  Table& reports = db.table("expenseReports");
  const Record* record = reports.find(report);
  if (record == nullptr) return;
  const Table& entries = db.table("expenseEntries");
  double sum = 0;
  for (const auto& [id, entry] : entries.records()) {
    if (id_in(entries, entry, "expenseReport") == report) {
      sum += number_in(entries, entry, "amount");
    }
  }
  Record changed = *record;
  reports.at(changed, "total") = to_cents(sum);
  reports.put(std::move(changed));
}

void fill_entry(const WriteContext& context, Record& entry) {
  const Table& table = context.table;
  fill_if_null(table, entry, "member", Reference{context.member});
  const std::int64_t charged = int_or(table.at(entry, "chargeToId"), 0);
  const std::string kind = text_or(table.at(entry, "chargeToType"), "");
  const bool to_project = kind == "ProjectTicket";
  const Table& tickets = context.db.table(to_project ? "projectTickets" : "tickets");
  if (const Record* ticket = tickets.find(charged);
      ticket != nullptr && (to_project || kind == "ServiceTicket")) {
    table.at(entry, "company") = tickets.at(*ticket, "company");
    fill_if_null(table, entry, "agreement", tickets.at(*ticket, "agreement"));
    if (to_project) {
      table.at(entry, "project") = tickets.at(*ticket, "project");
      table.at(entry, "phase") = tickets.at(*ticket, "phase");
    } else {
      table.at(entry, "ticket") = Reference{charged};
    }
  }
  const Table& types = context.db.table("expenseTypes");
  if (const Record* type = types.find(id_in(table, entry, "type"))) {
    fill_if_null(table, entry, "billableOption", types.at(*type, "billExpenses"));
  }
  const bool billable = text_or(table.at(entry, "billableOption"), "") == "Billable";
  table.at(entry, "invoiceAmount") = billable ? to_cents(number_in(table, entry, "amount")) : 0.0;
  if (const auto* date = std::get_if<Instant>(&table.at(entry, "date"))) {
    table.at(entry, "expenseReport") =
        Reference{expense_report_for(context.db, id_in(table, entry, "member"), *date)};
  }
}

// A submitted report is closed to its member.
bool is_locked(const Database& db, const Record& entry) {
  const Table& reports = db.table("expenseReports");
  const Record* report = reports.find(id_in(db.table("expenseEntries"), entry, "expenseReport"));
  if (report == nullptr) return false;
  const std::string status = text_or(reports.at(*report, "status"), "Open");
  return status != "Open" && status != "Rejected";
}

FieldError locked() {
  return {"InvalidOperation",
          "The expense report of this date has been submitted and cannot be changed.",
          "expenseEntry", "date"};
}

void check_entry(const WriteContext& context, const Record& entry,
                 std::vector<FieldError>& errors) {
  const Table& table = context.table;
  const std::int64_t charged = int_or(table.at(entry, "chargeToId"), 0);
  const std::string kind = text_or(table.at(entry, "chargeToType"), "");
  const std::string_view target = kind == "ServiceTicket"   ? "tickets"
                                  : kind == "ProjectTicket" ? "projectTickets"
                                  : kind == "ChargeCode"    ? "chargeCodes"
                                  : kind == "Activity"      ? "activities"
                                                            : "";
  if (!target.empty() && context.db.table(target).find(charged) == nullptr) {
    errors.push_back(
        {"NotFound", fmt::format("{} {} not found", kind, charged), "expenseEntry", "chargeToId"});
  }
  if (is_locked(context.db, entry) ||
      (context.before != nullptr && is_locked(context.db, *context.before))) {
    errors.push_back(locked());
  }
}

}  // namespace

Rules expense_entry_rules() {
  Rules rules;
  rules.fill = fill_entry;
  rules.check = check_entry;
  rules.stored = [](const WriteContext& context, const Record& entry) {
    if (context.before != nullptr) {
      total_report(context.db, id_in(context.table, *context.before, "expenseReport"));
    }
    total_report(context.db, id_in(context.table, entry, "expenseReport"));
    total_invoice(context.db, id_in(context.table, entry, "invoice"));
  };
  rules.refuses_delete = [](const Database& db, const Record& entry) -> std::optional<ApiError> {
    if (id_in(db.table("expenseEntries"), entry, "invoice") == 0) {
      if (is_locked(db, entry)) return invalid_object("expenseEntry", {locked()});
      return std::nullopt;
    }
    return invalid_object(
        "expenseEntry",
        {{"InvalidOperation", "A billed expense cannot be deleted.", "expenseEntry", "invoice"}});
  };
  rules.deleted = [](Database& db, const Record& entry) {
    total_report(db, id_in(db.table("expenseEntries"), entry, "expenseReport"));
  };
  return rules;
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
  reports.at(report, "member") = Reference{member};
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
