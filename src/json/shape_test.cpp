#include "json/shape.h"

#include <algorithm>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "json/parse.h"
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

// The rules once more, on a tree: slow, plain, and written without a look at the walk.
class Oracle {
 public:
  explicit Oracle(const ShapeRules& rules) : rules_(rules) {}

  Value document(const Value& value) const {
    const Array* array = value.if_array();
    if (array == nullptr) return record(value);
    Array out;
    for (const Value& element : *array) {
      if (!element.is_null()) out.push_back(record(element));
    }
    return out;
  }

 private:
  bool is_noise(std::string_view name) const {
    for (const auto& noise : rules_.noise_names) {
      if (noise == name) return true;
    }
    for (const auto& suffix : rules_.noise_suffixes) {
      if (name.ends_with(suffix)) return true;
    }
    return false;
  }
  static bool is_in(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  }
  bool is_empty(const Value& value) const {
    if (value.is_null()) return true;
    if (rules_.verbose) return false;
    return (value.if_object() && value.if_object()->empty()) ||
           (value.if_array() && value.if_array()->empty());
  }

  Value record(const Value& value) const {
    const Object* object = value.if_object();
    return object == nullptr ? nested(value) : Value(fields(*object, true));
  }

  Value nested(const Value& value) const {
    if (const Array* array = value.if_array()) {
      Array out;
      for (const Value& element : *array) {
        if (Value shaped = nested(element); !is_empty(shaped)) out.push_back(std::move(shaped));
      }
      return out;
    }
    if (const Object* object = value.if_object()) return fields(*object, false);
    return value;
  }

  Object fields(const Object& object, bool is_record) const {
    Object own, all;
    for (const auto& [name, value] : object) {
      if (!rules_.verbose && (is_noise(name) || name == rules_.info_name)) continue;
      if (Value shaped = nested(value); !is_empty(shaped)) own.append(name, std::move(shaped));
    }
    if (rules_.verbose) return own;
    const bool has_info = object.contains(rules_.info_name);
    if (!is_record && has_info && (own.contains("name") || own.contains("identifier"))) {
      for (const auto& [name, value] : own) {
        if (is_in(rules_.reference_kept, name)) all.append(name, value);
      }
      return all;
    }
    for (const auto& [name, value] : object) {
      if (own.contains(name)) all.append(name, *own.find(name));
      if (name != rules_.info_name || !value.is_object()) continue;
      for (const auto& [fact, fact_value] : *value.if_object()) {
        if (!is_in(rules_.info_kept, fact) || is_noise(fact) || own.contains(fact)) continue;
        if (Value shaped = nested(fact_value); !is_empty(shaped)) {
          all.append(fact, std::move(shaped));
        }
      }
    }
    return all;
  }

  const ShapeRules& rules_;
};

// Documents full of the names that mean something, with and without white space.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

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
  void array(int depth) {
    put("[");
    for (std::size_t i = 0, size = pick(4); i < size; ++i) {
      if (i > 0) put(",");
      value(depth + 1, false);
    }
    put("]");
  }
  void object(int depth) {
    constexpr std::string_view kNames[] = {
        "_info",  "id",          "name",           "identifier",  "x_href", "mobileGuid", "a",
        "b",      "lastUpdated", "enteredBy",      "dateEntered", "Sort",   "image_link", "_inf",
        "_info2", "names",       "aQuiteLongName", "k\\\"ey",     "",       "lastUpdate"};
    put("{");
    std::set<std::string_view> used;
    for (std::size_t i = 0, size = pick(9); i < size; ++i) {
      const std::string_view name = kNames[pick(std::size(kNames))];
      if (!used.insert(name).second) continue;
      if (used.size() > 1) put(",");
      put("\"" + std::string(name) + "\"");
      put(":");
      value(depth + 1, name == "_info" && pick(4) != 0);
    }
    put("}");
  }

  std::uint64_t state_;
  std::string text_;
  bool pretty_ = false;
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
    const Oracle oracle(rules);
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

}  // namespace
}  // namespace patchbay::json
