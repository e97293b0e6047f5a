// The MSP's own people.
#include <algorithm>
#include <chrono>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

struct Person {
  const char* first;
  const char* last;
  const char* team;
  const char* title;
};

// Sam Rivera holds the API keys: "myself" in the prompts. Two named Doe and two named Morgan, so
// that a last name alone is ambiguous.
constexpr Person kPeople[] = {
    {"Sam", "Rivera", "service", "Service Desk Lead"},
    {"John", "Doe", "sales", "Senior Account Manager"},
    {"Jane", "Doe", "service", "Help Desk Technician"},
    {"Alice", "Smith", "network", "Network Engineer"},
    {"Marcus", "Reed", "network", "Senior Network Engineer"},
    {"Priya", "Patel", "server", "Systems Engineer"},
    {"Tom", "Becker", "server", "Senior Systems Engineer"},
    {"Linda", "Okafor", "security", "Security Analyst"},
    {"Diego", "Martinez", "cloud", "Cloud Engineer"},
    {"Hannah", "Fischer", "cloud", "Cloud Engineer"},
    {"Kevin", "O'Brien", "field", "Field Engineer"},
    {"Grace", "Kim", "service", "Help Desk Technician"},
    {"Omar", "Haddad", "service", "Help Desk Technician"},
    {"Emily", "Clarke", "dispatch", "Dispatcher"},
    {"Victor", "Nowak", "server", "Systems Engineer"},
    {"Sofia", "Rossi", "security", "Security Analyst"},
    {"Ben", "Morgan", "field", "Field Engineer"},
    {"Laura", "Morgan", "sales", "Account Manager"},
    {"Daniel", "Wu", "network", "Network Engineer"},
    {"Rachel", "Green", "service", "Help Desk Technician"},
    {"Peter", "Novak", "management", "Service Manager"},
    {"Nina", "Larsen", "management", "Operations Director"},
    {"Chris", "Taylor", "procurement", "Procurement Specialist"},
    {"Maya", "Singh", "sales", "Account Executive"},
    {"Eric", "Johansson", "cloud", "Automation Engineer"},
    {"Zoe", "Adams", "dispatch", "Dispatcher"},
};

std::int64_t work_role(const SeedContext& context, std::string_view team) {
  std::string_view name = "Systems Engineer";
  if (team == "service" || team == "dispatch") name = "Help Desk Technician";
  if (team == "network") name = "Network Engineer";
  if (team == "security") name = "Security Analyst";
  if (team == "sales" || team == "procurement") name = "Account Manager";
  if (team == "management") name = "Project Manager";
  return context.id_by_name("workRoles", name);
}

}  // namespace

void seed_members(SeedContext& context) {
  Random random = context.random("members");
  const Instant now = context.options.now;
  for (const Person& person : kPeople) {
    std::string identifier = to_lower(std::string(1, person.first[0]));
    for (const char c : to_lower(person.last)) {
      if (c >= 'a' && c <= 'z') identifier += c;
    }
    // jdoe is John; Jane has the longer name.
    const bool taken = std::ranges::any_of(
        context.members, [&](const SeededMember& one) { return one.identifier == identifier; });
    if (taken) identifier = to_lower(std::string(person.first) + "." + person.last);
    const std::string mail = identifier + "@cascademsp.example";
    const std::string_view team = person.team;
    const Instant hired =
        std::chrono::floor<std::chrono::days>(now) - std::chrono::days(random.between(200, 3000));
    Draft draft(context.db, "members");
    draft.id(static_cast<std::int64_t>(150 + context.members.size()))
        .set("identifier", identifier)
        .set("firstName", person.first)
        .set("lastName", person.last)
        .set("title", person.title)
        .set("officeEmail", mail)
        .set("primaryEmail", mail)
        .set("officePhone", fmt::format("555010{:04}", random.below(10000)))
        .set("hireDate", hired)
        .set("lastLogin", to_text(now - std::chrono::minutes(random.between(5, 4000))))
        .set("dailyCapacity", 8.0)
        .set("scheduleCapacity", 8.0)
        .set("billableForecast", team == "sales" ? 0.0 : 75.0)
        .set("hourlyCost", 45.0)
        .set("hourlyRate", 150.0)
        .set("adminFlag", team == "management")
        .refer("securityRole", team == "sales"        ? 3
                               : team == "management" ? 1
                                                      : 2)
        .refer("type", team == "sales"        ? 2
                       : team == "management" ? 3
                                              : 1)
        .refer("timeZone", 1)
        .refer("defaultLocation", 1)
        .refer("defaultDepartment", team == "sales" ? 3 : 1)
        .refer("workRole", work_role(context, team))
        .refer("workType", context.id_by_name("workTypes", "Remote"))
        .refer("serviceLocation", 2)
        .entered(hired, "zadmin")
        .updated(now - std::chrono::days(random.between(3, 120)), "zadmin");
    const std::int64_t id = draft.insert();
    context.members.push_back(
        {id, identifier, std::string(person.first) + " " + person.last, person.team});
  }
  // One who left: inactive, without the fields that only active members have.
  Draft left(context.db, "members");
  left.set("identifier", "rstone")
      .set("firstName", "Robert")
      .set("lastName", "Stone")
      .set("inactiveFlag", true)
      .set("inactiveDate", now - std::chrono::days(90))
      .set("hireDate", now - std::chrono::days(1200))
      .refer("securityRole", 2)
      .entered(now - std::chrono::days(1200), "zadmin");
  left.insert();
  // Who approves whose time and expenses.
  const std::int64_t manager = context.member("pnovak").id;
  Table& members = context.db.table("members");
  for (const SeededMember& one : context.members) {
    Record record = *members.find(one.id);
    for (const std::string_view field : {"reportsTo", "timeApprover", "expenseApprover"}) {
      members.at(record, field) = RecordReference{manager};
    }
    members.put(std::move(record));
  }
}

}  // namespace patchbay::sandbox
