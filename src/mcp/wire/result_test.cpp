#include "mcp/wire/result.h"

#include <string>

#include <doctest/doctest.h>

#include "json/parse.h"

using namespace patchbay;
using namespace patchbay::mcp;

TEST_CASE("a text of several lines is one line on the wire, also where it is structured") {
  const std::string text = "{\"result_count\":1,\"result\":[\n{\"id\":7,\"note\":\"a\\nb\"}\n]}";
  for (const bool structured : {false, true}) {
    CAPTURE(structured);
    const std::string whole = result_text(
        Era::legacy, "1", text_result(text, false, std::nullopt, structured), {"1", "title"});
    CHECK(whole.find('\n') == std::string::npos);
    const auto parsed = json::parse(whole);
    REQUIRE(parsed.has_value());
    const json::Value& result = *parsed->find("result");
    CHECK(result.find("content")->if_array()->front().string_or("text", "") == text);
    const json::Value* const object = result.find("structuredContent");
    CHECK((object != nullptr) == structured);
    if (object != nullptr) CHECK(*object == json::parse(text).value());
  }
}
