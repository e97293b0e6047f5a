#include "cli/instance/log_follower.h"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "base/iso8601.h"

namespace patchbay::cli {
namespace {

// A log that answers as the admin API does, newest first.
struct Instance {
  struct Event {
    std::string id;
    int at = 0;  // seconds
    std::string outcome;
    int ended = 0;
  };
  std::vector<Event> events;
  std::vector<std::string> asked;
  bool is_there = true;

  static std::string time(int seconds) {
    constexpr std::chrono::seconds kDay{1'800'000'000};
    return format_utc_millis(WallTime(kDay + std::chrono::seconds(seconds)));
  }

  Result<json::Value> get(const std::string& path) {
    asked.push_back(path);
    if (!is_there) return fail(ErrorCode::unavailable, "Cannot connect.");
    std::ranges::sort(events, std::ranges::greater(), &Event::at);
    const auto from = path.find("from=");
    // As it is encoded, the colons of a time are %3A.
    std::string least =
        from == std::string::npos ? "" : path.substr(from + 5, path.find('&', from) - from - 5);
    for (auto at = least.find("%3A"); at != std::string::npos; at = least.find("%3A")) {
      least.replace(at, 3, ":");
    }
    const bool failed = path.contains("outcome=failed");
    json::Array shown;
    for (const Event& event : events) {
      if (time(event.at) < least || (failed && event.outcome != "failed")) continue;
      shown.push_back(json::Object{
          {"id", event.id},
          {"at", time(event.at)},
          {"outcome", event.outcome},
          {"ended_at", event.ended == 0 ? json::Value() : json::Value(time(event.ended))}});
      if (path.contains("limit=1&") || path.ends_with("limit=1")) break;
    }
    return json::Object{{"result", std::move(shown)}, {"next_cursor", json::Value()}};
  }

  LogFollower follow(ApiClient::Query filters = {}) {
    return {[this](const std::string& path) { return get(path); }, std::move(filters)};
  }
};

std::vector<std::string> told(const Result<json::Array>& events) {
  REQUIRE(events);
  std::vector<std::string> told;
  for (const json::Value& each : *events) {
    told.push_back(std::string(each.string_or("id", "")) + " " +
                   std::string(each.string_or("outcome", "")));
  }
  return told;
}

using Told = std::vector<std::string>;

TEST_CASE("What there is comes first, oldest first, and then what is new, once") {
  Instance instance{.events = {{"a", 1, "done", 1}, {"b", 2, "failed", 2}, {"c", 3, "done", 3}}};
  LogFollower log = instance.follow();
  CHECK(told(log.begin(2)) == Told{"b failed", "c done"});
  CHECK(told(log.next()).empty());
  instance.events.push_back({"e", 5, "done", 5});
  instance.events.push_back({"d", 4, "done", 4});
  CHECK(told(log.next()) == Told{"d done", "e done"});
  CHECK(told(log.next()).empty());
}

TEST_CASE("Nothing that was there before is new, where none of it was wanted") {
  Instance instance{.events = {{"a", 1, "done", 1}, {"b", 2, "done", 2}}};
  LogFollower log = instance.follow();
  CHECK(told(log.begin(0)).empty());
  CHECK(told(log.next()).empty());
}

TEST_CASE("A write comes when it begins and when it has ended") {
  Instance instance;
  LogFollower log = instance.follow();
  CHECK(told(log.begin(10)).empty());
  CHECK(told(log.next()).empty());
  instance.events.push_back({"w", 1, "started", 0});
  CHECK(told(log.next()) == Told{"w started"});
  CHECK(told(log.next()).empty());
  instance.events.front() = {"w", 1, "unknown", 8};
  CHECK(told(log.next()) == Told{"w unknown"});
}

TEST_CASE("A call that took minutes comes when it has ended, within half a minute") {
  Instance instance{.events = {{"a", 1, "done", 1}}};
  LogFollower log = instance.follow();
  CHECK(told(log.begin(1)) == Told{"a done"});
  CHECK(told(log.next()).empty());
  instance.events.push_back({"now", 200, "done", 200});
  instance.events.push_back({"slow", 2, "done", 199});
  Told seen;
  for (int look = 0; look < 31; ++look) {
    for (std::string& each : told(log.next())) seen.push_back(std::move(each));
  }
  CHECK(seen == Told{"now done", "slow done"});
}

TEST_CASE("Filters are the server's, and what they leave out moves the time all the same") {
  Instance instance{.events = {{"a", 1, "done", 1}}};
  LogFollower log = instance.follow({{"outcome", "failed"}, {"tool", ""}});
  CHECK(told(log.begin(5)).empty());
  instance.events.push_back({"b", 100, "done", 100});
  instance.events.push_back({"c", 101, "failed", 101});
  CHECK(told(log.next()) == Told{"c failed"});
  instance.asked.clear();
  CHECK(told(log.next()).empty());
  REQUIRE(instance.asked.size() == 2);
  CHECK_FALSE(instance.asked[0].contains("outcome"));
  CHECK(instance.asked[1].starts_with("/log?outcome=failed&from="));
  CHECK_FALSE(instance.asked[1].contains("tool"));
}

TEST_CASE("An instance that was away for a moment has nothing left out") {
  Instance instance{.events = {{"a", 1, "done", 1}}};
  LogFollower log = instance.follow();
  CHECK(told(log.begin(0)).empty());
  CHECK(told(log.next()).empty());
  instance.is_there = false;
  CHECK_FALSE(log.next());
  instance.events.push_back({"b", 2, "done", 2});
  instance.is_there = true;
  CHECK(told(log.next()) == Told{"b done"});
}

}  // namespace
}  // namespace patchbay::cli
