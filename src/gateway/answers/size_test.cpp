#include "gateway/answers/size.h"

#include <random>

#include <doctest/doctest.h>

#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

TEST_CASE("what fits passes unchanged") {
  const std::string record = R"({"id":1,"text":"abc"})";
  CHECK(fit_record(record, record.size()).text == record);
  CHECK(!fit_record(record, record.size()).cut);
}

TEST_CASE("the longest text is cut first, and says so") {
  json::Object record;
  record.append("id", json::Number("12345678901234567890"));
  record.append("amount", json::Number("0.10"));
  record.append("short", "stays as it is");
  record.append("long", std::string(5000, 'x'));
  const auto fitted = fit_record(json::to_string(record), 1000);
  CHECK(fitted.cut);
  CHECK(fitted.text.size() <= 1000);
  CHECK(fitted.text.size() > 900);
  const auto value = json::parse(fitted.text);
  REQUIRE(value.has_value());
  CHECK(value->find("id")->if_number()->token() == "12345678901234567890");
  CHECK(value->find("amount")->if_number()->token() == "0.10");
  CHECK(value->string_or("short", "") == "stays as it is");
  CHECK(value->string_or("long", "").contains("more bytes cut]"));
}

TEST_CASE("where texts are not enough, lists are cut; where nothing is, the record says so") {
  json::Object record;
  record.append("id", 7);
  json::Array items;
  for (int i = 0; i < 2000; ++i) items.emplace_back(i);
  record.append("items", std::move(items));
  const auto fitted = fit_record(json::to_string(record), 500);
  CHECK(fitted.text.size() <= 500);
  CHECK(json::parse(fitted.text)->find("items")->if_array()->size() > 50);

  json::Object wide;
  wide.append("id", 7);
  for (int i = 0; i < 2000; ++i) wide.append("n" + std::to_string(i), i);
  const auto narrow = json::parse(fit_record(json::to_string(wide), 500).text);
  REQUIRE(narrow.has_value());
  CHECK(narrow->int64_or("id", 0) == 7);
  CHECK(narrow->int64_or("n0", -1) == 0);
  CHECK(narrow->bool_or("too_large", false));
  CHECK(narrow->int64_or("members_left_out", 0) > 1900);
}

TEST_CASE("whatever a record holds, what is left is valid JSON within the room") {
  std::mt19937 random(7);
  const auto text = [&](std::size_t longest) {
    static const std::vector<std::string> kPieces = {
        "a", "\"", "\\", "\n", "\xC3\xBC", "\xF0\x9F\x98\x80", "word ", "\x01"};
    std::string out;
    while (out.size() < longest) out += kPieces[random() % kPieces.size()];
    return out;
  };
  for (int round = 0; round < 300; ++round) {
    json::Object record;
    record.append("id", round);
    for (unsigned i = 0; i < random() % 20; ++i) {
      json::Array list;
      for (unsigned k = 0; k < random() % 30; ++k) list.emplace_back(text(random() % 50));
      const auto name = "f" + std::to_string(i);
      if (random() % 3 == 0) {
        record.append(name, std::move(list));
      } else {
        record.append(name, text(random() % 2000));
      }
    }
    const std::size_t room = 60 + random() % 8000;
    const auto fitted = fit_record(json::to_string(record), room);
    CHECK(fitted.text.size() <= room);
    const auto value = json::parse(fitted.text);
    REQUIRE(value.has_value());
    CHECK(value->int64_or("id", -1) == round);
  }
}

}  // namespace patchbay::gateway
