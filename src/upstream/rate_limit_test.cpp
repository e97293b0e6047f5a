#include "upstream/rate_limit.h"

#include <doctest/doctest.h>

#include "base/iso8601.h"

namespace patchbay::upstream {

namespace {

const WallTime kNow = parse_iso8601("2026-11-22T14:00:00Z", TimeZone::utc()).value();

RateLimit read(int status, std::vector<std::pair<std::string, std::string>> fields,
               std::string_view body = "") {
  integration::RateLimitHeaders rules;
  rules.limit = "X-RateLimit-Limit";
  rules.remaining = "X-RateLimit-Remaining";
  rules.reset = "X-RateLimit-Reset";
  rules.body_pattern = "(?i)try again in (\\d+) second";
  http::Headers headers;
  for (auto& [name, value] : fields) headers.add(name, value);
  return RateLimitReader::compile(rules).value().read(status, headers, body, kNow);
}

}  // namespace

TEST_CASE("limits are read from whatever the upstream calls them") {
  CHECK(read(200, {}) == RateLimit{});
  CHECK(read(200, {{"x-ratelimit-limit", "100"}, {"X-RateLimit-Remaining", " 7 "}}) ==
        RateLimit{100, 7, {}, {}});
  CHECK(read(200, {{"X-RateLimit-Limit", "110;w=10"}}).limit == 110);
  CHECK(read(200, {{"X-RateLimit-Limit", "lots"}, {"X-RateLimit-Remaining", "-1"}}) == RateLimit{});
  CHECK(read(200, {{"X-RateLimit-Reset", "30"}}).reset_seconds == 30);
  CHECK(read(200, {{"X-RateLimit-Reset", "1795356060"}}).reset_seconds == 60);
  CHECK(read(200, {{"X-RateLimit-Reset", "1"}}).reset_seconds == 1);
}

TEST_CASE("the time to wait is read from header, date or body") {
  CHECK(read(429, {{"Retry-After", "30"}}).retry_after_seconds == 30);
  CHECK(read(429, {{"Retry-After", "1.2"}}).retry_after_seconds == 2);
  CHECK(read(429, {{"Retry-After", "Sun, 22 Nov 2026 14:00:45 GMT"}}).retry_after_seconds == 45);
  CHECK(read(429, {{"Retry-After", "Sun, 22 Nov 2026 13:00:00 GMT"}}).retry_after_seconds == 0);
  CHECK(read(429, {}, "Slow down. Please try again in 17 seconds.").retry_after_seconds == 17);
  CHECK(read(429, {{"Retry-After", "soon"}}, "Try again in 5 seconds").retry_after_seconds == 5);
  CHECK(read(429, {{"X-RateLimit-Reset", "12"}}).retry_after_seconds == 12);
  CHECK(read(429, {}, "no").retry_after_seconds == std::nullopt);
  CHECK(read(429, {{"Retry-After", "99999999"}}).retry_after_seconds == 86400);
  CHECK(read(200, {{"Retry-After", "30"}}).retry_after_seconds == std::nullopt);
}

TEST_CASE("a refusal without figures still says that nothing remains, and until when") {
  CHECK(read(429, {{"Retry-After", "30"}}) == RateLimit{{}, 0, 30, 30});
  CHECK(read(429, {}, "Try again in 5 seconds") == RateLimit{{}, 0, 5, 5});
  CHECK(read(429, {}, "no") == RateLimit{{}, 0, {}, {}});
  CHECK(read(429, {{"X-RateLimit-Remaining", "3"}, {"X-RateLimit-Reset", "9"}}) ==
        RateLimit{{}, 3, 9, 9});
}

TEST_CASE("a date that is none is no time to wait") {
  for (const auto* text : {"", "Sun, 22 Nov 2026 14:00:45 UTC", "Sun, 22 Nvm 2026 14:00:45 GMT",
                           "Sun, 99 Nov 2026 14:00:45 GMT", "Sun, 22 Nov 2026 99:00:45 GMT"}) {
    CHECK(!seconds_until_http_date(text, kNow));
  }
}

TEST_CASE("a body pattern must have one group") {
  integration::RateLimitHeaders rules;
  rules.body_pattern = "(a)(b)";
  CHECK(!RateLimitReader::compile(rules));
  rules.body_pattern = "(";
  CHECK(!RateLimitReader::compile(rules));
}

}  // namespace patchbay::upstream
