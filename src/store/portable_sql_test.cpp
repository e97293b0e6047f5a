// The statements keep to what CockroachDB and Citus take of PostgreSQL's language, so that what
// stands in the way of either is what docs/scaling.md names, and nothing that grew unseen.
// https://www.cockroachlabs.com/docs/stable/postgresql-compatibility
// https://docs.citusdata.com/en/stable/develop/reference_workarounds.html
#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "base/text.h"
#include "store/statements.h"

namespace patchbay::store {
namespace {

// What one of them has not: rules, recursion over shards, samples, locks of tables or of many rows,
// columns of the system's own, sequences, temporary tables.
constexpr std::array<std::string_view, 14> kElsewhereUnknown{
    "recursive", "tablesample", "grouping", "cube",    "rollup", "lateral",   "lock",
    "ctid",      "xmin",        "nextval",  "currval", "serial", "temporary", "skip"};

constexpr std::array<std::string_view, 11> kFunctions{
    "array", "cast", "coalesce", "count", "json_array_elements_text", "left", "length",
    "lower", "max",  "min",      "sum"};

// Why, as docs/scaling.md has it.
constexpr std::array<std::string_view, 1> kNamed{"pg_notify"};

bool is_in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// {word, whether a parenthesis opens right after it}, without what stands in quotes.
template <class See>
void each_word(std::string_view sql, See see) {
  for (std::size_t at = 0; at < sql.size();) {
    if (sql[at] == '\'') {
      at = sql.find('\'', at + 1);
      REQUIRE(at != sql.npos);
      ++at;
    } else if (is_in_word(sql[at])) {
      std::size_t end = at;
      while (end < sql.size() && is_in_word(sql[end])) ++end;
      see(to_lower(sql.substr(at, end - at)), end < sql.size() && sql[end] == '(');
      at = end;
    } else {
      ++at;
    }
  }
}

TEST_CASE("PostgreSQL: statements keep to what databases that divide themselves take") {
  std::set<std::string> named;
  for (const Statement& statement : statements()) {
    const std::string_view sql = statement.postgres.text();
    CAPTURE(sql);
    each_word(sql, [&](const std::string& word, bool is_called) {
      CAPTURE(word);
      CHECK(std::ranges::find(kElsewhereUnknown, word) == kElsewhereUnknown.end());
      if (!is_called || std::ranges::find(kFunctions, word) != kFunctions.end()) return;
      CHECK(std::ranges::find(kNamed, word) != kNamed.end());
      named.insert(word);
    });
    // A row that is found by its key may be held: it is of one shard.
    if (sql.find("FOR UPDATE") != sql.npos) CHECK(sql.find("WHERE id = $1 FOR UPDATE") != sql.npos);
  }
  CHECK(named.size() == kNamed.size());
}

TEST_CASE("docs/scaling.md names what stands in the way") {
  std::ifstream file(std::string(PATCHBAY_SOURCE_DIR) + "/docs/scaling.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const std::string_view name : kNamed) CHECK(text.find(name) != std::string::npos);
}

}  // namespace
}  // namespace patchbay::store
