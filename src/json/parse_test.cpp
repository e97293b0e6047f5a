#include "json/parse.h"

#include <string>

#include <doctest/doctest.h>

#include "json/write.h"

namespace patchbay::json {
namespace {

std::string round_trip(std::string_view text) {
  const Result<Value> value = parse(text);
  return value ? to_string(*value) : "error: " + value.error().message;
}

bool accepts(std::string_view text) {
  return parse(text).has_value();
}

TEST_CASE("every kind of value is read and written back the same") {
  for (const std::string_view text :
       {"null", "true", "false", "0", "-0", "12", "-0.50", "1e9", "1E+9", "0.1e-7",
        "123456789012345678901234567890", R"("")", R"("a")", "[]", "{}", "[1,2,[3]]",
        R"({"a":1,"b":{"c":[null,true]}})", R"({"z":1,"a":2})", "\"\xC3\xA9\xF0\x9F\x98\x80\""}) {
    CHECK(round_trip(text) == text);
  }
  CHECK(round_trip(" \t\r\n[ 1 , 2 ] \n") == "[1,2]");
}

TEST_CASE("escapes are decoded, and only what must be is escaped again") {
  CHECK(round_trip(R"("\u0041\/\"\\\b\f\n\r\t")") == R"("A/\"\\\b\f\n\r\t")");
  CHECK(round_trip(R"("\u00e9\u20AC\ud83d\ude00")") == "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
  CHECK(round_trip(R"("\u0000\u001f")") == R"("\u0000\u001f")");
}

TEST_CASE("what is not exactly JSON is refused") {
  for (const std::string_view text : {"",
                                      " ",
                                      "tru",
                                      "nul",
                                      "nullx",
                                      "True",
                                      "01",
                                      "-",
                                      "--1",
                                      "1.",
                                      ".5",
                                      "1e",
                                      "1e+",
                                      "+1",
                                      "0x1",
                                      "NaN",
                                      "Infinity",
                                      "'a'",
                                      R"("\x")",
                                      R"("\ud800")",
                                      R"("\ud800\u0041")",
                                      R"("\udc00")",
                                      R"("\u12g4")",
                                      R"("\u12)",
                                      R"("abc)",
                                      "\"a\nb\"",
                                      "\"\xFF\"",
                                      "\"\xC0\x80\"",
                                      "\"\xED\xA0\x80\"",
                                      "[1,]",
                                      "[1",
                                      "[,1]",
                                      "[1 2]",
                                      "{",
                                      R"({"a")",
                                      R"({"a":})",
                                      R"({"a":1,})",
                                      R"({a:1})",
                                      R"({"a" 1})",
                                      "1 2",
                                      "[] []",
                                      "]",
                                      "}",
                                      "\xEF\xBB\xBF{}",
                                      "/*c*/1"}) {
    CAPTURE(text);
    CHECK_FALSE(accepts(text));
  }
  CHECK_FALSE(accepts(std::string_view("1\0", 2)));
}

TEST_CASE("an error says where the text went wrong") {
  const Result<Value> value = parse(R"({"a":1,"b":tru})");
  REQUIRE_FALSE(value);
  CHECK(value.error().code == ErrorCode::invalid_argument);
  CHECK(value.error().message == "The JSON is faulty at byte 11: not a JSON value.");
}

TEST_CASE("nesting is counted, and stops at the limit") {
  CHECK(accepts(std::string(64, '[') + std::string(64, ']')));
  const Result<Value> value = parse(std::string(65, '[') + std::string(65, ']'));
  REQUIRE_FALSE(value);
  CHECK(value.error().code == ErrorCode::too_large);
  CHECK_FALSE(accepts(std::string(1'000'000, '[')));
  CHECK(parse("[[1]]", {.max_depth = 2}).has_value());
  CHECK_FALSE(parse("[[[1]]]", {.max_depth = 2}).has_value());
}

TEST_CASE("two members of one name are refused, or the last one wins where that is asked for") {
  CHECK_FALSE(accepts(R"({"a":1,"a":2})"));
  CHECK_FALSE(accepts(R"({"a":1,"\u0061":2})"));
  const ParseLimits lenient{.allow_duplicate_keys = true};
  CHECK(to_string(*parse(R"({"a":1,"b":2,"a":3})", lenient)) == R"({"a":3,"b":2})");

  std::string many = "{";
  for (int i = 0; i < 200; ++i) many += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  CHECK(accepts(many + "\"last\":1}"));
  CHECK_FALSE(accepts(many + "\"k77\":1}"));
  const Result<Value> merged = parse(many + "\"k77\":-1}", lenient);
  REQUIRE(merged);
  CHECK(merged->if_object()->size() == 200);
  CHECK(merged->int64_or("k77", 0) == -1);
  CHECK(merged->if_object()->begin()[77].first == "k77");
}

TEST_CASE("a large object with distinct names is read in reasonable time") {
  std::string many = "{";
  for (int i = 0; i < 100'000; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  CHECK(accepts(many + "\"last\":1}"));
}

}  // namespace
}  // namespace patchbay::json
