// Free time, and days with missing hours, before the sandbox: each against a plain evaluation,
// minute by minute, of what it has.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/test_composite_world.h"

namespace patchbay::gateway {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

constexpr const char* kFree = "connect_wise_psa_schedule_entries_free";
constexpr const char* kHours = "connect_wise_psa_members_hours";
constexpr const char* kZone = "America/New_York";

WallTime at(const json::Value& record, const char* field) {
  return parse_iso8601(record.string_or(field, ""), TimeZone::utc()).value_or(WallTime());
}

std::int64_t id_at(const json::Value& record, const char* field) {
  const auto* named = record.find(field);
  return named != nullptr ? named->int64_or("id", 0) : 0;
}

int minute_of(std::string_view clock) {  // "08:30:00"
  if (clock.size() < 5) return -1;
  return std::stoi(std::string(clock.substr(0, 2))) * 60 +
         std::stoi(std::string(clock.substr(3, 2)));
}

// Whether somebody is to work in a minute, and whether that is taken.
class Plain {
 public:
  explicit Plain(World& world, bool leave_alone)
      : zone_(TimeZone::find(kZone).value()),
        members_(all_of(world, "/system/members?conditions=inactiveFlag%3Dfalse")) {
    for (auto& one : all_of(world, "/schedule/calendars")) calendars_[one.int64_or("id", 0)] = one;
    for (auto& one : all_of(world, "/system/locations")) locations_[one.int64_or("id", 0)] = one;
    for (const auto list : world.direct_ids("/schedule/holidayLists")) {
      const auto path = "/schedule/holidayLists/" + std::to_string(list) + "/holidays";
      for (auto& one : all_of(world, path)) holidays_[list].push_back(one);
    }
    for (const auto& entry : all_of(world, "/schedule/entries")) {
      const bool counts = leave_alone ? entry.find("type")->string_or("identifier", "") == "V"
                                      : !*entry.find("doneFlag")->if_bool();
      if (counts)
        entries_[id_at(entry, "member")].emplace_back(at(entry, "dateStart"), at(entry, "dateEnd"));
    }
  }

  const std::vector<json::Value>& members() const { return members_; }
  const TimeZone& zone() const { return zone_; }

  bool works(const json::Value& member, WallTime minute) const {
    const auto local = zone_.to_local(minute);
    const auto date = floor<days>(local);
    const int of_day = static_cast<int>(floor<minutes>(local - date).count());
    const auto& calendar = calendar_of(member);
    static constexpr const char* kDays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                            "thursday", "friday", "saturday"};
    const std::string day = kDays[std::chrono::weekday(date).c_encoding()];
    const int from = minute_of(calendar.string_or(day + "StartTime", ""));
    const int until = minute_of(calendar.string_or(day + "EndTime", ""));
    if (from < 0 || of_day < from || of_day >= until) return false;
    const auto list = holidays_.find(id_at(calendar, "holidayList"));
    if (list == holidays_.end()) return true;
    return std::ranges::none_of(list->second, [&](const json::Value& holiday) {
      if (floor<days>(at(holiday, "date")).time_since_epoch() != date.time_since_epoch())
        return false;
      if (*holiday.find("allDayFlag")->if_bool()) return true;
      return of_day >= minute_of(holiday.string_or("timeStart", "")) &&
             of_day < minute_of(holiday.string_or("timeEnd", ""));
    });
  }

  bool taken(const json::Value& member, WallTime minute) const {
    const auto found = entries_.find(member.int64_or("id", 0));
    return found != entries_.end() && std::ranges::any_of(found->second, [&](const auto& span) {
             return span.first <= minute && minute < span.second;
           });
  }

 private:
  const json::Value& calendar_of(const json::Value& member) const {
    if (const auto own = id_at(member, "calendar")) return calendars_.at(own);
    const auto location = locations_.find(id_at(member, "defaultLocation"));
    if (location != locations_.end()) {
      if (const auto id = id_at(location->second, "calendar")) return calendars_.at(id);
    }
    return calendars_.begin()->second;
  }

  TimeZone zone_;
  std::vector<json::Value> members_;
  std::map<std::int64_t, json::Value> calendars_;
  std::map<std::int64_t, json::Value> locations_;
  std::map<std::int64_t, std::vector<json::Value>> holidays_;
  std::map<std::int64_t, std::vector<std::pair<WallTime, WallTime>>> entries_;
};

