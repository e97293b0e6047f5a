// What the API does with time entries beyond their fields.
#include "sandbox/modules/time/entries_rules.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "sandbox/modules/finance/invoices_rules.h"
#include "sandbox/modules/project/tickets_rules.h"
#include "sandbox/modules/service/tickets_hours.h"
#include "sandbox/modules/service/tickets_notes.h"
#include "sandbox/modules/time/sheets.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// What is neither a service ticket nor a company.
void follow_other_charge(const WriteContext& context, Record& entry, std::string_view type,
                         std::int64_t charged) {
  const Table& table = context.table;
  const bool to_project = type == "ProjectTicket";
  const Table& projects = context.db.table("projectTickets");
  const Record* ticket = to_project ? projects.find(charged) : nullptr;
  for (const std::string_view field : {"project", "phase"}) {
    table.at(entry, field) = ticket == nullptr ? Cell() : projects.at(*ticket, field);
  }
  const Table& activities = context.db.table("activities");
  const Record* activity = type == "Activity" ? activities.find(charged) : nullptr;
  table.at(entry, "activity") = activity == nullptr ? Cell() : Cell(RecordReference{charged});
  const Table& codes = context.db.table("chargeCodes");
  const Record* code = type == "ChargeCode" ? codes.find(charged) : nullptr;
  if (ticket != nullptr) table.at(entry, "company") = projects.at(*ticket, "company");
  if (activity != nullptr) table.at(entry, "company") = activities.at(*activity, "company");
  if (code != nullptr) {
    table.at(entry, "company") = codes.at(*code, "company");
    fill_if_null(table, entry, "workType", codes.at(*code, "workType"));
    fill_if_null(table, entry, "workRole", codes.at(*code, "workRole"));
    fill_if_null(table, entry, "billableOption", codes.at(*code, "billTime"));
  }
}

// Ticket, company and agreement follow from what the entry is charged to.
void follow_charge(const WriteContext& context, Record& entry) {
  const Table& table = context.table;
  const bool has_ticket = context.was_given("ticket");
  if (has_ticket && !context.was_given("chargeToId")) {
    const std::int64_t ticket = id_in(table, entry, "ticket");
    table.at(entry, "chargeToId") = ticket == 0 ? Cell() : Cell(ticket);
    if (ticket != 0) table.at(entry, "chargeToType") = "ServiceTicket";
  }
  if (!is_null(table.at(entry, "chargeToId"))) {
    fill_if_null(table, entry, "chargeToType", "ServiceTicket");
  }
  const std::string type = text_or(table.at(entry, "chargeToType"), "");
  const std::int64_t charged = int_or(table.at(entry, "chargeToId"), 0);
  const Table& tickets = context.db.table("tickets");
  const Record* ticket = type == "ServiceTicket" ? tickets.find(charged) : nullptr;
  if (ticket != nullptr) {
    table.at(entry, "ticket") = RecordReference{charged};
    table.at(entry, "company") = tickets.at(*ticket, "company");
    if (!context.was_given("agreement")) {
      table.at(entry, "agreement") = tickets.at(*ticket, "agreement");
    }
  } else {
    table.at(entry, "ticket") = Cell();
    follow_other_charge(context, entry, type, charged);
    if (type == "Company" && charged != 0) table.at(entry, "company") = RecordReference{charged};
  }
  // Time without a ticket is time of a company, the own one if none is named.
  if (is_null(table.at(entry, "company"))) {
    const auto& companies = context.db.table("companies").records();
    if (!companies.empty()) table.at(entry, "company") = RecordReference{companies.begin()->first};
  }
  if (type.empty()) {
    table.at(entry, "chargeToType") = "Company";
    table.at(entry, "chargeToId") = id_in(table, entry, "company");
  }
}

void fill_who_and_how(const WriteContext& context, Record& entry) {
  const Table& table = context.table;
  const Database& db = context.db;
  fill_if_null(table, entry, "member", RecordReference{context.member});
  const Table& members = db.table("members");
  if (const Record* member = members.find(id_in(table, entry, "member"))) {
    fill_if_null(table, entry, "workRole", members.at(*member, "workRole"));
    fill_if_null(table, entry, "workType", members.at(*member, "workType"));
    fill_if_null(table, entry, "location", members.at(*member, "defaultLocation"));
    fill_if_null(table, entry, "department", members.at(*member, "defaultDepartment"));
  }
  if (context.was_given("locationId")) {
    table.at(entry, "location") = RecordReference{int_or(table.at(entry, "locationId"), 0)};
  }
  table.at(entry, "locationId") = id_in(table, entry, "location");
  if (!is_null(table.at(entry, "billableOption"))) return;
  const Table& tickets = db.table("tickets");
  const Record* ticket = tickets.find(id_in(table, entry, "ticket"));
  const std::string of_ticket =
      ticket == nullptr ? "NoDefault" : text_or(tickets.at(*ticket, "billTime"), "NoDefault");
  const Table& types = db.table("workTypes");
  const Record* type = types.find(id_in(table, entry, "workType"));
  if (of_ticket != "NoDefault") {
    table.at(entry, "billableOption") = of_ticket;
  } else {
    table.at(entry, "billableOption") =
        type == nullptr ? Cell("Billable") : types.at(*type, "billTime");
  }
}

