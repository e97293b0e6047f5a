#include "base/blanks.h"

#include <string>

#include <doctest/doctest.h>

namespace patchbay {

TEST_CASE("what shows nothing is no text, whatever Unicode calls it") {
  for (const std::string blank :
       {" ", "\t", "\r\n", "\v", "\f", "\xC2\xA0", "\xE2\x80\x83", "\xE3\x80\x80", "\xE2\x80\x8B",
        "\xEF\xBB\xBF", "\xC2\xAD", "\xE2\x81\xA0", "\xE1\x9A\x80", "\xE2\x80\xAF"}) {
    CAPTURE(blank);
    CHECK(trim_blanks(blank).empty());
    CHECK(trim_blanks(blank + blank + ' ' + blank).empty());
    CHECK(trim_blanks(blank + "a" + blank + "b" + blank) == "a" + blank + "b");
    CHECK(blank_at_start(blank + "a") > 0);
  }
  CHECK(trim_blanks("").empty());
}

TEST_CASE("what shows something stays whole") {
  for (const std::string text :
       {"a", "é", "ü", "漢", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", "❤️", "…", "\xFF",
        "\x80", "\xE2\x80"}) {
    CAPTURE(text);
    CHECK(trim_blanks(text) == text);
    CHECK(trim_blanks(' ' + text + "\xC2\xA0") == text);
    CHECK(blank_at_start(text) == 0);
  }
}

}  // namespace patchbay
