#include "mcp/wire/absent.h"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "json/parse.h"
#include "json/write.h"

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

std::string mended(std::string_view params) {
  json::Value value = json::parse(params).value();
  mend_absent(value);
  return json::to_string(value);
}

}  // namespace

TEST_CASE(
    "what clients write for what they leave out is absent, wherever the protocol lets it be") {
  CHECK(mended("null") == "null");
  CHECK(mended("[]") == "{}");
  CHECK(mended("[1]") == "[1]");
  CHECK(mended(R"({"cursor":null,"name":"x","_meta":null})") == R"({"name":"x"})");
  CHECK(mended(R"({"_meta":{"progressToken":null,"a":1}})") == R"({"_meta":{"a":1}})");
  CHECK(mended(R"({"_meta":[],"arguments":[]})") == R"({"_meta":{},"arguments":{}})");
  CHECK(mended(R"({"arguments":{"board":null,"days":"7"}})") == R"({"arguments":{"days":"7"}})");
  CHECK(mended(R"({"capabilities":[],"clientInfo":{"name":"x","title":null}})") ==
        R"({"capabilities":{},"clientInfo":{"name":"x"}})");
  CHECK(mended(R"({"capabilities":{"elicitation":[],"roots":null}})") ==
        R"({"capabilities":{"elicitation":{}}})");
  CHECK(mended(R"({"_meta":{"io.modelcontextprotocol/clientCapabilities":[]}})") ==
        R"({"_meta":{"io.modelcontextprotocol/clientCapabilities":{}}})");
  CHECK(mended(R"({"context":{"arguments":[]}})") == R"({"context":{"arguments":{}}})");
}

TEST_CASE("an array that holds something, or stands where one is due, stays") {
  CHECK(mended(R"({"arguments":[1]})") == R"({"arguments":[1]})");
  CHECK(mended(R"({"uris":[]})") == R"({"uris":[]})");
}