// actualHours = span - deduction wherever there is an end; else the end follows from the hours.
void fill_hours(const WriteContext& context, Record& entry) {
  const Table& table = context.table;
  const auto* start = std::get_if<Instant>(&table.at(entry, "timeStart"));
  if (start == nullptr) return;
  const double deduct = double_or(table.at(entry, "hoursDeduct"), 0);
  fill_if_null(table, entry, "hoursDeduct", 0.0);
  if (const auto* end = std::get_if<Instant>(&table.at(entry, "timeEnd"))) {
    const double span = static_cast<double>((*end - *start).count()) / 3600;
    table.at(entry, "actualHours") = to_cents(span - deduct);
  } else if (const double hours = double_or(table.at(entry, "actualHours"), -1); hours >= 0) {
    const auto seconds = static_cast<std::int64_t>(std::llround((hours + deduct) * 3600));
    table.at(entry, "timeEnd") = *start + std::chrono::seconds(seconds);
  }
}

void fill_entry(const WriteContext& context, Record& entry) {
  follow_charge(context, entry);
  fill_who_and_how(context, entry);
  fill_hours(context, entry);
  price_time_entry(context.db, context.table, entry);
  if (const auto* start = std::get_if<Instant>(&context.table.at(entry, "timeStart"))) {
    context.table.at(entry, "timeSheet") =
        RecordReference{time_sheet_for(context.db, id_in(context.table, entry, "member"), *start)};
  }
}

// A submitted sheet is closed to its member.
bool is_locked(const Database& db, const Record& entry) {
  const Table& sheets = db.table("timeSheets");
  const Record* sheet = sheets.find(id_in(db.table("timeEntries"), entry, "timeSheet"));
  if (sheet == nullptr) return false;
  const std::string status = text_or(sheets.at(*sheet, "status"), "Open");
  return status != "Open" && status != "Rejected";
}

InvalidField locked() {
  return {"InvalidOperation",
          "The time sheet of this date has been submitted and cannot be changed.", "timeEntry",
          "timeStart"};
}

// Time can neither go into a submitted sheet nor out of one, and no period was set up for some
// times.
void check_sheet(const WriteContext& context, const Record& entry,
                 std::vector<InvalidField>& errors) {
  if (is_locked(context.db, entry) ||
      (context.before != nullptr && is_locked(context.db, *context.before))) {
    errors.push_back(locked());
  }
  if (is_null(context.table.at(entry, "timeSheet"))) return;
  const Table& periods = context.db.table("timePeriods");
  const Instant start = instant_or(context.table.at(entry, "timeStart"), context.now);
  for (const auto& [id, period] : periods.records()) {
    const Instant first = instant_or(periods.at(period, "startDate"), start);
    const Instant last = instant_or(periods.at(period, "endDate"), start);
    if (start >= first && start < last + std::chrono::days(1)) return;
  }
  errors.push_back({"InvalidOperation", "There are no report periods set up for this date.",
                    "timeEntry", "timeStart"});
}

void check_entry(const WriteContext& context, const Record& entry,
                 std::vector<InvalidField>& errors) {
  const Table& table = context.table;
  const auto complain = [&](std::string code, std::string message, std::string field) {
    errors.push_back({std::move(code), std::move(message), "timeEntry", std::move(field)});
  };
  const std::string type = text_or(table.at(entry, "chargeToType"), "");
  const std::int64_t charged = int_or(table.at(entry, "chargeToId"), 0);
  if (type == "ServiceTicket" && context.db.table("tickets").find(charged) == nullptr) {
    complain("NotFound", fmt::format("Ticket {} not found", charged), "chargeToId");
  }
  for (const auto& [kind, table_name] :
       {std::pair("ProjectTicket", "projectTickets"), std::pair("ChargeCode", "chargeCodes"),
        std::pair("Activity", "activities")}) {
    if (type == kind && context.db.table(table_name).find(charged) == nullptr) {
      complain("NotFound", fmt::format("{} {} not found", kind, charged), "chargeToId");
    }
  }
  check_sheet(context, entry, errors);
  if (type == "Company" && context.db.table("companies").find(charged) == nullptr) {
    complain("NotFound", fmt::format("Company {} not found", charged), "chargeToId");
  }
  const auto* start = std::get_if<Instant>(&table.at(entry, "timeStart"));
  const auto* end = std::get_if<Instant>(&table.at(entry, "timeEnd"));
  if (start == nullptr) return;  // reported as missing
  const bool end_reported = std::ranges::any_of(
      errors, [](const InvalidField& error) { return error.field == "timeEnd"; });
  if (end == nullptr) {
    if (!end_reported) {
      complain("MissingRequiredField", "timeEnd or actualHours is required.", "timeEnd");
    }
  } else if (*end <= *start) {
    complain("OutOfRange", "timeEnd must be after timeStart.", "timeEnd");
  } else if (*end - *start > std::chrono::hours(24)) {
    complain("OutOfRange", "A time entry cannot exceed 24 hours.", "timeEnd");
  } else if (double_or(table.at(entry, "actualHours"), 0) < 0) {
    complain("OutOfRange", "hoursDeduct cannot exceed the time entered.", "hoursDeduct");
  }
}