struct Free {
  std::int64_t minutes = 0;
  std::string gap;  // "from until", or ""
};

Free plain_free(const Plain& plain, const json::Value& member, WallTime since, WallTime until,
                int least) {
  Free out;
  const auto capacity = hundredths(member.find("dailyCapacity")) * 60 / 100;
  for (auto minute = since; minute < until;) {
    // One local day.
    const auto date = floor<days>(plain.zone().to_local(minute));
    const auto end = std::min(until, plain.zone().to_utc(date + days(1)));
    std::int64_t working = 0;
    std::int64_t free = 0;
    std::int64_t run = 0;
    WallTime begun;
    std::string gap;
    const auto close = [&](WallTime now) {
      if (gap.empty() && run >= std::max(least, 1)) gap = format_utc(begun) + ' ' + format_utc(now);
      run = 0;
    };
    for (; minute < end; minute += minutes(1)) {
      const bool works = plain.works(member, minute);
      const bool is_free = works && !plain.taken(member, minute);
      working += works ? 1 : 0;
      free += is_free ? 1 : 0;
      if (is_free && run++ == 0) begun = minute;
      if (!is_free) close(minute);
    }
    close(end);
    const auto most = std::min(working, capacity);
    const auto left = std::max<std::int64_t>(0, std::min(most - (working - free), free));
    out.minutes += left;
    if (out.gap.empty() && left > 0 && left >= least) out.gap = gap;
  }
  return out;
}

const json::Array& rows_of(const Answered& answer, const char* part) {
  return *member(member(answer.value, part), "result").if_array();
}

std::string text(WallTime time) {
  return format_utc(time);
}

// Next Monday, so that a week has its weekend.
WallTime monday(const World& world, const TimeZone& zone) {
  auto date = floor<days>(zone.to_local(world.clock.now())) + days(1);
  while (std::chrono::weekday(date) != std::chrono::Monday) date += days(1);
  return zone.to_utc(date);
}

}  // namespace

TEST_CASE("free time: hours and first gaps are those of a walk through all minutes") {
  World world;
  world.harness.move_to(kZone);
  const auto zone = TimeZone::find(kZone).value();
  const auto since = monday(world, zone);
  const auto until = since + days(12);
  // Half of a day off for all, leave and an odd appointment, and somebody's own calendar.
  world.past(http::Method::post, "/schedule/holidayLists/1/holidays",
             R"({"name":"Half day","allDayFlag":false,"timeStart":"12:00:00","timeEnd":"17:00:00",
                 "date":")" +
                 text(since + days(2)).substr(0, 10) + R"(T00:00:00Z"})");
  const auto own = world.past(
      http::Method::post, "/schedule/calendars",
      R"({"name":"Nights","saturdayStartTime":"20:00:00","saturdayEndTime":"23:30:00"})");
  const Plain before(world, false);
  const auto& somebody = before.members()[3];
  world.change("/system/members/" + std::to_string(somebody.int64_or("id", 0)),
               R"([{"op":"replace","path":"calendar","value":{"id":)" +
                   std::to_string(own.int64_or("id", 0)) + R"(}},
                   {"op":"replace","path":"dailyCapacity","value":2.5}])");
  for (const int day : {0, 1, 4}) {
    world.past(http::Method::post, "/schedule/entries",
               R"({"type":{"identifier":"M"},"name":"Odd","member":{"id":)" +
                   std::to_string(before.members()[1].int64_or("id", 0)) + R"(},"dateStart":")" +
                   text(since + days(day) + std::chrono::hours(7) + minutes(30)) +
                   R"(","dateEnd":")" + text(since + days(day) + minutes(14 * 60 + 45)) + R"("})");
  }
  const Plain plain(world, false);
  const std::string span =
      R"("startAfter":")" + text(since) + R"(","startBefore":")" + text(until) + '"';
  for (const int least : {60, 150, 400}) {
    CAPTURE(least);
    const auto answer = good(world, kFree,
                             '{' + span + R"(,"minHours":)" + std::to_string(least / 60) +
                                 (least % 60 == 0 ? ""
                                  : least == 150  ? ".5"
                                                  : ".6666666667") +
                                 '}');
    std::map<std::string, const json::Value*> told;
    for (const auto& row : rows_of(answer, "free")) {
      told[std::string(row.string_or("identifier", ""))] = &row;
    }
    CHECK(told.size() == plain.members().size());
    std::size_t with_gap = 0;
    for (const auto& one : plain.members()) {
      const std::string name(one.string_or("identifier", ""));
      CAPTURE(name);
      const auto wanted = plain_free(plain, one, since, until, least == 400 ? 401 : least);
      REQUIRE(told.contains(name));
      CHECK(hundredths(told[name]->find("freeHours")) == (wanted.minutes * 100 + 30) / 60);
      const auto* gap = told[name]->find("firstGap");
      const std::string got = gap == nullptr ? ""
                                             : std::string(gap->string_or("from", "")) + ' ' +
                                                   std::string(gap->string_or("until", ""));
      CHECK(got == wanted.gap);
      with_gap += gap != nullptr ? 1 : 0;
    }
    CHECK(with_gap > 0);
  }
}

