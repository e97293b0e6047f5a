// What came to the MSP after the rest was there. All of it is appended, with dice of its own, so
// that ids and values of the older seeds stay as they are: agreements at their end, the week on the
// dispatch board, a rejected sheet, payment types, project teams, categories of knowledge.
#include <algorithm>
#include <chrono>
#include <set>

#include "sandbox/followers/audit_trail.h"
#include "sandbox/records/record_access.h"
#include "sandbox/seed/context.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;

class Later {
 public:
  explicit Later(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("later")),
        now_(context.options.now) {}

  void run() {
    add_agreements();
    add_week();
    reject_a_sheet();
    add_payment_types();
    add_places();
    add_project_people();
    add_knowledge();
    audit_recent_tickets();
  }

 private:
  void add_addition(std::int64_t agreement, std::string_view product, double quantity,
                    double unit_price, double unit_cost, Instant since, Cell cancelled = {}) {
    const Table& catalog = db_.table("catalogItems");
    const Record& item = *catalog.find_by("identifier", product);
    Draft draft(db_, "additions");
    draft.refer("agreement", agreement)
        .refer("product", item.id)
        .set("quantity", quantity)
        .set("unitPrice", unit_price)
        .set("unitCost", unit_cost)
        .set("description", catalog.at(item, "description"))
        .set("invoiceDescription", catalog.at(item, "customerDescription"))
        .set("uom", "Each")
        .set("effectiveDate", since)
        .set("cancelledDate", cancelled)
        .set("agreementStatus", is_null(cancelled) ? "Active" : "Cancelled")
        .entered(since, "nlarsen");
    price_addition(db_, draft.table(), draft.record());
    draft.insert();
  }

  Draft agreement(const SeededCompany& company, std::string_view name, std::int64_t type,
                  Instant since) {
    Draft draft(db_, "agreements");
    draft.set("name", std::string(name))
        .refer("type", type)
        .refer("company", company.id)
        .refer("contact", company.contacts.front())
        .refer("site", company.site)
        .refer("billToCompany", company.id)
        .refer("location", 1)
        .refer("department", 1)
        .set("startDate", since)
        .entered(since, "nlarsen");
    return draft;
  }

