#include "gateway/answers/lines.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    longest = std::max(longest, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

json::Value record_of(std::size_t members) {
  json::Object out;
  for (std::size_t i = 0; i < members; ++i) {
    out.append("member" + std::to_string(i), R"(a "quoted, text" \, with commas)");
  }
  return out;
}

TEST_CASE("a line that programs would drop is broken between tokens, and says the same") {
  const auto record = record_of(3000);
  auto text = json::to_string(record);
  const auto before = text.size();
  REQUIRE(before > kLongestLine);
  break_long_lines(text);
  CHECK(longest_line(text) <= kLongestLine);
  CHECK(without_line_breaks(text.size()) <= before);
  CHECK(text.size() <= before + before / 20'000);
  const auto parsed = json::parse(text);
  REQUIRE(parsed.has_value());
  CHECK(*parsed == record);
}

TEST_CASE("what has lines already, or is short, stays byte for byte") {
  const auto record = json::to_string(record_of(100));
  for (const auto count : {1, 30}) {
    std::string text = "{\"result\":[\n";
    for (int i = 0; i < count; ++i) text += (i > 0 ? ",\n" : "") + record;
    text += "\n]}";
    const auto before = text;
    break_long_lines(text);
    CHECK(text == before);
  }
}

TEST_CASE("one text that is longer than a line stays whole") {
  json::Object record;
  record.append("id", 1);
  record.append("log", std::string(60'000, ','));
  record.append("after", true);
  auto text = json::to_string(record);
  break_long_lines(text);
  CHECK(text.ends_with(",\n\"after\":true}"));
  CHECK(json::parse(text) == json::Value(record));
}

}  // namespace
}  // namespace patchbay::gateway
