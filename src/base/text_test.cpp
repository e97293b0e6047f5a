#include "base/text.h"

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "base/nearest.h"

namespace patchbay {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("case is ignored for ASCII only") {
  CHECK(to_lower("Acme CORP Ä") == "acme corp Ä");
  CHECK(equal_ignoring_case("Triage", "tRIAGE"));
  CHECK_FALSE(equal_ignoring_case("Triage", "Triag"));
  CHECK(contains_ignoring_case("Server Team", "TEAM"));
  CHECK(contains_ignoring_case("x", ""));
  CHECK_FALSE(contains_ignoring_case("Server", "Team"));
}

TEST_CASE("text is trimmed, split and joined") {
  CHECK(trim(" \t\r\n a b \n") == "a b");
  CHECK(trim("  ").empty());
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string_view>{""});
  CHECK(join(Names{"a", "b", "c"}) == "a, b, c");
  CHECK(join(Names{"a", "b"}, "/") == "a/b");
  CHECK(join(Names{}).empty());
}

TEST_CASE("valid UTF-8 is told from what only looks like it") {
  for (const std::string_view text :
       {"", "plain ASCII text, longer than eight bytes", "é", "€", "😀", "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "12345678é"}) {
    CAPTURE(text);
    CHECK(is_valid_utf8(text));
  }
  for (const std::string_view text :
       {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
        "12345678\xC3", "é\xE2\x82", "\xE2\x82(", "a\xC3\xA9\xA9"}) {
    CAPTURE(text);
    CHECK_FALSE(is_valid_utf8(text));
  }
}

TEST_CASE("a cut never splits a character") {
  CHECK(cut_utf8("abc", 3) == "abc");
  CHECK(cut_utf8("abc", 2) == "ab");
  CHECK(cut_utf8("aé", 2) == "a");
  CHECK(cut_utf8("aé", 3) == "aé");
  CHECK(cut_utf8("😀", 3).empty());
  CHECK(cut_utf8("é", 0).empty());
  CHECK(cut_utf8("\x80\x80\x80\x80\x80\x80", 5).size() <= 5);
}

TEST_CASE("near names come nearest first, far ones only where they are wanted") {
  const Names fields = {"summary",   "status",       "board",  "company",
                        "companyId", "createdAfter", "contact"};
  CHECK(nearest("sumary", fields, 3) == Names{"summary"});
  CHECK(nearest("STATSU", fields, 3) == Names{"status"});
  CHECK(nearest("company_id", fields, 1) == Names{"companyId"});
  CHECK(nearest("created", fields, 1) == Names{"createdAfter"});
  CHECK(nearest("boardName", fields, 1) == Names{"board"});
  CHECK(nearest("zzzzzz", fields, 3).empty());
  CHECK(nearest("zzzzzz", fields, 3, true).size() == 3);
  CHECK(nearest("comp", fields, 2) == Names{"company", "companyId"});
  CHECK(nearest("", fields, 2).empty());
  CHECK(nearest(std::string(100'000, 'x'), fields, 2).empty());
}

TEST_CASE("the shortest name that contains what is wanted comes first") {
  const Names boards = {"Network Infrastructure", "Emergency Escalations", "Server Team", "Triage"};
  CHECK(nearest("triage board", boards, 1) == Names{"Triage"});
  CHECK(nearest("server", boards, 1) == Names{"Server Team"});
  CHECK(nearest("Infrastructure", boards, 1) == Names{"Network Infrastructure"});
}

TEST_CASE("bytes are written in hex and base64, and read back strictly") {
  CHECK(to_hex(std::string_view("\x00\x7F\xFF", 3)) == "007fff");
  CHECK(to_base64("") == "");
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(from_base64("Zm9vYg==") == "foob");
  CHECK(from_base64("") == "");
  CHECK(to_base64url("\xFB\xFF") == "-_8");
  CHECK(from_base64url("-_8") == "\xFB\xFF");
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  CHECK(from_base64(to_base64(all)) == all);
  CHECK(from_base64url(to_base64url(all)) == all);
  for (const std::string_view text :
       {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Z", "Zg==Zg==", "-_8=", "====", "Zg===="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
  for (const std::string_view text : {"+/8", "Zg==", "Zh", "A", "Z g"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("whole numbers are read whole or not at all") {
  CHECK(parse_int64("0") == 0);
  CHECK(parse_int64("-9223372036854775808") == INT64_MIN);
  CHECK(parse_int64("9223372036854775807") == INT64_MAX);
  for (const std::string_view text :
       {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_int64(text));
  }
}

}  // namespace
}  // namespace patchbay
