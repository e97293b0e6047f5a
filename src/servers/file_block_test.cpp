#include "servers/file_block.h"

#include <doctest/doctest.h>

#include "json/parse.h"
#include "mcp/wire/result.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers;
using Kind = gateway::FileContent::Kind;

TEST_CASE("a file's block has the form that its kind asks for") {
  CHECK(file_block({Kind::text, "a \"b\"\n", "text/csv", "patchbay://documents/7/a.csv"}) ==
        R"(,{"type":"text","text":"a \"b\"\n"})");
  CHECK(file_block({Kind::image, "iVBO", "image/png", "patchbay://documents/7/a.png"}) ==
        R"(,{"type":"image","data":"iVBO","mimeType":"image/png"})");
  CHECK(file_block({Kind::other, "JVBE", "application/pdf", "patchbay://documents/7/a.pdf"}) ==
        R"(,{"type":"resource","resource":{"uri":"patchbay://documents/7/a.pdf",)"
        R"("mimeType":"application/pdf","blob":"JVBE"}})");
}

TEST_CASE("a result with a file has its description first") {
  const std::string block = file_block({Kind::image, "iVBO", "image/png", "patchbay://x"});
  const ResultBody body = text_result(R"({"id":7})", false, std::nullopt, false, block);
  const auto result = json::parse("{" + body.head + body.tail + "}");
  REQUIRE(result.has_value());
  const json::Array& content = *result->find("content")->if_array();
  REQUIRE(content.size() == 2);
  CHECK(content[0].string_or("text", "") == R"({"id":7})");
  CHECK(content[1].string_or("type", "") == "image");
  CHECK_FALSE(result->bool_or("isError", true));
}
