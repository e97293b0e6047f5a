#include "json/shape.h"

#include <algorithm>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "json/parse.h"
#include "json/test_shape_oracle.h"
#include "json/write.h"

namespace patchbay::json {
namespace {

ShapeRules usual_rules() {
  return {.noise_names = {"mobileGuid", "customFieldsGuid"},
          .noise_suffixes = {"_href", "_link"},
          .info_name = "_info",
          .info_kept = {"lastUpdated", "dateEntered", "enteredBy"},
          .reference_kept = {"id", "name", "identifier"}};
}

std::string padded(std::string_view text) {
  std::string out(text);
  out.reserve(text.size() + kPadding);
  return out;
}

std::string shaped(std::string_view text, ShapeRules rules = usual_rules()) {
  std::string out;
  const std::string source = padded(text);
  const Result<> result = shape_record(source, ShapePlan(std::move(rules)), out);
  return result ? out : "error";
}

std::string verbose(std::string_view text) {
  ShapeRules rules = usual_rules();
  rules.verbose = true;
  return shaped(text, std::move(rules));
}

TEST_CASE("a record keeps its facts and loses what says nothing") {
  CHECK(shaped(R"({"id":1,"summary":"Mail is down","closedBy":null,"tags":[],"extra":{},)"
               R"("ticket_href":"https://x/1","mobileGuid":"0","ok":true})") ==
        R"({"id":1,"summary":"Mail is down","ok":true})");
}

TEST_CASE("numbers and strings leave byte for byte") {
  const std::string_view record =
      R"({"a":1.0,"b":-0.50,"c":1E400,"d":12345678901234567890,"e":"\u00e9\/\"\\","f":"é😀","g":0})";
  CHECK(shaped(record) == record);
  CHECK(verbose(record) == record);
}

TEST_CASE("white space between tokens goes, inside strings it stays") {
  CHECK(shaped(" {\n \"a\" : [ 1 ,\t2 ] ,\r\n \"b\" : \" x  y \" , \"c\" : null } \n") ==
        R"({"a":[1,2],"b":" x  y "})");
}

TEST_CASE("what becomes empty by dropping goes as well, but the record itself stays") {
  CHECK(shaped(R"({"a":{"b":{"c":null}},"d":[null,{},[[]]],"e":[{"f":null},1]})") ==
        R"({"e":[1]})");
  CHECK(shaped(R"({"a":{"b":null}})") == "{}");
  CHECK(shaped("{}") == "{}");
  CHECK(shaped(R"({"a":"","b":0,"c":false})") == R"({"a":"","b":0,"c":false})");
}

TEST_CASE("facts of _info move up, unless the record has them itself") {
  CHECK(shaped(R"({"id":1,"_info":{"lastUpdated":"T1","updatedBy":"x","dateEntered":"T2"}})") ==
        R"({"id":1,"lastUpdated":"T1","dateEntered":"T2"})");
  CHECK(shaped(R"({"_info":{"x":{"y":[1]},"enteredBy":"me"},"id":1})") ==
        R"({"enteredBy":"me","id":1})");
  CHECK(shaped(R"({"lastUpdated":"own","_info":{"lastUpdated":"T1","enteredBy":"me"}})") ==
        R"({"lastUpdated":"own","enteredBy":"me"})");
  CHECK(shaped(R"({"_info":{"lastUpdated":"T1","enteredBy":"me"},"lastUpdated":"own"})") ==
        R"({"enteredBy":"me","lastUpdated":"own"})");
  CHECK(shaped(R"({"_info":{"lastUpdated":"T1"},"lastUpdated":null})") ==
        R"({"lastUpdated":"T1"})");
  CHECK(shaped(R"({"_info":{"lastUpdated":null},"id":1})") == R"({"id":1})");
  CHECK(shaped(R"({"_info":null,"id":1})") == R"({"id":1})");
  CHECK(shaped(R"({"_info":"text","id":1})") == R"({"id":1})");
  CHECK(shaped(R"({"_info":{}})") == "{}");
}

TEST_CASE("references keep id, name and identifier") {
  CHECK(shaped(R"({"status":{"id":17,"name":"New","Sort":30,"_info":{"status_href":"x"}}})") ==
        R"({"status":{"id":17,"name":"New"}})");
  CHECK(
      shaped(R"({"currency":{"symbol":"$","id":7,"_info":{},"rightAlign":false,"name":"USD"}})") ==
      R"({"currency":{"id":7,"name":"USD"}})");
  CHECK(shaped(R"({"owner":{"x":1,"identifier":"jdoe","_info":{"lastUpdated":"T"}}})") ==
        R"({"owner":{"identifier":"jdoe"}})");
  CHECK(shaped(R"([{"id":1,"name":"a record","x":2,"_info":{"lastUpdated":"T"}}])") ==
        R"([{"id":1,"name":"a record","x":2,"lastUpdated":"T"}])");
}

TEST_CASE("what only looks like a reference keeps all") {
  CHECK(shaped(R"({"a":{"id":1,"name":"no info","x":2}})") ==
        R"({"a":{"id":1,"name":"no info","x":2}})");
  CHECK(shaped(R"({"a":{"id":1,"x":2,"_info":{"lastUpdated":"T"}}})") ==
        R"({"a":{"id":1,"x":2,"lastUpdated":"T"}})");
  CHECK(shaped(R"({"a":{"id":1,"name":null,"x":2,"_info":{}}})") == R"({"a":{"id":1,"x":2}})");
}

TEST_CASE("verbose drops nulls and nothing else") {
  CHECK(verbose(R"({"a":null,"b":{},"c":[],"d":{"e":null},"x_href":"y",)"
                R"("s":{"id":1,"name":"n","z":1,"_info":{"q":null,"r":1}}})") ==
        R"({"b":{},"c":[],"d":{},"x_href":"y","s":{"id":1,"name":"n","z":1,"_info":{"r":1}}})");
}

TEST_CASE("other rules than the usual ones hold") {
  CHECK(shaped(R"({"meta":{"when":"T"},"_info":{"a":1},"r":{"key":"K","meta":{},"b":1}})",
               {.info_name = "meta", .info_kept = {"when"}, .reference_kept = {"key"}}) ==
        R"({"when":"T","_info":{"a":1},"r":{"key":"K"}})");
  CHECK(shaped(R"({"_info":{"x_href":1,"y":2}})",
               {.noise_suffixes = {"_href"}, .info_name = "_info", .info_kept = {"x_href", "y"}}) ==
        R"({"y":2})");
}

TEST_CASE("a list says where each record stands") {
  const std::string source = padded(R"( [ {"id":1,"x":null} , {"y":null}, null, {"id":3} ] )");
  std::string out = "before:";
  const auto records = shape_list(source, ShapePlan(usual_rules()), out);
  REQUIRE(records);
  CHECK(out == R"(before:[{"id":1},{},{"id":3}])");
  REQUIRE(records->size() == 3);
  const auto at = [&](std::size_t i) {
    const ShapedRecord& r = records->at(i);
    return source.substr(r.source_begin, r.source_end - r.source_begin) + " " +
           out.substr(r.begin, r.end - r.begin);
  };
  CHECK(at(0) == R"({"id":1,"x":null} {"id":1})");
  CHECK(at(1) == R"({"y":null} {})");
  CHECK(at(2) == R"({"id":3} {"id":3})");

  out.clear();
  CHECK(shape_list(padded("[]"), ShapePlan({}), out)->empty());
  CHECK(out == "[]");
  CHECK_FALSE(shape_list(padded("{}"), ShapePlan({}), out));
  CHECK(out == "[]");
}

TEST_CASE("a text that is cut out of a longer one ends where it ends") {
  const std::string whole =
      padded(R"([{"a_href":{"b":[1]},"id":12,"name":"x","off":true,"c":[3,"y"]}])");
  const ShapePlan plan(usual_rules());
  const auto shaped = [&](std::string_view text) {
    std::string out;
    const Result<> result = shape_record(text, plan, out);
    return result ? out : "refused: " + result.error().message;
  };
  for (std::size_t begin = 0; begin < whole.size(); ++begin) {
    for (std::size_t size = 0; begin + size <= whole.size(); ++size) {
      const std::string_view part = std::string_view(whole).substr(begin, size);
      CAPTURE(part);
      CHECK(shaped(part) == shaped(padded(part)));
    }
  }
}

TEST_CASE("what is not JSON is refused, and the output is as it was") {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "}",
                                      "[",
                                      "[1",
                                      "[1,",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{\"a\" 1}",
                                      "{1:2}",
                                      "{\"a\":1}}",
                                      "{}{}",
                                      "[] x",
                                      "1 2",
                                      "tru",
                                      "truex",
                                      "nul",
                                      "nulll",
                                      "fals",
                                      "01",
                                      "1.",
                                      "1e",
                                      "--1",
                                      "+1",
                                      ".5",
                                      "1\"a\"",
                                      "\"a\"1",
                                      "\"\\x\"",
                                      "\"\\ud800\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"\\udc00\"",
                                      "\"\\u12\"",
                                      "\"a\nb\"",
                                      "\"\xFF\"",
                                      "\"abc",
                                      "{\"a\":tru}",
                                      "{\"a\":01}",
                                      "{\"a\":\"\\q\"}",
                                      "{\"a\":nul}",
                                      "[nul]",
                                      "{\"\\x\":1}",
                                      "<html>",
                                      "{\"a\":1]",
                                      "[1}",
                                      "{\"a_href\":}",
                                      "{\"a_href\":,\"b\":1}",
                                      "{\"a_href\":[",
                                      "{\"_info\":{\"lastUpdated\":1]}",
                                      "\xEF\xBB\xBF{}"}) {
    CAPTURE(text);
    std::string out = "as it was";
    const std::string source = padded(text);
    const Result<> result = shape_record(source, ShapePlan(usual_rules()), out);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::upstream);
    CHECK(out == "as it was");
  }
}