TEST_CASE("free time: of a team, of those that are named, and of nobody else") {
  World world;
  const auto names_in = [&](const std::string& arguments) {
    std::set<std::string> names;
    const auto answer = good(world, kFree, arguments);
    for (const auto& row : rows_of(answer, "free")) {
      names.insert(std::string(row.string_or("identifier", "")));
    }
    return names;
  };
  const auto boards = world.direct("/service/boards?conditions=name%3D%22Service%20Desk%22");
  const auto id = boards.if_array()->front().int64_or("id", 0);
  const auto teams = world.direct("/service/boards/" + std::to_string(id) + "/teams");
  std::set<std::string> wanted;
  for (const auto& one : *teams.if_array()->front().find("members")->if_array()) {
    const auto member = world.direct("/system/members/" + json::to_string(one));
    wanted.insert(std::string(member.string_or("identifier", "")));
  }
  const std::string team = R"("board":"Service Desk","team":")" +
                           std::string(teams.if_array()->front().string_or("name", "")) + '"';
  CHECK(wanted.size() > 1);
  CHECK(names_in('{' + team + '}') == wanted);
  CHECK(names_in(R"({"member":["asmith","Marcus Reed"]})") ==
        std::set<std::string>{"asmith", "mreed"});
  CHECK(names_in(R"({"member":"asmith"})") == std::set<std::string>{"asmith"});
  // A board's are those of all its teams.
  std::set<std::string> of_board;
  for (const auto& one : *teams.if_array()) {
    for (const auto& each : *one.find("members")->if_array()) {
      const auto member = world.direct("/system/members/" + json::to_string(each));
      of_board.insert(std::string(member.string_or("identifier", "")));
    }
  }
  CHECK(names_in(R"({"board":"Service Desk"})") == of_board);
  CHECK(names_in("{}").size() > of_board.size());
  // Both: those of the team who are named.
  CHECK(names_in(R"({"member":["asmith",")" + *wanted.begin() + R"("],)" + team + '}') ==
        std::set<std::string>{*wanted.begin()});
  const auto nobody = world.call(kFree, R"({"member":["asmith","No Such Person"]})");
  CHECK_MESSAGE(nobody.error().contains("No Such Person"), nobody.result.text);
  const auto nowhere = world.call(kFree, R"({"team":"Service Desk Team"})");
  CHECK_MESSAGE(nowhere.error().contains("board"), nowhere.result.text);
  // What is over is not free.
  const auto over = good(world, kFree, R"({"member":["asmith"],"startAfter":"2020-01-06",
                                           "startBefore":"2020-01-11"})");
  CHECK(rows_of(over, "free")[0].int64_or("freeHours", -1) == 0);
  CHECK(member(over.value, "free").string_or("notice", "").contains("over"));
}

TEST_CASE("hours by day: a day of which only a part is in the span is left out, and named") {
  World world;
  world.harness.move_to(kZone);
  const auto told = [&](const std::string& span) {
    const auto answer = good(world, kHours, R"({"member":"asmith","byDay":true,)" + span + '}');
    return std::string(member(answer.value, "gaps").string_or("notice", ""));
  };
  const auto whole = told(R"("startAfter":"2026-03-02","startBefore":"2026-03-04")");
  CHECK(whole == "Days begin at midnight in America/New_York, the account's time zone.");
  // Midnights of elsewhere.
  const auto parts =
      told(R"("startAfter":"2026-03-02T00:00:00Z","startBefore":"2026-03-04T00:00:00Z")");
  CHECK_MESSAGE(parts.contains("2026-03-01, 2026-03-03"), parts);
  CHECK_MESSAGE(parts.contains("midnight in America/New_York"), parts);
}

