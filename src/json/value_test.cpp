#include "json/value.h"

#include <cmath>

#include <doctest/doctest.h>

#include "json/parse.h"
#include "json/write.h"

namespace patchbay::json {
namespace {

static_assert(std::is_nothrow_move_constructible_v<Value>);
static_assert(!std::is_constructible_v<Value, void*>);

TEST_CASE("values are built from what C++ has") {
  const Value value = Object{{"id", 7},
                             {"big", std::uint64_t{18'446'744'073'709'551'615U}},
                             {"rate", 12.5},
                             {"whole", 3.0},
                             {"on", true},
                             {"none", nullptr},
                             {"list", Array{1, "two", Object{}}}};
  CHECK(to_string(value) ==
        R"({"id":7,"big":18446744073709551615,"rate":12.5,"whole":3.0,"on":true,"none":null,)"
        R"("list":[1,"two",{}]})");
}

TEST_CASE("doubles are written so that they read back the same") {
  for (const double value : {0.0, -0.0, 0.1, 1.0 / 3, 1e22, 1e300, 5e-324, -12345.678}) {
    const Value written(value);
    CHECK(Value(parse(to_string(written)).value()).as_double() == value);
  }
  CHECK(Number(1e22).token() == "1e+22");
}

TEST_CASE("whole numbers are seen through every way to write them") {
  const auto whole = [](std::string_view token) { return parse(token)->as_int64(); };
  CHECK(whole("5") == 5);
  CHECK(whole("-0") == 0);
  CHECK(whole("5.0") == 5);
  CHECK(whole("5e0") == 5);
  CHECK(whole("50e-1") == 5);
  CHECK(whole("-1.5e1") == -15);
  CHECK(whole("0.0e99999999999999999999") == 0);
  CHECK(whole("9223372036854775807") == INT64_MAX);
  CHECK(whole("-9223372036854775808.0") == INT64_MIN);
  CHECK(whole("922337203685477580.7e1") == INT64_MAX);
  for (const std::string_view token :
       {"5.5", "9223372036854775808", "1e19", "1e999999999999999999999", "1e-1",
        "1e-99999999999999999999", "\"5\"", "null", "92233720368547758080e-2"}) {
    CAPTURE(token);
    CHECK_FALSE(whole(token));
  }
}

TEST_CASE("doubles are rounded, never refused") {
  CHECK(parse("0.1")->as_double() == 0.1);
  CHECK(parse("1e400")->as_double() == HUGE_VAL);
  CHECK(parse("-1e400")->as_double() == -HUGE_VAL);
  CHECK(parse("1e-400")->as_double() == 0.0);
  CHECK_FALSE(parse("true")->as_double());
}

TEST_CASE("members are found, added in order, and erased") {
  Value value;
  value["b"] = 1;
  value["a"]["x"] = "y";
  value["b"] = 2;
  CHECK(to_string(value) == R"({"b":2,"a":{"x":"y"}})");
  CHECK(value.find("a")->string_or("x", "") == "y");
  CHECK(value.find("c") == nullptr);
  CHECK(value.if_object()->erase("b"));
  CHECK_FALSE(value.if_object()->erase("b"));
  CHECK(to_string(value) == R"({"a":{"x":"y"}})");
  Value list;
  list.push_back(1);
  list.push_back(nullptr);
  CHECK(to_string(list) == "[1,null]");
}

TEST_CASE("optional members fall back where they are absent or of another kind") {
  const Value value = *parse(R"({"s":"text","n":5.0,"t":true,"x":null})");
  CHECK(value.string_or("s", "f") == "text");
  CHECK(value.string_or("n", "f") == "f");
  CHECK(value.int64_or("n", 1) == 5);
  CHECK(value.int64_or("s", 1) == 1);
  CHECK(value.bool_or("t", false));
  CHECK(value.bool_or("x", true));
  CHECK(Value("text").string_or("s", "f") == "f");
}

TEST_CASE("equality is by content, and of numbers by token") {
  CHECK(*parse(R"({"a":[1,2]})") == *parse(R"({ "a" : [ 1, 2 ] })"));
  CHECK_FALSE(*parse("1.0") == *parse("1"));
  CHECK_FALSE(*parse(R"({"a":1,"b":2})") == *parse(R"({"b":2,"a":1})"));
}

TEST_CASE("kinds have the names of JSON Schema") {
  CHECK(Value().kind() == "null");
  CHECK(Value(true).kind() == "boolean");
  CHECK(Value(1).kind() == "number");
  CHECK(Value("x").kind() == "string");
  CHECK(Value(Array{}).kind() == "array");
  CHECK(Value(Object{}).kind() == "object");
}

TEST_CASE("whatever bytes a string has, it is written as JSON") {
  CHECK(to_string(Value(std::string("a\xFF\xC3(\xE2\x82", 6))) ==
        "\"a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\"");
  CHECK(to_string(Value(std::string("\0\x1F\x7F\"\\\n", 6))) ==
        "\"\\u0000\\u001f\x7F\\\"\\\\\\n\"");
  CHECK(to_string(Value("plain text of more than eight bytes, é, 😀")) ==
        "\"plain text of more than eight bytes, é, 😀\"");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  std::string out;
  append_escaped(out, all);
  CHECK(parse('"' + out + '"').has_value());
}

TEST_CASE("escapes come where they must, wherever in a text they stand") {
  const auto escaped = [](std::string_view text) {
    std::string out;
    append_escaped(out, text);
    return out;
  };
  struct Part {
    std::string_view text;
    std::string_view escaped;
  };
  constexpr Part kParts[] = {{"\"", "\\\""},      {"\\", "\\\\"},          {"\n", "\\n"},
                             {"\x01", "\\u0001"}, {"\x7F", "\x7F"},        {"é", "é"},
                             {"😀", "😀"},        {"\xC3", "\xEF\xBF\xBD"}};
  for (const Part& part : kParts) {
    for (std::size_t before = 0; before < 20; ++before) {
      for (const std::size_t after : {0, 1, 6, 7, 8, 9, 2000}) {
        const std::string head(before, 'a');
        const std::string tail(after, 'z');
        CAPTURE(part.text);
        CAPTURE(before);
        CAPTURE(after);
        CHECK(escaped(head + std::string(part.text) + tail) ==
              head + std::string(part.escaped) + tail);
      }
    }
  }
  std::string text;
  std::string expected;
  for (std::size_t i = 0, pick = 1; i < 20'000; ++i, pick = (pick * 75 + 74) % 65'537) {
    const Part part = pick % 16 < 7 ? kParts[pick % 16] : Part{"plain", "plain"};
    text += part.text;
    expected += part.escaped;
  }
  CHECK(escaped(text) == expected);
}

TEST_CASE("pretty text is for people") {
  CHECK(to_pretty_string(*parse(R"({"a":[1,{}],"b":{"c":[]}})")) == R"({
  "a": [
    1,
    {}
  ],
  "b": {
    "c": []
  }
})");
  CHECK(to_pretty_string(Value(5)) == "5");
}

}  // namespace
}  // namespace patchbay::json
