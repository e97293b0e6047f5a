// Filters that take hours from now: tickets that are due.
#include <algorithm>

#include "base/iso8601.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kList = "list_all_connect_wise_psa_tickets";

std::string in_hours(const Clock& clock, int hours) {
  return format_utc(clock.now() + std::chrono::hours(hours));
}

}  // namespace

TEST_CASE("tickets that are due within some hours are those whose due date is before then") {
  World world;
  const auto ids =
      world.direct("/service/tickets?pageSize=3&fields=id&conditions=closedFlag%3Dfalse");
  const auto& open = *ids.if_array();
  REQUIRE(open.size() == 3);
  const int due[] = {-5, 5, 50};
  for (std::size_t i = 0; i < 3; ++i) {
    world.change("/service/tickets/" + std::to_string(open[i].int64_or("id", 0)),
                 R"([{"op":"replace","path":"requiredDate","value":")" +
                     in_hours(world.clock, due[i]) + R"("}])");
  }
  const auto found = [&](const std::string& hours) {
    const auto outcome =
        world.call(kList, R"({"limit":1000,"fields":["id"],"dueWithinHours":)" + hours + "}");
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    std::string which;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto id = open[i].int64_or("id", 0);
      const auto& records = *outcome.value.find("result")->if_array();
      const bool there = std::ranges::any_of(
          records, [&](const json::Value& record) { return record.int64_or("id", 0) == id; });
      which += there ? std::to_string(due[i]) + ' ' : "";
    }
    return which;
  };
  CHECK(found("0") == "-5 ");
  CHECK(found("6") == "-5 5 ");
  CHECK(found("\"72\"") == "-5 5 50 ");
}

TEST_CASE(
    "project tickets that are due within some hours are those of that time, and overdue ones") {
  World world;
  const auto ids =
      world.direct("/project/tickets?pageSize=2&fields=id&conditions=closedFlag%3Dfalse");
  const auto& open = *ids.if_array();
  REQUIRE(open.size() == 2);
  const int due[] = {-5, 30};
  for (std::size_t i = 0; i < 2; ++i) {
    world.change("/project/tickets/" + std::to_string(open[i].int64_or("id", 0)),
                 R"([{"op":"replace","path":"requiredDate","value":")" +
                     in_hours(world.clock, due[i]) + R"("}])");
  }
  for (const int hours : {0, 48}) {
    CAPTURE(hours);
    const auto found =
        world.follow("list_all_connect_wise_psa_project_tickets",
                     R"({"fields":["id"],"dueWithinHours":)" + std::to_string(hours) + "}");
    const auto wanted = world.direct_ids("/project/tickets?conditions=requiredDate%20%3C%20%5B" +
                                         in_hours(world.clock, hours) + "%5D");
    CHECK(std::ranges::count(found, open[0].int64_or("id", 0)) == 1);
    CHECK(std::ranges::count(found, open[1].int64_or("id", 0)) == (hours == 48 ? 1 : 0));
    CHECK(found.size() == wanted.size());
  }
}

TEST_CASE("hours are counted from the call, and what is no number of hours is refused") {
  World world;
  CHECK(world.call(kList, R"({"dueWithinHours":-1})").error().contains("dueWithinHours"));
  CHECK(world.call(kList, R"({"dueWithinHours":"tomorrow"})").error().contains("dueWithinHours"));
  CHECK_FALSE(world.call(kList, R"({"dueWithinHours":999999999999})").result.is_error);
  // A report of those that are due counts the same ones.
  const auto listed = world.call(kList, R"({"dueWithinHours":48,"closed":false,"count":true})");
  const auto report =
      world.call(kList, R"({"dueWithinHours":48,"closed":false,"measures":"count"})");
  REQUIRE_MESSAGE(!report.result.is_error, report.result.text);
  CHECK(report.result.text.contains(std::to_string(listed.value.int64_or("count", -1))));
}

}  // namespace patchbay::gateway