  // One that costs more than it brings, one with an addition that ended, one that ran out, one that
  // was cancelled. The first of a month, so that their periods are whole.
  void add_agreements() {
    const std::chrono::year_month_day today(std::chrono::floor<days>(now_));
    const auto month = today.year() / today.month();
    const auto first = [](std::chrono::year_month of) {
      return Instant(std::chrono::sys_days(of / 1));
    };
    const Instant this_month = first(month);
    const Instant last_year = first(month - std::chrono::months(14));
    const Instant ended = first(month - std::chrono::months(2)) - days(1);
    const SeededCompany& acme = context_.company("Acme Corp");
    const std::int64_t cheap = agreement(acme, "Cloud Subscriptions", 3, this_month)
                                   .set("noEndingDateFlag", true)
                                   .insert();
    add_addition(cheap, "M365-BP", 40, 17.0, 17.6, this_month);
    add_addition(cheap, "EDR-SEAT", 40, 3.0, 3.2, this_month);
    const SeededCompany& second = context_.companies.at(2);
    const std::int64_t mixed = agreement(second, "Cloud Subscriptions", 3, this_month)
                                   .set("noEndingDateFlag", true)
                                   .insert();
    add_addition(mixed, "M365-BP", 25, 22.0, 17.6, this_month);
    add_addition(mixed, "BKP-SRV", 2, 79.0, 38.0, this_month, Cell(this_month));
    const std::int64_t over =
        agreement(context_.companies.at(4), "Managed Services 2024", 1, last_year)
            .set("billAmount", 1'900.0)
            .set("endDate", ended)
            .set("agreementStatus", "Expired")
            .insert();
    add_addition(over, "MS-USER", 12, 95.0, 48.0, last_year);
    agreement(context_.companies.at(6), "Block Hours 2024", 2, last_year)
        .set("endDate", ended)
        .set("cancelledFlag", true)
        .set("dateCancelled", ended)
        .set("reasonCancelled", "Moved to managed services")
        .set("agreementStatus", "Cancelled")
        .insert();
  }

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

  Draft setup(std::string_view table, std::string_view name) {
    Draft draft(db_, table);
    draft.set("name", std::string(name)).entered(now_ - days(1300), "zadmin");
    return draft;
  }

  void add_payment_types() {
    setup("expenseClassifications", "Personal")
        .set("employeeFlag", true)
        .set("defaultFlag", true)
        .insert();
    setup("expenseClassifications", "Company").set("companyFlag", true).insert();
    setup("paymentTypes", "Cash").refer("classification", 1).set("defaultFlag", true).insert();
    setup("paymentTypes", "Personal card").refer("classification", 1).insert();
    setup("paymentTypes", "Company card")
        .refer("classification", 2)
        .set("companyFlag", true)
        .insert();
    Table& entries = db_.table("expenseEntries");
    std::vector<Record> all;
    for (const auto& [id, entry] : entries.records()) all.push_back(entry);
    for (Record& entry : all) {
      const std::int64_t type = 1 + entry.id % 3;
      entries.at(entry, "paymentMethod") = Reference{type};
      entries.at(entry, "classification") = Reference{type == 3 ? 2 : 1};
      entries.put(std::move(entry));
    }
  }

  // Offices with their hours and heads, and which departments work there.
  void add_places() {
    for (const char* name : {"Company", "Territory", "Office"}) {
      setup("corporateStructureLevels", name).insert();
    }
    Draft calendar = setup("calendars", "Office hours");
    for (const char* day : {"monday", "tuesday", "wednesday", "thursday", "friday"}) {
      calendar.set(std::string(day) + "StartTime", "08:00:00")
          .set(std::string(day) + "EndTime", "17:00:00");
    }
    calendar.insert();
    struct Place {
      std::int64_t location;
      const char* manager;
      const char* street;
      const char* city;
      const char* state;
      const char* zip;
      const char* phone;
    };
    static constexpr Place kPlaces[] = {
        {1, "srivera", "410 Harbor Road", "Portland", "OR", "97204", "5035550100"},
        {2, "pnovak", "88 Market Street", "Boston", "MA", "02108", "6175550100"},
        {3, "lmorgan", "27 Second Avenue", "Seattle", "WA", "98101", "2065550100"},
        {4, "nlarsen", "5 Mill Lane", "Leeds", "", "LS1 4AP", "01135550100"}};
    Table& locations = db_.table("locations");
    for (const Place& place : kPlaces) {
      Record location = *locations.find(place.location);
      const auto set = [&](std::string_view field, Cell value) {
        locations.at(location, field) = std::move(value);
      };
      set("structureLevel", Reference{place.location == 1 ? 1 : 3});
      set("ownerLevelId", place.location);
      set("manager", Reference{context_.member(place.manager).id});
      if (place.location != 1) set("reportsTo", Reference{1});
      set("timeZoneSetup", Reference{place.location == 4 ? 2 : 1});
      set("calendar", Reference{1});
      set("overrideAddressLine1", place.street);
      set("overrideCity", place.city);
      if (*place.state != '\0') set("overrideState", place.state);
      set("overrideZip", place.zip);
      set("overridePhoneNumber", place.phone);
      set("locationFlag", true);
      set("clientFlag", false);
      Ids departments;
      for (std::int64_t department = 1; department <= 4; ++department) {
        // Sales and operations sit at headquarters alone.
        if (place.location != 1 && department > 2) continue;
        departments.push_back(department);
        add_department(place.location, department, place.manager);
      }
      set("departmentIds", departments);
      locations.put(std::move(location));
    }
  }

  void add_department(std::int64_t location, std::int64_t department, const char* manager) {
    Draft(db_, "locationDepartments")
        .refer("location", location)
        .refer("department", department)
        .entered(now_ - days(1300), "zadmin")
        .insert();
    Draft(db_, "departmentLocations")
        .refer("location", location)
        .refer("department", department)
        .refer("departmentManager", context_.member(manager).id)
        .refer("dispatch", context_.member("eclarke").id)
        .entered(now_ - days(1300), "zadmin")
        .insert();
  }

  void add_project_people() {
    for (const char* role : {"Project Manager", "Engineer", "Consultant"}) {
      setup("projectRoles", role).set("identifier", role).insert();
    }
    const Table& projects = db_.table("projects");
    static constexpr const char* kEngineers[] = {"tbecker", "ppatel", "vnowak", "dmartinez"};
    for (const auto& [id, project] : projects.records()) {
      const Instant since = instant_or(projects.at(project, "estimatedStart"), now_);
      const auto join = [&, project_id = id](std::int64_t member, std::int64_t role, double hours) {
        Draft(db_, "projectTeamMembers")
            .refer("project", project_id)
            .refer("member", member)
            .refer("projectRole", role)
            .refer("workRole", 2)
            .set("hours", hours)
            .set("startDate", since)
            .entered(since, "pnovak")
            .insert();
      };
      join(id_in(projects, project, "manager"), 1, 8.0);
      join(context_.member(kEngineers[id % 4]).id, 2, 24.0);
    }
    const Table& tickets = db_.table("projectTickets");
    for (const auto& [id, ticket] : tickets.records()) {
      if (id % 5 != 0) continue;
      std::int64_t place = 1;
      for (const char* words : {"Agree the time with the client", "Write down what was done"}) {
        Draft(db_, "projectTicketTasks")
            .refer("ticket", id)
            .set("notes", words)
            .set("priority", place++)
            .set("closedFlag", !is_null(tickets.at(ticket, "closedDate")))
            .refer("member", id_in(tickets, ticket, "owner"))
            .entered(instant_or(tickets.at(ticket, "dateEntered"), now_), "pnovak")
            .insert();
      }
    }
  }

  void add_knowledge() {
    for (const char* name : {"Accounts", "Network", "Printing", "Backup", "Onboarding"}) {
      setup("knowledgeBaseCategories", name)
          .refer("location", 1)
          .refer("department", 1)
          .refer("approver", context_.member("ejohansson").id)
          .insert();
    }
    const Table& subs = db_.table("productSubCategories");
    for (const auto& [id, sub] : subs.records()) mirror_sub_category(db_, sub);
  }

  // Who opened and closed the tickets of the last month.
  void audit_recent_tickets() {
    const Table& tickets = db_.table("tickets");
    for (const auto& [id, ticket] : tickets.records()) {
      const Instant entered = instant_or(tickets.at(ticket, "dateEntered"), now_);
      if (now_ - entered > days(30)) continue;
      write_audit_entry(db_, "Ticket", id, entered, text_or(tickets.at(ticket, "enteredBy"), ""),
                        "The record has been created.", "UI");
      const auto* closed = std::get_if<Instant>(&tickets.at(ticket, "closedDate"));
      if (closed == nullptr) continue;
      write_audit_entry(db_, "Ticket", id, *closed, text_or(tickets.at(ticket, "closedBy"), ""),
                        "status has been changed from \"In Progress\" to \"" +
                            text_or(db_.read(tickets, ticket, "status/name"), "") + "\".",
                        "UI");
    }
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
};

}  // namespace

void seed_later(SeedContext& context) {
  Later(context).run();
}

}  // namespace patchbay::sandbox
