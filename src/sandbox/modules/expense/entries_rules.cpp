// What the API does with expenses beyond their fields.
#include "sandbox/modules/expense/entries_rules.h"

#include <fmt/core.h>

#include "sandbox/modules/expense/reports.h"
#include "sandbox/modules/finance/invoices_rules.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

void fill_entry(const WriteContext& context, Record& entry) {
  const Table& table = context.table;
  fill_if_null(table, entry, "member", RecordReference{context.member});
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
      table.at(entry, "ticket") = RecordReference{charged};
    }
  }
  const Table& types = context.db.table("expenseTypes");
  if (const Record* type = types.find(id_in(table, entry, "type"))) {
    fill_if_null(table, entry, "billableOption", types.at(*type, "billExpenses"));
  }
  const bool billable = text_or(table.at(entry, "billableOption"), "") == "Billable";
  const double start = number_in(table, entry, "odometerStart");
  const double end = number_in(table, entry, "odometerEnd");
  if (end > start && !context.was_given("amount")) table.at(entry, "amount") = end - start;
  table.at(entry, "invoiceAmount") = billable ? worth_of(context.db, entry) : 0.0;
  if (const auto* date = std::get_if<Instant>(&table.at(entry, "date"))) {
    table.at(entry, "expenseReport") =
        RecordReference{expense_report_for(context.db, id_in(table, entry, "member"), *date)};
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

InvalidField locked() {
  return {"InvalidOperation",
          "The expense report of this date has been submitted and cannot be changed.",
          "expenseEntry", "date"};
}

void check_entry(const WriteContext& context, const Record& entry,
                 std::vector<InvalidField>& errors) {
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

const Rules kExpenseEntryRules = {
    .fill = fill_entry,
    .check = check_entry,
    .stored =
        [](const WriteContext& context, const Record& entry) {
          if (context.before != nullptr) {
            total_report(context.db, id_in(context.table, *context.before, "expenseReport"));
          }
          total_report(context.db, id_in(context.table, entry, "expenseReport"));
          total_invoice(context.db, id_in(context.table, entry, "invoice"));
        },
    .refuses_delete = [](const Database& db, const Record& entry) -> std::optional<ApiError> {
      if (id_in(db.table("expenseEntries"), entry, "invoice") == 0) {
        if (is_locked(db, entry)) return invalid_object("expenseEntry", {locked()});
        return std::nullopt;
      }
      return invalid_object(
          "expenseEntry",
          {{"InvalidOperation", "A billed expense cannot be deleted.", "expenseEntry", "invoice"}});
    },
    .deleted =
        [](Database& db, const Record& entry) {
          total_report(db, id_in(db.table("expenseEntries"), entry, "expenseReport"));
        },
};

}  // namespace patchbay::sandbox
