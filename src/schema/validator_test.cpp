#include "schema/validator.h"

#include <string>

#include <doctest/doctest.h>

#include "json/parse.h"
#include "json/write.h"

namespace patchbay::schema {
namespace {

json::Value parse(std::string_view text) {
  auto value = json::parse(text);
  REQUIRE_MESSAGE(value.has_value(), text);
  return *value;
}

Validator compile(std::string_view schema) {
  auto validator = Validator::compile(parse(schema));
  REQUIRE_MESSAGE(validator.has_value(), (validator ? "" : validator.error().message));
  return std::move(*validator);
}

bool accepts(std::string_view schema, std::string_view value) {
  return compile(schema).check(parse(value)).empty();
}

// The first violation as "path: keyword: message", or "" where the value is valid.
std::string complaint(std::string_view schema, std::string_view value) {
  const auto violations = compile(schema).check(parse(value));
  if (violations.empty()) return "";
  return violations[0].path + ": " + violations[0].keyword + ": " + violations[0].message;
}

std::string mended(std::string_view schema, std::string_view value) {
  json::Value copy = parse(value);
  const auto violations = compile(schema).check(copy, {});
  return violations.empty() ? json::to_string(copy) : "invalid: " + violations[0].message;
}

std::string compile_error(std::string_view schema) {
  auto validator = Validator::compile(parse(schema));
  return validator ? "" : validator.error().message;
}

}  // namespace

TEST_CASE("a whole number is handed on as plain digits, however it was written") {
  CHECK(mended(R"({"type":"integer"})", "5012.0") == "5012");
  CHECK(mended(R"({"type":"integer"})", "5e3") == "5000");
  CHECK(mended(R"({"type":"integer"})", R"("5012.0")") == "5012");
  CHECK(mended(R"({"type":["string","integer"]})", "7.0") == "7");
  CHECK(mended(R"({"type":"number"})", "1.50") == "1.50");
  CHECK(mended(R"({"properties":{"id":{"type":"integer"}}})", R"({"id":50e-1})") == R"({"id":5})");
}

TEST_CASE("types are told apart, and a whole number with a fraction of zero is an integer") {
  CHECK(accepts(R"({"type":"integer"})", "5"));
  CHECK(accepts(R"({"type":"integer"})", "5.0"));
  CHECK(accepts(R"({"type":"integer"})", "50e-1"));
  CHECK_FALSE(accepts(R"({"type":"integer"})", "5.5"));
  CHECK(accepts(R"({"type":"number"})", "5.5"));
  CHECK_FALSE(accepts(R"({"type":"string"})", "5"));
  CHECK(accepts(R"({"type":["string","null"]})", "null"));
  CHECK(accepts("true", "[1]"));
  CHECK_FALSE(accepts("false", "[1]"));
  CHECK(complaint(R"({"type":"integer"})", R"("abc")") ==
        ": type: must be an integer; got the text 'abc'");
  CHECK(complaint(R"({"type":["integer","string"]})", "true") ==
        ": type: must be an integer or a text; got true");
}

TEST_CASE("numbers are compared and divided exactly on their decimal text") {
  CHECK(accepts(R"({"multipleOf":0.1})", "0.3"));
  CHECK(accepts(R"({"multipleOf":0.01})", "19.99"));
  CHECK_FALSE(accepts(R"({"multipleOf":0.01})", "19.995"));
  CHECK(accepts(R"({"multipleOf":3})", "9e30"));
  CHECK_FALSE(accepts(R"({"multipleOf":7})", "1e999999999999999"));
  CHECK(accepts(R"({"multipleOf":0.25})", "123456789012345678901234567890.75"));
  CHECK(accepts(R"({"maximum":9007199254740993})", "9007199254740993"));
  CHECK_FALSE(accepts(R"({"maximum":9007199254740992})", "9007199254740993"));
  CHECK(accepts(R"({"minimum":-0.5})", "-0.50"));
  CHECK_FALSE(accepts(R"({"exclusiveMinimum":0})", "0.0"));
  CHECK_FALSE(accepts(R"({"exclusiveMaximum":-1})", "-1"));
  CHECK(accepts(R"({"exclusiveMaximum":-1})", "-1.1"));
  CHECK(complaint(R"({"minimum":1,"maximum":1000})", "5000") ==
        ": maximum: must be at most 1000; got 5000");
}

TEST_CASE("enumerations and constants compare by value, not by spelling of numbers") {
  CHECK(accepts(R"({"enum":[1,"a",{"x":1,"y":2}]})", "1.0"));
  CHECK(accepts(R"({"enum":[1,"a",{"x":1,"y":2}]})", R"({"y":2.0,"x":1})"));
  CHECK(accepts(R"({"const":null})", "null"));
  CHECK_FALSE(accepts(R"({"const":0})", "false"));
  CHECK(complaint(R"({"enum":["Low","Medium","High"]})", R"("Urgent")") ==
        ": enum: must be one of Low, Medium, High; got the text 'Urgent'");
}

TEST_CASE("texts: length in characters, pattern in linear time, formats") {
  CHECK(accepts(R"({"maxLength":3})", R"("äöü")"));
  CHECK_FALSE(accepts(R"({"maxLength":3})", R"("äöüx")"));
  CHECK(complaint(R"({"minLength":1})", R"("")") == ": minLength: must not be empty");
  CHECK(accepts(R"({"pattern":"b+"})", R"("abba")"));
  CHECK_FALSE(accepts(R"({"pattern":"^b+$"})", R"("abba")"));
  CHECK(accepts(R"({"format":"date"})", R"("2024-02-29")"));
  CHECK_FALSE(accepts(R"({"format":"date"})", R"("2026-02-29")"));
  CHECK(accepts(R"({"format":"date-time"})", R"("2026-11-22T14:00:00.5+02:00")"));
  CHECK_FALSE(accepts(R"({"format":"date-time"})", R"("2026-11-22T14:00:00")"));
  CHECK_FALSE(accepts(R"({"format":"date-time"})", R"("yesterday")"));
  CHECK(accepts(R"({"format":"email"})", R"("a.b+c@example.com")"));
  CHECK_FALSE(accepts(R"({"format":"email"})", R"("a@b@c")"));
  CHECK(accepts(R"({"format":"uri"})", R"("https://example.com/a?b=c")"));
  CHECK_FALSE(accepts(R"({"format":"uri"})", R"("example.com")"));
  CHECK(accepts(R"({"format":"uuid"})", R"("6a1d0b52-9c4e-4f7a-8c3d-2b1e0f9a8d7c")"));
  CHECK_FALSE(accepts(R"({"format":"uuid"})", R"("6a1d0b529c4e4f7a8c3d2b1e0f9a8d7c")"));
  CHECK(accepts(R"({"format":"never-heard-of"})", R"("x")"));
}

TEST_CASE("arrays: items, positions, sizes and repetition") {
  CHECK(accepts(R"({"items":{"type":"integer"}})", "[1,2]"));
  CHECK(complaint(R"({"items":{"type":"integer"}})", R"([1,"x"])") ==
        "[1]: type: must be an integer; got the text 'x'");
  CHECK(accepts(R"({"prefixItems":[{"type":"string"}],"items":{"type":"integer"}})", R"(["a",1])"));
  CHECK_FALSE(accepts(R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])"));
  CHECK_FALSE(accepts(R"({"minItems":1})", "[]"));
  CHECK_FALSE(accepts(R"({"maxItems":1})", "[1,2]"));
  CHECK_FALSE(accepts(R"({"uniqueItems":true})", "[1,1.0]"));
  CHECK(accepts(R"({"uniqueItems":true})", R"([1,"1",true])"));
}

TEST_CASE("objects: required, unknown and additional members, with the nearest names") {
  constexpr std::string_view kSchema =
      R"({"type":"object","properties":{"summary":{"type":"string"},"board":{},"company":{}},
          "required":["summary"],"additionalProperties":false})";
  CHECK(complaint(kSchema, R"({})") == "summary: required: is required");
  CHECK(complaint(kSchema, R"({"summary":"x","bord":1})") ==
        "bord: additionalProperties: is not known here; did you mean board?");
  CHECK(accepts(R"({"additionalProperties":{"type":"integer"}})", R"({"x":1})"));
  CHECK_FALSE(accepts(R"({"additionalProperties":{"type":"integer"}})", R"({"x":"1"})"));
  CHECK_FALSE(accepts(R"({"minProperties":1})", "{}"));
  CHECK_FALSE(accepts(R"({"maxProperties":1})", R"({"a":1,"b":2})"));
  CHECK(complaint(
            R"({"properties":{"lines":{"items":{"properties":{"quantity":{"type":"integer"}}}}}})",
            R"({"lines":[{},{"quantity":"x"}]})") ==
        "lines[1].quantity: type: must be an integer; got the text 'x'");
}

TEST_CASE("combinators, conditions and references within the document") {
  CHECK(accepts(R"({"anyOf":[{"type":"string"},{"type":"integer"}]})", "1"));
  CHECK_FALSE(accepts(R"({"anyOf":[{"type":"string"},{"type":"integer"}]})", "1.5"));
  CHECK_FALSE(accepts(R"({"oneOf":[{"type":"number"},{"type":"integer"}]})", "1"));
  CHECK(accepts(R"({"oneOf":[{"type":"number"},{"type":"integer"}]})", "1.5"));
  CHECK_FALSE(accepts(R"({"allOf":[{"minimum":1},{"maximum":2}]})", "3"));
  CHECK_FALSE(accepts(R"({"not":{"type":"null"}})", "null"));
  constexpr std::string_view kIf =
      R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})";
  CHECK(accepts(kIf, R"({"a":1,"b":1})"));
  CHECK_FALSE(accepts(kIf, R"({"a":1})"));
  CHECK(accepts(kIf, R"({"c":1})"));
  CHECK(accepts(R"({"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"integer"}}})", "1"));
  constexpr std::string_view kTree =
      R"({"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}}},
          "additionalProperties":false})";
  CHECK(accepts(kTree, R"({"children":[{"children":[{}]}]})"));
  CHECK_FALSE(accepts(kTree, R"({"children":[{"children":[{"x":1}]}]})"));
}

