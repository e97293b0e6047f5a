// What was remembered of names, and has changed upstream since.
#include <atomic>

#include <doctest/doctest.h>

#include "gateway/names/match.h"
#include "gateway/test_harness.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";

// Companies and the statuses of one board, which the test changes while calls go on.
struct ChangingDesk {
  std::atomic<bool> changed = false;
  io::Runtime runtime{{.loops = 1}};
  StubUpstream upstream{(runtime.start(), runtime),
                        [this](const StubUpstream::Seen& seen) { return answer(seen); }};
  Harness harness{runtime, upstream.port()};
  ~ChangingDesk() { runtime.stop(); }

  http::Response answer(const StubUpstream::Seen& seen) const {
    const auto json = [](std::string body) { return http::Response::json(200, std::move(body)); };
    if (seen.path == "/company/companies") {
      return json(changed ? R"([{"id":1,"identifier":"XL","name":"Xenon Lighting"},
                                {"id":2,"identifier":"XE","name":"Xenon"}])"
                          : R"([{"id":1,"identifier":"XL","name":"Xenon Lighting"}])");
    }
    if (seen.path == "/service/boards/1/statuses") {
      return json(changed ? R"([{"id":11,"name":"Waiting"},{"id":12,"name":"New"}])"
                          : R"([{"id":11,"name":"New"}])");
    }
    if (seen.path == "/service/tickets/7") {
      return json(std::string(R"({"id":7,"board":{"id":1,"name":"Triage"},"status":)") +
                  (!seen.body.contains("11") ? R"({"id":12,"name":"New"}})"
                   : changed                 ? R"({"id":11,"name":"Waiting"}})"
                                             : R"({"id":11,"name":"New"}})"));
    }
    return json(seen.method == "GET" ? "[]" : R"({"id":8})");
  }
  std::size_t asked(const std::string& path) const {
    std::size_t count = 0;
    for (const auto& seen : upstream.seen()) count += seen.path == path ? 1 : 0;
    return count;
  }
};

}  // namespace

TEST_CASE("a write does not take a remembered part of a name for a name that is there by now") {
  ChangingDesk desk;
  const std::string arguments = R"({"summary":"s","company":"Xenon"})";
  auto outcome = desk.harness.call(kCreate, arguments);
  CHECK(outcome.value.find("resolved")->find("company")->int64_or("id", 0) == 1);
  desk.changed = true;
  outcome = desk.harness.call(kCreate, arguments);
  CHECK_MESSAGE(outcome.value.find("resolved")->find("company")->int64_or("id", 0) == 2,
                outcome.result.text);
  // The very name may be remembered; that its record is in use still is asked, once and by its id,
  // and once more what staff is warned of.
  desk.upstream.forget();
  outcome = desk.harness.call(kCreate, arguments);
  CHECK_FALSE(outcome.result.is_error);
  CHECK(desk.asked("/company/companies") == 2);
}

TEST_CASE("nobody is refused by what was remembered before the record came") {
  ChangingDesk desk;
  CHECK(!desk.harness.call(kCreate, R"({"summary":"s","company":"XL"})").result.is_error);
  desk.changed = true;
  const auto outcome = desk.harness.call(kCreate, R"({"summary":"s","company":"XE"})");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  // What does not exist is not asked for each time that somebody insists.
  desk.upstream.forget();
  for (int i = 0; i < 5; ++i) {
    CHECK(desk.harness.call(kCreate, R"({"summary":"s","company":"Nobody"})").result.is_error);
  }
  CHECK(desk.asked("/company/companies") == 1);
}

TEST_CASE("a write takes its name for the record that is called so by now") {
  ChangingDesk desk;
  const std::string arguments = R"({"id":7,"status":"New"})";
  CHECK(!desk.harness.call(kUpdate, arguments).value.find("notice"));
  desk.changed = true;
  for (int i = 0; i < 2; ++i) {
    const auto outcome = desk.harness.call(kUpdate, arguments);
    CHECK_MESSAGE(outcome.value.find("status")->int64_or("id", 0) == 12, outcome.result.text);
    CHECK(outcome.value.find("notice") == nullptr);
  }
}

TEST_CASE("one record's identifier that is another's name means several") {
  const auto records = *json::parse(R"([{"id":1,"name":"Acme","identifier":"A1"},
                       {"id":2,"name":"Other","identifier":"acme"}])")
                            ->if_array();
  const auto rule = MatchRule::of({"name", "identifier"}, "name");
  const auto outcome = match("ACME", records, rule);
  CHECK(outcome.kind == MatchOutcome::Kind::several);
  CHECK(outcome.found.size() == 2);
  CHECK(match("A1", records, rule).kind == MatchOutcome::Kind::one);
  CHECK(match("A1", records, rule).alternative == 1);
}

}  // namespace patchbay::gateway
