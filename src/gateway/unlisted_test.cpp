// Filters that a list takes though its listing does not show them: several values, opposites, and
// any field that the API compares by.
#include <set>
#include <string>

#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kTime = "list_all_connect_wise_psa_time_entries";

std::int64_t count(World& world, const std::string& tool, const std::string& arguments) {
  auto given = json::parse(arguments).value();
  given["count"] = true;
  const auto outcome = world.harness.call_value(tool, given);
  REQUIRE_MESSAGE(!outcome.result.is_error, arguments, " -> ", outcome.result.text);
  return outcome.value.int64_or("count", -1);
}

}  // namespace

TEST_CASE("several values of a filter mean any of them, and its opposite none") {
  World world;
  const auto with = [&](const char* arguments) { return count(world, kTickets, arguments); };
  const auto all = with("{}");
  const auto fresh = with(R"({"status":"New"})");
  const auto assigned = with(R"({"status":"Assigned"})");
  REQUIRE(fresh > 0);
  REQUIRE(assigned > 0);
  CHECK(with(R"({"status":["New","Assigned"]})") == fresh + assigned);
  CHECK(with(R"({"status":"[\"New\",\"Assigned\"]"})") == fresh + assigned);
  CHECK(with(R"({"status":["New"]})") == fresh);
  CHECK(with(R"({"status":[]})") == all);
  CHECK(with(R"({"statusNot":"New"})") == all - fresh);
  CHECK(with(R"({"statusNot":["New","Assigned"]})") == all - fresh - assigned);
  CHECK(with(R"({"priority":["High","Critical"],"priorityNot":"High"})") ==
        with(R"({"priority":"Critical"})"));
  // What nobody owns is not hers either.
  const auto owned = with(R"({"unassigned":false})");
  CHECK(with(R"({"unassigned":true})") == all - owned);
  CHECK(with(R"({"unowned":true})") == all - owned);
  const auto hers = with(R"({"owner":"mreed"})");
  REQUIRE(hers > 0);
  CHECK(with(R"({"ownerNot":"mreed"})") == all - hers);
  CHECK(with(R"({"summaryContains":["printer","server"]})") ==
        with(R"({"summaryContains":"printer"})") + with(R"({"summaryContains":"server"})") -
            with(R"({"summaryContains":"printer","conditions":"summary contains 'server'"})"));
  CHECK(with(R"({"summaryContainsNot":"printer"})") ==
        all - with(R"({"summaryContains":"printer"})"));
}

TEST_CASE("a name among several that is none is refused, as one alone is") {
  World world;
  const auto outcome = world.call(kTickets, R"({"board":["Triage","Nowhere"]})");
  CHECK(outcome.error().contains("Nowhere"));
  CHECK(outcome.error().contains("list_all_connect_wise_psa_boards"));
  const auto opposite = world.call(kTickets, R"({"boardNot":"Nowhere"})");
  CHECK(opposite.error().contains("Nowhere"));
}

TEST_CASE("each field that the API compares by is a filter, in the manner of the listed ones") {
  World world;
  const auto with = [&](const char* arguments) { return count(world, kTickets, arguments); };
  const auto by = [&](const std::string& conditions) {
    return count(world, kTickets, R"({"conditions":")" + conditions + R"("})");
  };
  CHECK(with(R"({"impact":"High"})") == by("impact = 'High'"));
  CHECK(with(R"({"inSla":false})") == by("isInSla = false"));
  CHECK(with(R"({"source":"Call"})") == by("source/name = 'Call'"));
  CHECK(with(R"({"budgetHoursMin":1})") == by("budgetHours >= 1"));
  CHECK(with(R"({"actualHoursMoreThan":2})") == by("actualHours > 2"));
  CHECK(with(R"({"closedDateAfter":"2026-11-01"})") == with(R"({"closedAfter":"2026-11-01"})"));
  CHECK(with(R"({"respondedBefore":"2026-11-20T00:00:00Z"})") ==
        by("dateResponded < [2026-11-20T00:00:00Z]"));
  CHECK(with(R"({"city":"Boston"})") == by("city = 'Boston'"));
  CHECK(with(R"({"ids":[40592,5012]})") == 2);
  CHECK(with(R"({"id":5012})") == 1);
  CHECK(with(R"({"companyName":"Acme Corp"})") == with(R"({"company":"Acme Corp"})"));
  CHECK(with(R"({"companyId":250})") == with(R"({"company":"250"})"));
  CHECK(with(R"({"created_after":"2026-11-15"})") == with(R"({"createdAfter":"2026-11-15"})"));
  CHECK(with(R"({"boards":["Triage","Server Team"]})") ==
        with(R"({"board":"Triage"})") + with(R"({"board":"Server Team"})"));
  CHECK(count(world, kTime, R"({"hourlyRateMin":100})") ==
        count(world, kTime, R"({"conditions":"hourlyRate >= 100"})"));
}

TEST_CASE("what no field is, is answered with the nearest fields and the line to use") {
  World world;
  const auto outcome = world.call(kTickets, R"({"resolutionHourz":3})");
  CHECK_MESSAGE(outcome.error().contains("resolutionHours"), outcome.error());
  CHECK(outcome.error().contains("conditions: \""));
  // What a listed argument compares is asked for by that.
  CHECK(world.call(kTickets, R"({"isInSla":false})").error().contains("inSla"));
  const auto summary = world.call(kTickets, R"({"summary":"printer"})");
  CHECK(summary.error().contains("summaryContains"));
}

TEST_CASE("cursors of filters that are not listed go on with the same filters") {
  World world;
  const std::string wanted = R"({"status":["New","Assigned"],"limit":7,"fields":["id"]})";
  const auto ids = world.follow(kTickets, wanted);
  const std::set<std::int64_t> each(ids.begin(), ids.end());
  CHECK(each.size() == ids.size());
  CHECK(std::ssize(ids) == count(world, kTickets, R"({"status":["New","Assigned"]})"));
}

}  // namespace patchbay::gateway
