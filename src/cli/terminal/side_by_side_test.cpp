#include "cli/terminal/side_by_side.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "cli/terminal/display_text.h"

namespace patchbay::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
  lines.pop_back();  // what comes after the last line's end
  return lines;
}

TEST_CASE("Before and after stand side by side, with their lines") {
  CHECK(lines_of(side_by_side({{"summary", "old", "new\nand more"}, {"status", "-", "Closed"}},
                              std::nullopt)) ==
        std::vector<std::string>{"FIELD    BEFORE  AFTER", "summary  old     new",
                                 "                 and more", "status   -       Closed"});
}

TEST_CASE("A long text is broken at its spaces, and all of it is there") {
  std::string words;
  for (int n = 100; n < 160; ++n) words += "word" + std::to_string(n) + " ";
  for (const std::size_t width : {40U, 80U, 200U}) {
    const std::string text = side_by_side({{"text", "short", words}}, width);
    CAPTURE(text);
    for (const std::string& line : lines_of(text)) CHECK(columns_of(line) <= width);
    for (int n = 100; n < 160; ++n) CHECK(text.contains("word" + std::to_string(n)));
  }
}

TEST_CASE("A word that no line has room for is broken too, by characters") {
  std::string wide;
  for (int n = 0; n < 100; ++n) wide += "東";
  const std::string text = side_by_side({{"text", wide, wide}}, 60);
  std::size_t found = 0;
  for (std::size_t at = text.find("東"); at != std::string::npos; at = text.find("東", at + 1)) {
    ++found;
  }
  CHECK(found == 200);
  for (const std::string& line : lines_of(text)) CHECK(columns_of(line) <= 60);
}

TEST_CASE("Nothing in it steers a terminal") {
  const std::string text = side_by_side({{"a\x1b[2J", "b\u202E", "c\x07"}}, 40);
  CHECK_FALSE(text.contains('\x1b'));
  CHECK_FALSE(text.contains('\x07'));
  CHECK_FALSE(text.contains("\u202E"));
}

TEST_CASE("A line is broken at its last space that fits") {
  using Pieces = std::vector<std::string>;
  CHECK(broken_at("one two three", 8) == Pieces{"one two ", "three"});
  CHECK(broken_at("abcdef", 4) == Pieces{"abcd", "ef"});
  CHECK(broken_at("東京都", 3) == Pieces{"東", "京", "都"});
  CHECK(broken_at("", 4) == Pieces{""});
}

}  // namespace
}  // namespace patchbay::cli