bool is_billed(const Table& table, const Record& entry) {
  const std::string status = text_or(table.at(entry, "status"), "");
  return status == "Billed" || status == "BilledAgreement" || !is_null(table.at(entry, "invoice"));
}

// Work on a ticket is a change of it.
void touch_ticket(const WriteContext& context, const Record& entry) {
  Table& tickets = context.db.table("tickets");
  const Record* ticket = tickets.find(id_in(context.table, entry, "ticket"));
  if (ticket == nullptr) return;
  Record touched = *ticket;
  tickets.at(touched, "lastUpdated") = context.now;
  tickets.at(touched, "updatedBy") = context.table.at(entry, "updatedBy");
  tickets.put(std::move(touched));
}

}  // namespace

const Rules kTimeEntryRules = {
    .fill = fill_entry,
    .check = check_entry,
    .stored =
        [](const WriteContext& context, const Record& entry) {
          if (context.before != nullptr) {
            remove_time_entry_from_all_notes(context.db, *context.before);
            sum_up_ticket(context.db, id_in(context.table, *context.before, "ticket"));
          }
          add_time_entry_to_all_notes(context.db, entry);
          touch_ticket(context, entry);
          sum_up_ticket(context.db, id_in(context.table, entry, "ticket"));
          total_invoice(context.db, id_in(context.table, entry, "invoice"));
          if (text_or(context.table.at(entry, "chargeToType"), "") == "ProjectTicket") {
            sum_up_project_ticket(context.db, int_or(context.table.at(entry, "chargeToId"), 0));
          }
        },
    .refuses_delete = [](const Database& db, const Record& entry) -> std::optional<ApiError> {
      if (!is_billed(db.table("timeEntries"), entry)) {
        if (is_locked(db, entry)) return invalid_object("timeEntry", {locked()});
        return std::nullopt;
      }
      return invalid_object(
          "timeEntry",
          {{"InvalidOperation", "A billed time entry cannot be deleted.", "timeEntry", "status"}});
    },
    .deleted =
        [](Database& db, const Record& entry) {
          remove_time_entry_from_all_notes(db, entry);
          sum_up_ticket(db, id_in(db.table("timeEntries"), entry, "ticket"));
          if (text_or(db.table("timeEntries").at(entry, "chargeToType"), "") == "ProjectTicket") {
            sum_up_project_ticket(db, int_or(db.table("timeEntries").at(entry, "chargeToId"), 0));
          }
        },
};

void price_time_entry(const Database& db, const Table& entries, Record& entry) {
  const double hours = std::max(0.0, double_or(entries.at(entry, "actualHours"), 0));
  const std::string option = text_or(entries.at(entry, "billableOption"), "Billable");
  // Billed in quarters of an hour, begun ones in full.
  const double billed = option == "Billable" ? std::ceil(hours * 4 - 1e-9) / 4 : 0;
  const Table& roles = db.table("workRoles");
  const Record* role = roles.find(id_in(entries, entry, "workRole"));
  const double rate = role == nullptr ? 150 : double_or(roles.at(*role, "hourlyRate"), 150);
  if (is_null(entries.at(entry, "hourlyRate"))) entries.at(entry, "hourlyRate") = rate;
  entries.at(entry, "hoursBilled") = billed;
  entries.at(entry, "invoiceHours") = billed;
  entries.at(entry, "extendedInvoiceAmount") =
      to_cents(billed * double_or(entries.at(entry, "hourlyRate"), rate));
  // What an hour of the member costs, as text: so the API gives costs.
  const Table& members = db.table("members");
  const Record* member = members.find(id_in(entries, entry, "member"));
  const double cost = member == nullptr ? 0 : double_or(members.at(*member, "hourlyCost"), 0);
  if (is_null(entries.at(entry, "hourlyCost"))) {
    entries.at(entry, "hourlyCost") = fmt::format("{:.2f}", cost);
  }
}

}  // namespace patchbay::sandbox
