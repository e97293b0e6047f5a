#include "mcp/wire/headers.h"

#include <string>

#include <doctest/doctest.h>

#include "json/parse.h"

using namespace patchbay;
using namespace patchbay::mcp;

TEST_CASE("a header value is itself unless it is whole and canonical base64 of UTF-8") {
  struct Row {
    std::string value;
    std::optional<std::string> expected;
  };
  const Row rows[] = {
      {"create_ticket", "create_ticket"},
      {"", ""},
      {"with space\tand tab", "with space\tand tab"},
      {"=?base64?SGVsbG8=?=", "Hello"},
      {"=?base64?"
       "?=",
       ""},
      {"=?base64?w6Q=?=", "ä"},
      {"=?base64?w6Q=", "=?base64?w6Q="},  // no suffix: literal
      {"SGVsbG8=?=", "SGVsbG8=?="},        // no prefix: literal
      {"=?BASE64?SGVsbG8=?=", "=?BASE64?SGVsbG8=?="},
      {"=?base64?=", "=?base64?="},          // too short to be both
      {"=?base64?SGVsbG8?=", std::nullopt},  // padding missing
      {"=?base64?SGVsbG8==?=", std::nullopt},
      {"=?base64?SGVs bG8=?=", std::nullopt},
      {"=?base64?SGVsbG9=?=", std::nullopt},  // not canonical: stray bits
      {"=?base64?SGVs-_8=?=", std::nullopt},  // URL alphabet
      {"=?base64?/w==?=", std::nullopt},      // 0xFF is no UTF-8
      {"caf\xc3\xa9", std::nullopt},
      {std::string("a\x01", 2), std::nullopt},
      {"\x7f", std::nullopt},
  };
  for (const Row& row : rows)
    CHECK_MESSAGE(decode_header_value(row.value) == row.expected, row.value);
}

TEST_CASE("mirrored arguments are compared by their type") {
  const json::Value schema = *json::parse(R"({"type":"object","properties":{
      "region":{"type":"string","x-mcp-header":"Region"},
      "count":{"type":"integer","x-mcp-header":"Count"},
      "dry":{"type":"boolean","x-mcp-header":"Dry"},
      "deep":{"type":"object","properties":{"zone":{"type":"string","x-mcp-header":"Zone"}}},
      "free":{"type":"string"}}})");
  struct Row {
    const char* arguments;
    std::pair<const char*, const char*> header;
    bool accepted;
  };
  const Row rows[] = {
      {R"({"region":"eu"})", {"Mcp-Param-Region", "eu"}, true},
      {R"({"region":"eu"})", {"mcp-param-region", "eu"}, true},
      {R"({"region":"eu"})", {"Mcp-Param-Region", "EU"}, false},
      {R"({"region":"ä"})", {"Mcp-Param-Region", "=?base64?w6Q=?="}, true},
      {R"({"region":"eu"})", {"Mcp-Param-Region", "=?base64?w6Q?="}, false},
      {R"({"region":"eu"})", {"X-Other", "eu"}, false},
      {R"({"region":null})", {"X-Other", "eu"}, true},
      {R"({})", {"Mcp-Param-Region", "eu"}, true},
      {R"({"count":42})", {"Mcp-Param-Count", "42"}, true},
      {R"({"count":42})", {"Mcp-Param-Count", "42.0"}, true},
      {R"({"count":42.0})", {"Mcp-Param-Count", "42"}, true},
      {R"({"count":42})", {"Mcp-Param-Count", "42.5"}, false},
      {R"({"count":42})", {"Mcp-Param-Count", "42."}, false},
      {R"({"count":42})", {"Mcp-Param-Count", "0x2a"}, false},
      {R"({"count":42})", {"Mcp-Param-Count", "43"}, false},
      {R"({"dry":true})", {"Mcp-Param-Dry", "true"}, true},
      {R"({"dry":true})", {"Mcp-Param-Dry", "True"}, false},
      {R"({"deep":{"zone":"z"}})", {"Mcp-Param-Zone", "z"}, true},
      {R"({"deep":{"zone":"z"}})", {"Mcp-Param-Zone", "y"}, false},
      {R"({"free":"x"})", {"Mcp-Param-Free", "y"}, true},
  };
  for (const Row& row : rows) {
    http::Headers headers;
    headers.add(row.header.first, row.header.second);
    const auto fault = check_parameter_headers(headers, schema, *json::parse(row.arguments));
    CHECK_MESSAGE(!fault.has_value() == row.accepted, row.arguments, " ", row.header.second);
    if (fault) CHECK(fault->code == -32020);
  }
}