TEST_CASE("nesting is bounded, also in what is dropped") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  CHECK(shaped(nested(64)) == nested(64));
  CHECK(shaped(nested(65)) == "error");
  CHECK(shaped("{\"a_href\":" + nested(63) + "}") == "{}");
  CHECK(shaped("{\"a_href\":" + nested(64) + "}") == "error");
  CHECK(shaped("{\"_info\":{\"x\":" + nested(62) + "}}") == "{}");
  CHECK(shaped("{\"_info\":{\"x\":" + nested(63) + "}}") == "error");
  CHECK(shaped(std::string(100'000, '[')) == "error");
}

TEST_CASE("many late undoings cost no more than their own size") {
  // A long run that is kept, then objects that are written and taken back: quadratic if each
  // taking back wrote the run again.
  std::string text = "{\"long\":[0";
  for (int i = 0; i < 500'000; ++i) text += ",1";
  text += "]";
  for (int i = 0; i < 50'000; ++i) text += R"(,"k":{"a":null,"b":{"c":null,"d":{"e":null}}})";
  CHECK(shaped(text + "}").size() == 1'000'012);
}

// Documents full of the names that mean something, with and without white space.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  // Documents with many custom fields, and captions that meet.
  void with_custom_fields() { custom_ = true; }

  std::string document() {
    text_.clear();
    pretty_ = pick(4) == 0;
    value(0, pick(8) != 0);
    return text_;
  }

 private:
  std::size_t pick(std::size_t below) {  // splitmix64
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>((z ^ (z >> 31)) % below);
  }
  void space() {
    constexpr std::string_view kSpaces[] = {"", " ", "\n  ", "\t", "\r\n"};
    if (pretty_) text_ += kSpaces[pick(5)];
  }
  void put(std::string_view token) {
    space();
    text_ += token;
    space();
  }
  void value(int depth, bool container) {
    if (depth < 6 && (container || pick(3) == 0)) {
      return pick(4) == 0 ? array(depth) : object(depth);
    }
    constexpr std::string_view kScalars[] = {
        "null",
        "null",
        "null",
        "true",
        "false",
        "0",
        "-1.50",
        "1e5",
        "3.14E-2",
        "12345",
        "\"\"",
        "\"a b\"",
        "\"é\"",
        "\"\\n\"",
        "\"\\\"\"",
        "\"\\\\\"",
        "\"{[,:\"",
        "\"\\ud83d\\ude00\"",
        "12345678901234567890",
        "\"a somewhat longer text, so that runs span more than one step\""};
    put(kScalars[pick(std::size(kScalars))]);
  }
  void array(int depth, bool of_entries = false) {
    put("[");
    for (std::size_t i = 0, size = pick(of_entries ? 6 : 4); i < size; ++i) {
      if (i > 0) put(",");
      if (of_entries && pick(8) != 0) {
        object(depth + 1, true);
      } else {
        value(depth + 1, false);
      }
    }
    put("]");
  }
  void object(int depth, bool is_entry = false) {
    constexpr std::string_view kNames[] = {
        "_info",  "id",          "name",           "identifier",  "x_href", "mobileGuid", "a",
        "b",      "lastUpdated", "enteredBy",      "dateEntered", "Sort",   "image_link", "_inf",
        "_info2", "names",       "aQuiteLongName", "k\\\"ey",     "",       "lastUpdate"};
    constexpr std::string_view kCaptions[] = {R"("A")", R"("\u0041")",  R"("B")", R"-("A (5)")-",
                                              R"("")",  R"("C \"D\"")", R"("é")", R"("_info")"};
    constexpr std::string_view kCustomNames[] = {"id",     "caption", "value",
                                                 "custom", "_info",   "type"};
    const bool custom = is_entry || (custom_ && pick(2) == 0);
    put("{");
    std::set<std::string_view> used;
    for (std::size_t i = 0, size = pick(9); i < size; ++i) {
      const std::string_view name =
          custom ? kCustomNames[pick(std::size(kCustomNames))] : kNames[pick(std::size(kNames))];
      if (!used.insert(name).second) continue;
      if (used.size() > 1) put(",");
      put("\"" + std::string(name) + "\"");
      put(":");
      if (name == "custom" && depth < 6 && pick(4) != 0) {
        array(depth + 1, true);
      } else if (name == "caption" && pick(4) != 0) {
        put(kCaptions[pick(std::size(kCaptions))]);
      } else {
        value(depth + 1, name == "_info" && pick(4) != 0);
      }
    }
    put("}");
  }

  std::uint64_t state_;
  std::string text_;
  bool pretty_ = false;
  bool custom_ = false;
};

// Every string (names too) and every number as it stands in the text.
std::multiset<std::string> raw_tokens(std::string_view text) {
  std::multiset<std::string> tokens;
  constexpr std::string_view kOfNumbers = "+-.0123456789eE";
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text[at] == '"') {
      while (text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      tokens.emplace(text.substr(at, ++end - at));
    } else if (text[at] == '-' || (text[at] >= '0' && text[at] <= '9')) {
      end = std::min(text.find_first_not_of(kOfNumbers, at), text.size());
      tokens.emplace(text.substr(at, end - at));
    }
    at = end;
  }
  return tokens;
}

TEST_CASE("on random documents the walk does what the rules say on a tree, and nothing twice") {
  ShapeRules rules = usual_rules();
  for (const bool is_verbose : {false, true}) {
    rules.verbose = is_verbose;
    const ShapePlan plan(rules);
    const ShapeOracle oracle(rules);
    Generator generator(is_verbose ? 7 : 42);
    for (int i = 0; i < 8'000; ++i) {
      const std::string source = padded(generator.document());
      CAPTURE(source);
      const Result<Value> before = parse(source);
      REQUIRE(before);

      std::string out;
      REQUIRE(shape_record(source, plan, out));
      const Result<Value> after = parse(out);
      REQUIRE(after);
      REQUIRE(to_string(*after) == to_string(oracle.document(*before)));

      const auto had = raw_tokens(source), has = raw_tokens(out);
      REQUIRE(std::ranges::includes(had, has));

      std::string again;
      REQUIRE(shape_record(padded(out), plan, again));
      REQUIRE(again == out);
    }
  }
}

ShapeRules rules_with_custom_fields() {
  ShapeRules rules = usual_rules();
  rules.custom_fields = {"custom", "caption", "value", "id"};
  return rules;
}

TEST_CASE("on random documents custom fields become what the rules say on a tree") {
  const ShapeRules rules = rules_with_custom_fields();
  const ShapePlan plan(rules);
  const ShapeOracle oracle(rules);
  Generator generator(4711);
  generator.with_custom_fields();
  std::size_t compacted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string source = padded(generator.document());
    CAPTURE(source);
    const Result<Value> before = parse(source);
    REQUIRE(before);
    std::string out;
    REQUIRE(shape_record(source, plan, out));
    REQUIRE(out.size() <= source.size());
    const Result<Value> after = parse(out);
    REQUIRE_MESSAGE(after, out);
    REQUIRE(to_string(*after) == to_string(oracle.document(*before)));
    if (out.contains("\"custom\":{\"A\":")) ++compacted;
  }
  CHECK(compacted > 200);
}

TEST_CASE("custom fields become values by their captions, byte for byte") {
  const auto compact = [](std::string_view entries) {
    return shaped("{\"id\":1,\"custom\":" + std::string(entries) + ",\"z\":2}",
                  rules_with_custom_fields());
  };
  const auto becomes = [](std::string_view fields) {
    return "{\"id\":1,\"custom\":" + std::string(fields) + ",\"z\":2}";
  };
  CHECK(compact(R"([{"id":4,"caption":"Region","type":"Text","value":"N\u00e9"},)"
                R"( { "value" : 1.50 , "id" : 5 , "caption" : "Users" } ])") ==
        becomes(R"({"Region":"N\u00e9","Users":1.50})"));
  // The first of a caption goes by it alone, whether it has a value or not.
  CHECK(compact(R"([{"id":4,"caption":"R"},{"id":5,"caption":"R","value":"N"},)"
                R"({"caption":"R","value":2},{"id":5,"caption":"R","value":3}])") ==
        becomes(R"-({"R (5)":"N","R (2)":2})-"));
  CHECK(compact(R"([{"caption":"R","value":{"a":null,"custom":[{"caption":"S","value":1}]}}])") ==
        becomes(R"({"R":{"custom":[{"caption":"S","value":1}]}})"));
  CHECK(compact(R"([{"caption":"R","value":null},{"caption":"S","value":[]}])") == becomes("{}"));
  CHECK(compact(R"([{"caption":"","value":1},{"value":1},{},5,null,[1]])") == R"({"id":1,"z":2})");
  CHECK(compact("[]") == R"({"id":1,"z":2})");
  CHECK(compact(R"({"a":1})") == becomes(R"({"a":1})"));
  // Within an object that stands in a record as well.
  CHECK(shaped(R"({"a":{"custom":[{"caption":"R","value":1}]}})", rules_with_custom_fields()) ==
        R"({"a":{"custom":{"R":1}}})");
  for (const std::string_view bad :
       {R"([{"caption":"R","value":tru}])", R"([{"caption":"R","value":01}])",
        R"([{"caption":"\q","value":1}])", R"([{"caption":"R" "value":1}])",
        R"([{"caption":"R","value":1},])", R"([{"caption":"R",}])", R"([{"caption":"R"]])",
        R"([{"caption":}])", R"([{)", "["}) {
    CAPTURE(bad);
    CHECK(compact(bad) == "error");
  }
}

TEST_CASE("as many custom fields as an upstream likes cost no more than each its own size") {
  std::string text = "{\"custom\":[";
  for (int i = 0; i < 200'000; ++i) {
    text += (i > 0 ? "," : "") + ("{\"caption\":\"c" + std::to_string(i) + "\",\"value\":1}");
  }
  std::string nested = "1";
  for (int i = 0; i < 15; ++i) {
    nested = R"({"custom":[{"caption":"a","value":)" + nested + "}]}";
  }
  CHECK(shaped(text + "]}", rules_with_custom_fields()).size() > 2'000'000);
  CHECK(shaped(nested, rules_with_custom_fields()).starts_with(R"({"custom":{"a":{"custom":[{)"));
}

}  // namespace
}  // namespace patchbay::json
