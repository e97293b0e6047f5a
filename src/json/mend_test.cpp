#include "json/mend.h"

#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "json/parse.h"
#include "json/shape.h"
#include "json/write.h"

namespace patchbay::json {
namespace {

std::string mended(std::string text) {
  mend(text);
  return text;
}

std::string without_mark(std::string text) {
  skip_byte_order_mark(text);
  return text;
}

}  // namespace

TEST_CASE("a byte that is not UTF-8 becomes U+FFFD") {
  CHECK(mended("{\"a\":\"caf\xE9\"}") == "{\"a\":\"caf\xEF\xBF\xBD\"}");
  CHECK(mended("{\"a\":\"\xC3\"}") == "{\"a\":\"\xEF\xBF\xBD\"}");
  CHECK(mended("\"\xED\xA0\x80\"") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  CHECK(mended("\"\xC0\xAF\"") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  CHECK(mended("\"\xF0\x9F\x98\"") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST_CASE("half of a surrogate pair becomes U+FFFD, and a whole one stays") {
  CHECK(mended(R"("\ud83d")") == R"("\ufffd")");
  CHECK(mended(R"("\ude00")") == R"("\ufffd")");
  CHECK(mended(R"("\ud83dx\ude00")") == R"("\ufffdx\ufffd")");
  CHECK(mended(R"("\ud83d\ud83d\ude00")") == R"("\ufffd\ud83d\ude00")");
  CHECK(mended(R"("\uD83D\uDE00")") == R"("\uD83D\uDE00")");
  CHECK(mended(R"("\ud83d\n")") == R"("\ufffd\n")");
}

TEST_CASE("a control character inside a string is escaped, and outside it is left alone") {
  CHECK(mended("{\"a\":\n\"x\ny\"}") == "{\"a\":\n\"x\\ny\"}");
  CHECK(mended(std::string("\"a\0b\"", 5)) == R"("a\u0000b")");
  CHECK(mended("\"say \\\"\t\\\"\"") == R"("say \"\t\"")");
}

TEST_CASE("what needs no mending is as it was, and what cannot be mended is no JSON still") {
  for (const std::string text : {"", "{}", R"({"a":"\u00e9\\ud83d\"é😀"})", R"(["\\"])", "[1,",
                                 "<html>", R"("\x")", R"("\u12")", R"("\)", "\"abc", "nonsense"}) {
    CAPTURE(text);
    std::string given = text;
    CHECK(mend(given) == 0);
    CHECK(given == text);
  }
}

TEST_CASE("a byte order mark goes once, and only at the beginning") {
  CHECK(without_mark("\xEF\xBB\xBF{}") == "{}");
  CHECK(without_mark("\xEF\xBB\xBF\xEF\xBB\xBF{}") == "\xEF\xBB\xBF{}");
  CHECK(without_mark("{}\xEF\xBB\xBF") == "{}\xEF\xBB\xBF");
  CHECK(without_mark("\xEF\xBB") == "\xEF\xBB");
}

TEST_CASE("whatever bytes stand in its strings, a document is read once it is mended") {
  std::mt19937_64 random(20261129);
  static const std::vector<std::string> kPieces = {
      "a",       "\\\"",           "\\\\",     "\\n",          "\xC3\xA9", "\xE9",
      "\xFF",    "\xC3",           "\xE2\x82", "\xF0\x9F\x98", "\x80",     "\\ud83d",
      "\\ude00", "\\ud83d\\ude00", "\\u0041",  "\n",           "\x01",     "\t",
      "\\/",     "\xED\xA0\x80",   " ",        "{[,:",         "\x7f",     "\xEF\xBB\xBF"};
  const ShapePlan plan({});
  int faulty = 0;
  for (int round = 0; round < 4'000; ++round) {
    // Each text is one of a record's, so that what is around it must stay.
    std::string document = R"([{"id":1,"ok":"kept"},{"id":2,"text":")";
    for (auto count = random() % 6; count > 0; --count) {
      const auto& piece = kPieces[random() % kPieces.size()];
      document += piece;
    }
    document += R"("},{"id":3}])";
    CAPTURE(document);
    document.reserve(document.size() + kPadding);
    std::string shaped;
    const bool was_fine = shape_list(document, plan, shaped).has_value();
    faulty += was_fine ? 0 : 1;
    std::string read = document;
    CHECK((mend(read) == 0) == was_fine);
    CHECK(read.capacity() >= read.size() + (was_fine ? 0 : kPadding));
    if (was_fine) read.reserve(read.size() + kPadding);
    const auto tree = parse(read);
    REQUIRE(tree);
    CHECK(tree->if_array()->size() == 3);
    CHECK(tree->if_array()->front().string_or("ok", "") == "kept");
    shaped.clear();
    const auto records = shape_list(read, plan, shaped);
    REQUIRE(records);
    CHECK(records->size() == 3);
    CHECK(mend(read) == 0);
  }
  CHECK(faulty > 1'000);
}

}  // namespace patchbay::json
