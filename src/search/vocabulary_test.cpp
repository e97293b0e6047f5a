#include "search/vocabulary.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace patchbay::search {
namespace {

TEST_CASE("letters that differ are counted, and swapped ones once") {
  CHECK(edit_distance("ticket", "ticket", 2) == 0);
  CHECK(edit_distance("tikcet", "ticket", 2) == 1);
  CHECK(edit_distance("tickt", "ticket", 2) == 1);
  CHECK(edit_distance("agrement", "agreement", 2) == 1);
  CHECK(edit_distance("board", "ticket", 2) == 3);
  CHECK(edit_distance("", "ab", 2) == 2);
  CHECK(edit_distance(std::string(1'000, 'a'), "a", 2) == 3);
}

TEST_CASE("a misspelt word is told with what it was meant to be") {
  const Vocabulary words({"agreement", "board", "company", "configuration", "ticket", "time"});
  const auto nearest = [&](std::string_view word) {
    const auto near = words.near(word);
    return near.empty() ? std::string() : words.text(near.front().word);
  };
  CHECK(nearest("tikcet") == "ticket");
  CHECK(nearest("agrement") == "agreement");
  CHECK(nearest("cmopany") == "company");
  CHECK(nearest("config") == "configuration");
  CHECK(nearest("zebra").empty());
  CHECK(nearest("tim").empty());  // too short to say
  CHECK(words.find("board").has_value());
  CHECK(!words.find("boards").has_value());
  CHECK(Vocabulary().near("anything").empty());
}

}  // namespace
}  // namespace patchbay::search