TEST_CASE(
    "hours by day: what is missing is capacity without holidays and leave, less what is logged") {
  World world;
  world.harness.move_to(kZone);
  const auto zone = TimeZone::find(kZone).value();
  const auto since = zone.to_utc(floor<days>(zone.to_local(world.clock.now())) - days(21));
  // The clocks may have changed in between.
  const auto until = zone.to_utc(floor<days>(zone.to_local(world.clock.now())));
  const auto member_id = world.direct("/system/members?conditions=identifier%3D%22asmith%22")
                             .if_array()
                             ->front()
                             .int64_or("id", 0);
  world.past(http::Method::post, "/schedule/entries",
             R"({"type":{"identifier":"V"},"name":"Leave","member":{"id":)" +
                 std::to_string(member_id) + R"(},"dateStart":")" +
                 text(since + days(3) + minutes(720)) + R"(","dateEnd":")" + text(since + days(6)) +
                 R"("})");
  const Plain plain(world, true);
  std::map<std::pair<std::string, std::string>, std::int64_t> logged;
  for (const auto& entry :
       all_of(world, "/time/entries?conditions=timeStart%3E%5B" + text(since - days(1)) + "%5D")) {
    const auto date = floor<days>(zone.to_local(at(entry, "timeStart")));
    const auto day =
        format_utc(WallTime(std::chrono::sys_days(date.time_since_epoch()))).substr(0, 10);
    logged[{std::string(entry.find("member")->string_or("identifier", "")), day}] +=
        hundredths(entry.find("actualHours"));
  }
  std::vector<std::string> wanted;
  for (const auto& one : plain.members()) {
    const std::string name(one.string_or("identifier", ""));
    for (auto day = since; day < until;
         day = zone.to_utc(floor<days>(zone.to_local(day)) + days(1))) {
      const auto date = floor<days>(zone.to_local(day));
      std::int64_t working = 0;
      for (auto minute = day; minute < zone.to_utc(date + days(1)); minute += minutes(1)) {
        if (plain.works(one, minute) && !plain.taken(one, minute)) ++working;
      }
      const auto capacity = std::min(hundredths(one.find("dailyCapacity")), working * 100 / 60);
      const auto label =
          format_utc(WallTime(std::chrono::sys_days(date.time_since_epoch()))).substr(0, 10);
      const auto missing = capacity - logged[{name, label}];
      if (missing > 0) wanted.push_back(name + ' ' + label + ' ' + std::to_string(missing));
    }
  }
  const auto answer = good(world, kHours,
                           R"({"byDay":true,"startAfter":")" + text(since) +
                               R"(","startBefore":")" + text(until) + R"("})");
  std::vector<std::string> told;
  for (const auto& row : rows_of(answer, "gaps")) {
    std::int64_t sum = 0;
    for (const auto& day : *member(row, "days").if_array()) {
      told.push_back(std::string(row.string_or("identifier", "")) + ' ' +
                     std::string(day.string_or("date", "")) + ' ' +
                     std::to_string(hundredths(day.find("missing"))));
      CHECK(hundredths(day.find("capacity")) - hundredths(day.find("spent")) ==
            hundredths(day.find("missing")));
      sum += hundredths(day.find("missing"));
    }
    CHECK(sum == hundredths(row.find("missing")));
  }
  std::ranges::sort(wanted);
  std::ranges::sort(told);
  CHECK(wanted.size() > 20);
  std::vector<std::string> too_much;
  std::vector<std::string> too_little;
  std::ranges::set_difference(told, wanted, std::back_inserter(too_much));
  std::ranges::set_difference(wanted, told, std::back_inserter(too_little));
  CHECK_MESSAGE(too_much.empty(), join(too_much));
  CHECK_MESSAGE(too_little.empty(), join(too_little));
  // Without it nothing more is read than before.
  const auto plain_answer = good(world, kHours, "{}");
  CHECK(plain_answer.value.find("gaps") == nullptr);
  CHECK(member(plain_answer.value, "calls").if_array()->size() == 3);
  const auto part = good(world, kHours, R"({"byDay":true})");
  CHECK(member(part.value, "gaps").string_or("notice", "").contains("only a part"));
}

}  // namespace patchbay::gateway
