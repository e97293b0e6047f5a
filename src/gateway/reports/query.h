// What a report is asked for: groups, measures and conditions, read from the caller's words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "gateway/reports/buckets.h"
#include "integration/report.h"

namespace patchbay::gateway::report {

struct Grouping {
  const integration::ReportDimension* dimension = nullptr;
  Step step = Step::day;
  std::string name;  // as the answer calls it: "board", "created:month"
};

struct Measure {
  enum class Kind : std::uint8_t { count, sum, average, least, greatest, median, p90 };
  Kind kind = Kind::count;
  bool share = false;                                 // of that in all rows, in percent
  const integration::ReportAmount* amount = nullptr;  // null: the rows are counted
  std::string name;                                   // "count", "sum actualHours"

  bool needs_values() const { return kind == Kind::median || kind == Kind::p90; }
};

enum class Comparison : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal
};
// Whether that holds of how the first compares with the second (negative, 0, positive).
bool holds(Comparison comparison, int order);

// What one of an amount is, as people say it, in what rows have of it: an hour is 3,600,000.
Decimal unit_of(const integration::ReportAmount& amount);

struct RowTest {
  const integration::ReportAmount* amount = nullptr;
  Comparison comparison = Comparison::equal;
  std::optional<Decimal> value;  // in what rows have of it; nothing: that there is none
  std::string said;
};

struct GroupTest {
  std::size_t measure = 0;  // of Query::measures
  Comparison comparison = Comparison::equal;
  Decimal value = Decimal("0");
};

struct Query {
  std::vector<Grouping> by;
  std::vector<Measure> measures;
  std::size_t shown = 0;  // the first of them; the others are there for tests and the order
  std::vector<RowTest> where;
  std::vector<GroupTest> having;
  bool ordered_by_group = false;
  std::size_t order = 0;  // the place in `by` or in `measures`
  bool descending = true;
  std::int64_t most_groups = 0;
};

// Errors: invalid_argument with the nearest names.
Outcome<Query> read_query(const Call& call, const integration::Report& report,
                          const Arguments& arguments);

}  // namespace patchbay::gateway::report