TEST_CASE("malformed schemas are refused with their place") {
  CHECK(compile_error(R"({"properties":{"a":{"type":"strnig"}}})") ==
        "Schema at '/properties/a/type': unknown type 'strnig'");
  CHECK(compile_error(R"({"required":"a"})") == "Schema at '/required': must be a list of names");
  CHECK(compile_error(R"~({"pattern":"(?=x)"})~").starts_with("Schema at '/pattern'"));
  CHECK(compile_error(R"({"multipleOf":0})").starts_with("Schema at '/multipleOf'"));
  CHECK(compile_error(R"({"enum":[]})").starts_with("Schema at '/enum'"));
  CHECK(compile_error(R"({"$ref":"https://example.com/s.json"})").starts_with("Schema at '/$ref'"));
  CHECK(compile_error(R"({"$ref":"#/$defs/none"})").starts_with("Schema at '/$ref'"));
  CHECK(compile_error("[]").starts_with("Schema at ''"));
}

TEST_CASE("hostile schemas cost nothing: endless references, depth, patterns, doubling") {
  CHECK_FALSE(compile_error(R"({"$ref":"#"})").empty());
  CHECK_FALSE(compile_error(R"({"anyOf":[{"$ref":"#/$defs/a"}],
      "$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}})")
                  .empty());

  json::Value deep = json::Value(true);
  for (int i = 0; i < 5'000; ++i) {
    json::Value outer;
    outer["not"] = std::move(deep);
    deep = std::move(outer);
  }
  CHECK_FALSE(Validator::compile(deep).has_value());

  CHECK_FALSE(compile_error(R"({"pattern":")" + std::string(2'000, 'a') + R"("})").empty());
  CHECK_FALSE(compile_error(R"~({"pattern":"((a{1000}){1000}){1000}"})~").empty());
  CHECK_FALSE(accepts(R"~({"pattern":"^(a+)+$"})~", "\"" + std::string(50'000, 'a') + "b\""));

  // 2^20 visits if nothing stopped it.
  json::Value doubling;
  for (int i = 0; i < 20; ++i) {
    json::Value reference;
    reference["$ref"] = json::Value("#/$defs/d" + std::to_string(i + 1));
    json::Value both;
    both["allOf"].push_back(reference);
    both["allOf"].push_back(reference);
    doubling["$defs"]["d" + std::to_string(i)] = both;
  }
  doubling["$defs"]["d20"]["type"] = json::Value("integer");
  doubling["$ref"] = json::Value("#/$defs/d0");
  auto validator = Validator::compile(doubling);
  REQUIRE(validator.has_value());
  const auto violations = validator->check(json::Value(1));
  REQUIRE(violations.size() == 1);
  CHECK(violations[0].keyword == "complexity");
}

TEST_CASE("at most twenty violations are told") {
  std::string value = "[";
  for (int i = 0; i < 100; ++i) value += i == 0 ? "\"x\"" : ",\"x\"";
  CHECK(compile(R"({"items":{"type":"integer"}})").check(parse(value + "]")).size() == 20);
}

TEST_CASE("harmless misfits are mended in place") {
  CHECK(mended(R"({"type":"integer"})", R"(" 5 ")") == "5");
  CHECK(mended(R"({"type":"integer"})", R"("5.0")") == "5");
  CHECK(mended(R"({"type":"integer"})", R"("5.5")").starts_with("invalid"));
  CHECK(mended(R"({"type":"integer"})", R"("0x10")").starts_with("invalid"));
  CHECK(mended(R"({"type":"number"})", R"("1.50")") == "1.50");
  CHECK(mended(R"({"type":"string"})", "5") == R"("5")");
  CHECK(mended(R"({"type":"boolean"})", R"("True")") == "true");
  CHECK(mended(R"({"type":"boolean"})", R"("yes")").starts_with("invalid"));
  CHECK(mended(R"({"type":"array","items":{"type":"string"}})", R"("a")") == R"(["a"])");
  CHECK(mended(R"({"type":"array","items":{"type":"integer"}})", R"("7")") == "[7]");
  CHECK(mended(R"({"type":"array","items":{"type":"string"}})", R"("[\"a\",\"b\"]")") ==
        R"(["a","b"])");
  CHECK(mended(R"({"enum":["Low","High"]})", R"("high")") == R"("High")");
  CHECK(mended(R"({"enum":["a","A"]})", R"("a ")").starts_with("invalid"));
  CHECK(mended(R"({"anyOf":[{"type":"integer"},{"type":"boolean"}]})", R"("7")") == "7");
}

TEST_CASE("a null for an option that takes none is dropped, and kept where it means something") {
  constexpr std::string_view kSchema =
      R"({"type":"object","properties":{"board":{"type":"string"},"owner":{"type":["string","null"]},
          "id":{"type":"integer"}},"required":["id"],"additionalProperties":false})";
  CHECK(mended(kSchema, R"({"id":1,"board":null,"owner":null})") == R"({"id":1,"owner":null})");
  CHECK(mended(kSchema, R"({"id":null})").starts_with("invalid"));
  CHECK(complaint(kSchema, R"({"id":1,"board":null})") == "board: type: must be a text; got null");
}

TEST_CASE("a value that needs no mending is not touched") {
  constexpr std::string_view kValue = R"({"amount":1.10,"id":12345678901234567890})";
  CHECK(mended(R"({"properties":{"amount":{"type":"number"},"id":{"type":"integer"}}})", kValue) ==
        kValue);
}

TEST_CASE("a list as one text is taken apart where its entries can mean nothing else") {
  constexpr const char* kLists =
      R"({"type":"object","properties":{"ids":{"type":"array","items":{"type":"integer"}},)"
      R"("levels":{"type":"array","items":{"type":"string","enum":["Low","High"]}},)"
      R"("names":{"type":"array","items":{"type":"string"}}}})";
  CHECK(mended(kLists, R"({"ids":"1,2"})") == R"({"ids":[1,2]})");
  CHECK(mended(kLists, R"({"ids":" 1, 2 "})") == R"({"ids":[1,2]})");
  CHECK(mended(kLists, R"({"ids":"[1,2]"})") == R"({"ids":[1,2]})");
  CHECK(mended(kLists, R"({"ids":"1,2,"})") == R"({"ids":[1,2]})");
  CHECK(mended(kLists, R"({"ids":", "})").starts_with("invalid"));
  CHECK(mended(kLists, R"({"ids":["1,2",3]})") == R"({"ids":[1,2,3]})");
  CHECK(mended(kLists, R"({"ids":7})") == R"({"ids":[7]})");
  CHECK(mended(kLists, R"({"levels":"low, HIGH"})") == R"({"levels":["Low","High"]})");
  CHECK(mended(kLists, R"({"ids":"1,x"})").starts_with("invalid"));
  // A name may have a comma.
  CHECK(mended(kLists, R"({"names":"Acme, Inc."})") == R"({"names":["Acme, Inc."]})");
}

}  // namespace patchbay::schema
