// Who looks after which company, what members can do, when nobody works; and the states of
// addresses.
#include <chrono>
#include <string>
#include <vector>

#include "sandbox/records/record_access.h"
#include "sandbox/seed/closing_parts.h"
#include "sandbox/seed/context.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

class TeamsAndSkills {
 public:
  explicit TeamsAndSkills(SeedContext& context)
      : context_(context), db_(context.db), now_(context.options.now) {}

  void run() {
    add_states();
    put_sites_into_states();
    add_holidays();
    add_skills();
    add_company_teams();
  }

 private:
  Draft draft(std::string_view table) {
    Draft made(db_, table);
    made.entered(now_ - days(1300), "zadmin");
    return made;
  }

  void add_states() {
    struct State {
      const char* identifier;
      const char* name;
      std::int64_t country;
    };
    static constexpr State kStates[] = {
        {"OR", "Oregon", 1},        {"ID", "Idaho", 1},      {"WA", "Washington", 1},
        {"MA", "Massachusetts", 1}, {"NY", "New York", 1},   {"CA", "California", 1},
        {"TX", "Texas", 1},         {"IL", "Illinois", 1},   {"CO", "Colorado", 1},
        {"FL", "Florida", 1},       {"YKS", "Yorkshire", 2}, {"LND", "London", 2}};
    for (const State& state : kStates) {
      draft("states")
          .set("identifier", state.identifier)
          .set("name", state.name)
          .refer("country", state.country)
          .insert();
    }
  }

  // That of the company's address; a site abroad is in London.
  void put_sites_into_states() {
    const Table& states = db_.table("states");
    const Table& companies = db_.table("companies");
    Table& sites = db_.table("companySites");
    std::vector<Record> all;
    for (const auto& [id, site] : sites.records()) all.push_back(site);
    for (Record& site : all) {
      const bool is_home = reference_or(sites.at(site, "country"), 1) == 1;
      const Record* company = companies.find(reference_or(sites.at(site, "company"), 0));
      const auto* own =
          company == nullptr ? nullptr : std::get_if<std::string>(&companies.at(*company, "state"));
      const std::string identifier = !is_home ? "LND" : own != nullptr ? *own : "OR";
      const Record* state = states.find_by("identifier", identifier);
      if (state == nullptr) continue;
      sites.at(site, "stateReference") = RecordReference{state->id};
      sites.at(site, "timeZone") = RecordReference{is_home ? 1 : 2};
      sites.put(std::move(site));
    }
  }

  void add_holidays() {
    const std::int64_t list = draft("holidayLists").set("name", "Company holidays").insert();
    struct Holiday {
      const char* name;
      unsigned month;
      unsigned day;
    };
    static constexpr Holiday kHolidays[] = {{"New Year's Day", 1, 1},
                                            {"Independence Day", 7, 4},
                                            {"Veterans Day", 11, 11},
                                            {"Christmas Day", 12, 25}};
    const auto today = std::chrono::floor<days>(now_);
    const std::chrono::year this_year = std::chrono::year_month_day(today).year();
    for (const auto year : {this_year, this_year + std::chrono::years(1)}) {
      for (const Holiday& holiday : kHolidays) {
        const auto day = std::chrono::sys_days(year / std::chrono::month(holiday.month) /
                                               std::chrono::day(holiday.day));
        draft("holidays")
            .refer("holidayList", list)
            .set("name", holiday.name)
            .set("date", Instant(day))
            .insert();
      }
    }
    Table& calendars = db_.table("calendars");
    Record calendar = *calendars.find(1);
    calendars.at(calendar, "holidayList") = RecordReference{list};
    calendars.put(std::move(calendar));
  }

  void add_skills() {
    static constexpr const char* kCategories[] = {"Network", "Server", "Cloud", "Security"};
    static constexpr const char* kSkills[] = {
        "Firewalls",     "Wireless", "Windows Server",  "Backup",
        "Microsoft 365", "Azure",    "E-mail security", "Incident response"};
    for (const char* name : kCategories) draft("skillCategories").set("name", name).insert();
    for (std::int64_t at = 0; at < std::ssize(kSkills); ++at) {
      draft("skills").set("name", kSkills[at]).refer("category", at / 2 + 1).insert();
    }
    static constexpr const char* kLevels[] = {"Advanced", "Intermediate", "Expert", "Beginner"};
    std::int64_t turn = 0;
    for (const SeededMember& member : context_.members) {
      if (member.team == "sales" || member.team == "management") continue;
      for (const std::int64_t step : {0, 3}) {
        draft("memberSkills")
            .refer("member", member.id)
            .refer("skill", (turn + step) % std::ssize(kSkills) + 1)
            .set("skillLevel", kLevels[(turn + step) % std::ssize(kLevels)])
            .set("certifiedFlag", turn % 3 == 0)
            .set("yearsExperience", turn % 12 + 1)
            .insert();
      }
      ++turn;
    }
  }

  void add_company_teams() {
    draft("teamRoles").set("name", "Account Manager").set("accountManagerFlag", true).insert();
    draft("teamRoles").set("name", "Primary Technician").set("techFlag", true).insert();
    draft("teamRoles").set("name", "Sales").set("salesFlag", true).insert();
    const auto sales = context_.team("sales");
    const auto service = context_.team("service");
    std::size_t turn = 0;
    for (const SeededCompany& company : context_.companies) {
      const auto add = [&](std::int64_t role, const char* flag, const SeededMember& member) {
        draft("companyTeams")
            .refer("company", company.id)
            .refer("teamRole", role)
            .refer("location", 1)
            .refer("department", role == 2 ? 1 : 3)
            .refer("member", member.id)
            .set(flag, true)
            .insert();
      };
      add(1, "accountManagerFlag", context_.member("lmorgan"));
      if (!service.empty()) add(2, "techFlag", *service[turn % service.size()]);
      if (!sales.empty()) add(3, "salesFlag", *sales[turn % sales.size()]);
      ++turn;
    }
  }

  SeedContext& context_;
  Database& db_;
  Instant now_;
};

}  // namespace

void seed_teams_and_skills(SeedContext& context) {
  TeamsAndSkills(context).run();
}

}  // namespace patchbay::sandbox
