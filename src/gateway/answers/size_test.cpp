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

// Each of these took minutes when a try copied the whole.
TEST_CASE("a record of as many parts as an upstream likes is cut in one go") {
  std::string wide = R"({"id":7)";
  for (int i = 0; i < 300'000; ++i) wide += ",\"n" + std::to_string(i) + "\":1";
  const auto members = json::parse(fit_record(wide + "}", 1000).text);
  REQUIRE(members);
  CHECK(members->int64_or("id", 0) == 7);
  CHECK(members->int64_or("n0", 0) == 1);
  CHECK(members->int64_or("members_left_out", 0) > 299'000);

  std::string lists = R"({"id":7)";
  for (int i = 0; i < 100'000; ++i) lists += ",\"n" + std::to_string(i) + "\":[1,2,3,4]";
  const auto fitted = fit_record(lists + "}", 30'000).text;
  CHECK(fitted.size() <= 30'000);
  REQUIRE(json::parse(fitted));
  CHECK(json::parse(fitted)->int64_or("id", 0) == 7);

  std::string items = R"({"id":7,"list":[0)";
  for (int i = 0; i < 2'000'000; ++i) items += ",1";
  const auto list = json::parse(fit_record(items + "]}", 500).text);
  REQUIRE(list);
  CHECK(list->find("list")->if_array()->size() > 50);
  CHECK(list->find("list")->if_array()->back().if_string()->ends_with("more entries cut]"));
}

TEST_CASE("as much is kept as there is room for") {
  const std::string record = R"({"id":1,"a":")" + std::string(2000, 'x') + R"(","b":[1,2,3]})";
  for (std::size_t room = 200; room < record.size() - 100; room += 37) {
    const auto fitted = fit_record(record, room).text;
    CHECK(fitted.size() <= room);
    CHECK(fitted.size() + 2 >= room);
    CHECK(json::parse(fitted)->find("b")->if_array()->size() == 3);
  }
}

}  // namespace patchbay::gateway
