#include "cli/terminal/table.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "cli/terminal/display_text.h"

namespace patchbay::cli {
namespace {

TEST_CASE("Nothing that others wrote steers a terminal") {
  CHECK(one_line("a\x1b[31mb") == "a\uFFFD[31mb");
  CHECK(one_line("bell\x07 del\x7f") == "bell\uFFFD del\uFFFD");
  CHECK(one_line("csi \u009b2J, next line \u0085") == "csi \uFFFD2J, next line \uFFFD");
  CHECK(one_line("right to left \u202Egpj.exe") == "right to left \uFFFDgpj.exe");
  CHECK(one_line("two\nlines\tand\r\n") == "two lines and  ");
  CHECK(many_lines("two\r\nlines\t.\x1b") == "two\nlines  .\uFFFD");
  CHECK(one_line("broken \xff\xc3") == "broken \uFFFD\uFFFD");
  CHECK(one_line("Zürich, 東京, 😀") == "Zürich, 東京, 😀");
}

TEST_CASE("Columns are counted as a terminal fills them") {
  CHECK(columns_of("plain") == 5);
  CHECK(columns_of("Zürich") == 6);
  CHECK(columns_of("東京") == 4);
  CHECK(columns_of("😀") == 2);
  CHECK(columns_of("e\u0301") == 1);  // with a combining accent
  CHECK(columns_of("") == 0);
}

TEST_CASE("A line is cut at a character, and says so") {
  CHECK(cut_to("short", 5) == "short");
  CHECK(cut_to("longer", 5) == "long…");
  CHECK(cut_to("東京都", 4) == "東…");  // half a character is none
  CHECK(columns_of(cut_to("東京都庁", 6)) <= 6);
  CHECK(cut_to("anything", 0).empty());
}

Table some() {
  Table table({{"ID", true}, {"NAME"}, {"STATUS"}});
  table.add({"acc_0123456789", "A name that is very much longer than the others", "active"});
  table.add({"acc_1", "東京", "needs_reauth"});
  return table;
}

TEST_CASE("Columns align, whatever is in them") {
  const std::string text = some().text(std::nullopt, false);
  const auto lines = split(text, '\n');
  REQUIRE(lines.size() == 4);
  const auto status_at = [](std::string_view line, std::string_view status) {
    return columns_of(line.substr(0, line.rfind(status)));
  };
  CHECK(status_at(lines[0], "STATUS") == status_at(lines[1], "active"));
  CHECK(status_at(lines[0], "STATUS") == status_at(lines[2], "needs_reauth"));
  CHECK_FALSE(text.contains("…"));
  CHECK_FALSE(text.contains(" \n"));
}

TEST_CASE("On a terminal the widest gives, ids stay whole, and no line is too long") {
  for (const std::size_t width : {40U, 50U, 60U}) {
    const std::string text = some().text(width, false);
    CAPTURE(text);
    for (const std::string_view line : split(text, '\n')) CHECK(columns_of(line) <= width);
    CHECK(text.contains("acc_0123456789"));
    CHECK(text.contains("…"));
  }
  CHECK(some().text(10, false).contains("acc_0123456789"));
  CHECK(some().text(std::nullopt, true).starts_with("\x1b[1mID"));
}

}  // namespace
}  // namespace patchbay::cli
