#include "gateway/answers/cursor.h"

#include <doctest/doctest.h>

#include "base/iso8601.h"
#include "json/parse.h"

namespace patchbay::gateway {

namespace {

const WallTime kNow = parse_iso8601("2026-11-22T14:00:00Z", TimeZone::utc()).value();
const CursorSealer kSealer({Secret(std::string(32, 'k'))});

QueryDigest digest(std::string_view arguments, std::string_view tool = "list") {
  return digest_query(tool, "acc_1", *json::parse(arguments)->if_object());
}

const ListPosition kPlace = KeysetPosition{"id desc", {json::Value(5012)}};

}  // namespace

TEST_CASE("a cursor opens where it was made, and tells the place") {
  const std::vector<ListPosition> places = {
      kPlace,
      KeysetPosition{"summary asc, id asc",
                     {json::Value("a \"b\" \xC3\xBC"), json::Number("0.10")}},
      KeysetPosition{"dateEntered desc, id desc", {json::Value(), json::Value(1)}},
      PagePosition{3, 25, 7},
  };
  for (const auto& place : places) {
    const auto cursor = kSealer.seal(place, digest("{}"), "srv_1", kNow);
    CHECK(cursor.size() < 400);
    const auto opened = kSealer.open(cursor, digest("{}"), "srv_1", kNow);
    REQUIRE(opened.has_value());
    CHECK(*opened == place);
  }
  CHECK(kSealer.seal(kPlace, digest("{}"), "srv_1", kNow) !=
        kSealer.seal(kPlace, digest("{}"), "srv_1", kNow));
}

TEST_CASE("a cursor with any character changed does not open") {
  const auto cursor = kSealer.seal(kPlace, digest("{}"), "srv_1", kNow);
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    auto altered = cursor;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    const auto opened = kSealer.open(altered, digest("{}"), "srv_1", kNow);
    REQUIRE(!opened.has_value());
    CHECK(opened.error().code == ErrorCode::invalid_argument);
  }
  for (std::size_t length = 0; length < cursor.size(); ++length) {
    CHECK(!kSealer.open(cursor.substr(0, length), digest("{}"), "srv_1", kNow));
  }
  CHECK(!kSealer.open(cursor + "A", digest("{}"), "srv_1", kNow));
  CHECK(!kSealer.open(std::string(100'000, 'A'), digest("{}"), "srv_1", kNow));
}

TEST_CASE("a cursor opens on its own server, with its own key, query and time only") {
  const auto cursor = kSealer.seal(kPlace, digest(R"({"board":"Triage"})"), "srv_1", kNow);
  const auto error = [&](const CursorSealer& sealer, std::string_view arguments,
                         std::string_view scope, WallTime now) -> std::string {
    const auto opened = sealer.open(cursor, digest(arguments), scope, now);
    return opened ? "" : opened.error().message;
  };
  const std::string own = R"({"board":"Triage"})";
  CHECK(error(kSealer, own, "srv_1", kNow).empty());
  CHECK(error(kSealer, own, "srv_2", kNow).contains("not issued by this server"));
  CHECK(error(CursorSealer({Secret(std::string(32, 'x'))}), own, "srv_1", kNow)
            .contains("not issued by this server"));
  CHECK(error(kSealer, R"({"board":"Server Team"})", "srv_1", kNow).contains("another query"));
  CHECK(error(kSealer, "{}", "srv_1", kNow).contains("another query"));
  CHECK(error(kSealer, own, "srv_1", kNow + std::chrono::hours(100)).contains("expired"));
}

TEST_CASE("after a change of keys cursors go on, and new ones are of the new key") {
  const Secret old_key(std::string(32, 'k'));
  const Secret new_key(std::string(32, 'n'));
  const CursorSealer after({new_key, old_key});
  const auto old_cursor = kSealer.seal(kPlace, digest("{}"), "srv_1", kNow);
  CHECK(after.open(old_cursor, digest("{}"), "srv_1", kNow).value() == kPlace);
  const auto new_cursor = after.seal(kPlace, digest("{}"), "srv_1", kNow);
  CHECK_FALSE(kSealer.open(new_cursor, digest("{}"), "srv_1", kNow));
  CHECK(CursorSealer({new_key}).open(new_cursor, digest("{}"), "srv_1", kNow));
}

TEST_CASE("a query's digest counts what it asks, not how it is written") {
  const auto own = digest(R"({"a":1,"b":{"c":2,"d":3}})");
  CHECK(digest(R"({"b":{"d":3,"c":2},"a":1,"limit":7,"next_cursor":"x"})") == own);
  CHECK(digest(R"({"a":1,"b":{"c":2,"d":4}})") != own);
  CHECK(digest(R"({"a":"1","b":{"c":2,"d":3}})") != own);
  CHECK(digest(R"({"a":1,"b":{"c":2,"d":3}})", "get") != own);
  CHECK(digest_query("list", "acc_2", *json::parse(R"({"a":1,"b":{"c":2,"d":3}})")->if_object()) !=
        own);
}

}  // namespace patchbay::gateway
