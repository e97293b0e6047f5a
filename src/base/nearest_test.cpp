#include "base/nearest.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace patchbay {

namespace {

// The same by the book: a table.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) table[i][0] = i;
  std::iota(table[0].begin(), table[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1,
                              table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[a.size()][b.size()];
}

}  // namespace

TEST_CASE("the nearest name is the one with the fewest mistakes") {
  const std::vector<std::string> names = {"Triage", "Server Team", "Projects", "Sales"};
  CHECK(nearest("Traige", names, 1) == std::vector<std::string>{"Triage"});
  CHECK(nearest("server taem", names, 1) == std::vector<std::string>{"Server Team"});
  CHECK(nearest("team", names, 1) == std::vector<std::string>{"Server Team"});
  CHECK(nearest("xyzzy", names, 3).empty());
  CHECK(nearest("xyzzy", names, 3, true).size() == 3);
  CHECK(nearest("", names, 3).empty());
  CHECK(nearest("Triage", {}, 3).empty());
}

TEST_CASE("by chance and by the table, the same name comes first") {
  std::mt19937 random(11);
  const auto text = [&] {
    std::string out;
    for (auto size = 1 + random() % 64; size > 0; --size) {
      out += static_cast<char>('a' + random() % 3);
    }
    return out;
  };
  for (int round = 0; round < 3000; ++round) {
    const auto wanted = text();
    const std::vector<std::string> names = {text(), text()};
    const auto near = [&](const std::string& name) {
      const auto longer = std::max(name.size(), wanted.size());
      const auto off = distance(wanted, name);
      return off <= std::max<std::size_t>(2, longer * 2 / 5) && off != longer;
    };
    const bool inside = std::ranges::any_of(
        names, [&](const auto& name) { return name.contains(wanted) || wanted.contains(name); });
    if (inside) continue;
    CAPTURE(wanted);
    CAPTURE(names[0]);
    CAPTURE(names[1]);
    REQUIRE(nearest(wanted, names, 2).size() ==
            static_cast<std::size_t>(std::ranges::count_if(names, near)));
  }
}

TEST_CASE("names of any length are taken, compared by their first bytes") {
  const std::string letters(1000, 'a');
  const std::vector<std::string> names = {letters + "b", "b" + letters};
  CHECK(nearest(letters, names, 1) == std::vector<std::string>{letters + "b"});
}

}  // namespace patchbay
