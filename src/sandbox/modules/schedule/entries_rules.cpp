// The dispatch board: names, hours and conflicts of schedule entries.
#include "sandbox/modules/schedule/entries_rules.h"

#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

std::string type_of(const Database& db, const Table& table, const Record& entry) {
  const Table& types = db.table("scheduleTypes");
  const Record* type = types.find(id_in(table, entry, "type"));
  return type == nullptr ? "" : text_or(types.at(*type, "identifier"), "");
}

// "Acme Corp / Ticket# 123 - Printer offline"
std::string name_of(const Database& db, const Table& table, const Record& entry) {
  const std::int64_t object = int_or(table.at(entry, "objectId"), 0);
  for (const std::string_view kind : {"tickets", "projectTickets"}) {
    const Table& tickets = db.table(kind);
    const Record* ticket = tickets.find(object);
    if (ticket == nullptr) continue;
    return fmt::format("{} / Ticket# {} - {}",
                       text_or(db.read(tickets, *ticket, "company/name"), ""), object,
                       text_or(tickets.at(*ticket, "summary"), ""));
  }
  return text_or(table.at(entry, "name"), "");
}

void fill_entry(const WriteContext& context, Record& entry) {
  const Table& table = context.table;
  fill_if_null(table, entry, "member", RecordReference{context.member});
  const std::string type = type_of(context.db, table, entry);
  if (type == "S") {
    table.at(entry, "name") = name_of(context.db, table, entry);
    const bool is_service =
        context.db.table("tickets").find(int_or(table.at(entry, "objectId"), 0)) != nullptr;
    table.at(entry, "ticketType") = is_service ? "ServiceTicket" : "ProjectTicket";
  }
  const auto* start = std::get_if<Instant>(&table.at(entry, "dateStart"));
  if (start == nullptr) return;
  const auto* end = std::get_if<Instant>(&table.at(entry, "dateEnd"));
  const double hours = number_in(table, entry, "hours");
  const bool span_given = context.was_given("dateStart") || context.was_given("dateEnd");
  if (end == nullptr) {
    const double wanted = hours > 0 ? hours : 0;
    const Instant at = *start + std::chrono::seconds(std::llround(wanted * 3600));
    table.at(entry, "dateEnd") = at;
  } else if (hours == 0 || (span_given && !context.was_given("hours"))) {
    table.at(entry, "hours") = to_cents(static_cast<double>((*end - *start).count()) / 3600);
  }
}

bool is_for_ticket(const Table& table, const Record& entry, std::int64_t ticket) {
  return int_or(table.at(entry, "objectId"), 0) == ticket;
}

void check_entry(const WriteContext& context, const Record& entry,
                 std::vector<InvalidField>& errors) {
  const Table& table = context.table;
  const std::string type = type_of(context.db, table, entry);
  const std::int64_t object = int_or(table.at(entry, "objectId"), 0);
  // The id is one of whatever the type is about: a ticket's is no sales activity's.
  const bool is_given = !is_null(table.at(entry, "objectId"));
  if (!is_given && (type == "C" || type == "S")) {
    errors.push_back(
        {"MissingRequiredField", "objectId is required.", "scheduleEntry", "objectId"});
  }
  if (is_given && type == "C" && context.db.table("activities").find(object) == nullptr) {
    errors.push_back(
        {"NotFound", fmt::format("Activity {} not found", object), "scheduleEntry", "objectId"});
  }
  if (is_given && type == "S") {
    if (context.db.table("tickets").find(object) == nullptr &&
        context.db.table("projectTickets").find(object) == nullptr) {
      errors.push_back(
          {"NotFound", fmt::format("Ticket {} not found", object), "scheduleEntry", "objectId"});
    }
  }
  const auto* start = std::get_if<Instant>(&table.at(entry, "dateStart"));
  const auto* end = std::get_if<Instant>(&table.at(entry, "dateEnd"));
  if (start == nullptr || end == nullptr) return;
  if (*end < *start) {
    errors.push_back(
        {"OutOfRange", "dateEnd must not be before dateStart.", "scheduleEntry", "dateEnd"});
  }
  if (bool_or(table.at(entry, "allowScheduleConflictsFlag"), false) ||
      bool_or(table.at(entry, "doneFlag"), false)) {
    return;
  }
  for (const auto& [id, other] : table.records()) {
    if (id == entry.id || bool_or(table.at(other, "doneFlag"), false)) continue;
    if (id_in(table, other, "member") != id_in(table, entry, "member")) continue;
    const auto* from = std::get_if<Instant>(&table.at(other, "dateStart"));
    const auto* to = std::get_if<Instant>(&table.at(other, "dateEnd"));
    if (from == nullptr || to == nullptr || *from >= *end || *to <= *start) continue;
    errors.push_back({"ScheduleConflict",
                      fmt::format("This entry conflicts with schedule entry {}. Set "
                                  "allowScheduleConflictsFlag to save it anyway.",
                                  id),
                      "scheduleEntry", "dateStart"});
    return;
  }
}

// Who is scheduled for a ticket is one of its resources.
void list_among_resources(const WriteContext& context, const Record& entry) {
  const std::string who = member_identifier(context.db, id_in(context.table, entry, "member"));
  const std::int64_t object = int_or(context.table.at(entry, "objectId"), 0);
  if (who.empty() || type_of(context.db, context.table, entry) != "S") return;
  for (const std::string_view kind : {"tickets", "projectTickets"}) {
    Table& tickets = context.db.table(kind);
    const Record* ticket = tickets.find(object);
    if (ticket == nullptr) continue;
    const std::string resources = text_or(tickets.at(*ticket, "resources"), "");
    for (const std::string_view one : split(resources, ',')) {
      if (trim(one) == who) return;
    }
    Record changed = *ticket;
    tickets.at(changed, "resources") = resources.empty() ? who : resources + ", " + who;
    tickets.put(std::move(changed));
    return;
  }
}

// The last entry of a member for a ticket takes them off it, unless they own it.
void take_from_resources(Database& db, const Record& entry) {
  const Table& table = db.table("scheduleEntries");
  Table& tickets = db.table("tickets");
  const std::int64_t object = int_or(table.at(entry, "objectId"), 0);
  const std::int64_t member = id_in(table, entry, "member");
  const Record* ticket = tickets.find(object);
  if (ticket == nullptr || type_of(db, table, entry) != "S" ||
      id_in(tickets, *ticket, "owner") == member) {
    return;
  }
  for (const auto& [id, other] : table.records()) {
    if (is_for_ticket(table, other, object) && id_in(table, other, "member") == member) return;
  }
  const std::string who = member_identifier(db, member);
  std::string left;
  const std::string resources = text_or(tickets.at(*ticket, "resources"), "");
  for (const std::string_view one : split(resources, ',')) {
    if (trim(one) == who) continue;
    if (!left.empty()) left += ", ";
    left += trim(one);
  }
  Record changed = *ticket;
  tickets.at(changed, "resources") = left.empty() ? Cell() : Cell(left);
  tickets.put(std::move(changed));
}

}  // namespace

const Rules kScheduleEntryRules = {
    .fill = fill_entry,
    .check = check_entry,
    .stored = list_among_resources,
    .deleted = take_from_resources,
};

}  // namespace patchbay::sandbox
