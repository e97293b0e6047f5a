// What a write's answer is held against: all that was sent and did not take is told, and nothing
// else.
#include <doctest/doctest.h>

#include "gateway/test_harness.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";

// A desk whose ticket is what the test says, whatever is sent to it.
struct StubbornDesk {
  io::Runtime runtime{{.loops = 1}};
  std::string ticket;
  StubUpstream upstream{(runtime.start(), runtime), [this](const StubUpstream::Seen& seen) {
                          return http::Response::json(
                              200, seen.path.ends_with("/7") ? ticket : "[" + ticket + "]");
                        }};
  Harness harness{runtime, upstream.port()};

  explicit StubbornDesk(std::string has) : ticket(std::move(has)) {}
  ~StubbornDesk() { runtime.stop(); }
  StubbornDesk(const StubbornDesk&) = delete;
  StubbornDesk& operator=(const StubbornDesk&) = delete;

  std::string notice_of(const std::string& arguments) {
    const auto outcome = harness.call(kUpdate, arguments);
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    return std::string(outcome.value.string_or("notice", ""));
  }
};

}  // namespace

TEST_CASE("custom fields that did not take are told as other fields are") {
  StubbornDesk desk(R"({"id":7,"summary":"s","customFields":[
    {"id":1,"caption":"Ring","type":"Text","value":"old"},
    {"id":2,"caption":"Users","type":"Number","value":7},
    {"id":3,"caption":"Since","type":"Date","value":"2026-11-20T00:00:00Z"}]})");
  const auto told = desk.notice_of(R"({"id":7,"customFields":{"Ring":"new","Users":8}})");
  CHECK(told.contains("customFields.Ring: sent 'new', record has 'old'"));
  CHECK(told.contains("customFields.Users: sent 8, record has 7"));
  CHECK(desk.notice_of(R"({"id":7,"customFields":{"ring":"old","Users":7,"Since":"2026-11-20"}})")
            .empty());
}

TEST_CASE("a number or a flag that was to be emptied and is not is told, and one by its text") {
  StubbornDesk desk(R"({"id":7,"summary":"s","customFields":[
    {"id":1,"caption":"Users","type":"Number","value":5},
    {"id":2,"caption":"Keen","type":"Checkbox","value":true}]})");
  for (const auto& [caption, has] : {std::pair{"Users", "5"}, std::pair{"Keen", "true"}}) {
    const auto told =
        desk.notice_of(R"({"id":7,"customFields":{")" + std::string(caption) + R"(":""}})");
    CHECK_MESSAGE(told.contains("customFields." + std::string(caption) + ": sent "), told);
    CHECK_MESSAGE(told.contains(", record has " + std::string(has)), told);
  }
  CHECK(desk.notice_of(R"({"id":7,"customFields":{"Users":"5.0","Keen":"True"}})").empty());
}

TEST_CASE("what an answer does not show is not said to be set") {
  StubbornDesk desk(R"({"id":7,"summary":"s"})");
  const auto told = desk.notice_of(R"({"id":7,"summary":"s","budgetHours":3,"severity":"High"})");
  CHECK_MESSAGE(told.contains("does not show"), told);
  CHECK_MESSAGE(told.contains("budgetHours"), told);
  CHECK_MESSAGE(told.contains("severity"), told);
  CHECK_MESSAGE(!told.contains("summary"), told);
  CHECK_MESSAGE(told.contains("whether they were set is not known"), told);
  // Empty ones many leave out.
  CHECK(desk.notice_of(R"({"id":7,"summary":"s","automaticEmailCcFlag":false})").empty());
}

TEST_CASE("what the whole shows that a new record became a part of is shown") {
  World world;
  const auto open = world.direct("/sales/opportunities?conditions=closedDate%3Dnull&pageSize=1");
  const auto id = open.if_array()->front().int64_or("id", 0);
  const auto made = world.call("create_a_connect_wise_psa_forecast_item",
                               R"({"opportunityId":")" + std::to_string(id) +
                                   R"(","forecastType":"Product","status":"Open",
                                   "forecastDescription":"Laptops","revenue":12000,"cost":8000})");
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  CHECK(made.result.text.contains("Laptops"));
  CHECK_FALSE(made.value.string_or("notice", "").contains("does not show"));
}

TEST_CASE("what did not take is told without the API's own addresses") {
  StubbornDesk desk(R"({"id":7,"summary":
    {"_info":{"href":"https://api.example.com/a/very/long/address/that/is/cut/in/the/middle"}}})");
  CHECK_FALSE(desk.notice_of(R"({"id":7,"summary":"x"})").contains("http"));
}

}  // namespace patchbay::gateway
