// Where a report's values come from: the cells of a row that are read, and what is made of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "catalog/tool.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "gateway/reports/query.h"
#include "integration/report.h"

namespace patchbay::gateway::report {

// A row that was read. Cells are JSON tokens; "" where the record has none.
struct Row {
  std::string id;
  std::vector<std::string> cells;
  std::vector<std::string> child;               // of the related record, where that is the row
  std::size_t parent = 0;                       // and the place of the one that it belongs to
  std::vector<std::optional<Decimal>> related;  // what relations gave, by slot
};

// The fields of a resource that are read, each once.
class Columns {
 public:
  std::size_t of(const std::string& path);
  const std::vector<std::string>& paths() const { return paths_; }

 private:
  std::vector<std::string> paths_;
};

// One value of a row.
struct Source {
  enum class Of : std::uint8_t { cell, child, slot };
  Of of = Of::cell;
  std::size_t at = 0;
  bool is_day = false;  // of a field without a time
};

// What a row has of an amount: a number, a duration in milliseconds, a time as those since 1970.
struct Evaluation {
  const integration::ReportAmount* amount = nullptr;
  struct Term {
    bool negative = false;
    std::optional<Decimal> constant;  // a factor of all rows
    std::vector<Source> factors;
  };
  std::vector<Term> terms;
  std::vector<Source> from;
  std::vector<Source> to;
  std::optional<std::pair<Source, std::string>> only;
  bool is_one = false;  // of a related record that is the row: how many it is
};

struct RowTime {
  const TimeZone& zone;
  WallTime now;
};
// Nothing: the row lacks what it is made of.
std::optional<Decimal> evaluate(const Evaluation& evaluation, const Row& row, const RowTime& time);
// A cell as a number, a time or a day. Nothing: it is none.
std::optional<Decimal> number_in(std::string_view cell);
std::optional<WallTime> time_in(std::string_view cell, bool is_day, const TimeZone& zone);
// A text's content without its quotes; other tokens as they are.
std::string_view bare(std::string_view cell);

// What is gathered of a relation's records for each record that they belong to.
struct RelatedPlan {
  std::size_t relation = 0;  // in the report
  const catalog::Tool* tool = nullptr;
  Columns columns;     // of its records
  std::size_t on = 0;  // the column that holds the id of the record they belong to
  std::optional<std::pair<Source, Source>> during;
  struct Slot {
    std::size_t at = 0;     // in Row::related
    Evaluation evaluation;  // over a row of which only `child` is there
  };
  std::vector<Slot> slots;
  json::Object span;    // what the call says of when they were, as the list takes it
  bool is_row = false;  // its records are the report's rows
};

// How a group is told by a row.
struct GroupColumn {
  const Grouping* grouping = nullptr;
  Source id;                    // or the value itself
  std::optional<Source> label;  // of a reference or record
};

struct Plan {
  const integration::Report* report = nullptr;
  Query query;
  Columns columns;
  std::vector<RelatedPlan> related;
  std::size_t slots = 0;
  std::vector<GroupColumn> groups;
  std::vector<std::optional<Evaluation>> measures;  // nothing: the rows are counted
  std::vector<Evaluation> where;
  // The relation whose records are the rows, since one of the groups is theirs.
  std::optional<std::size_t> row_relation;
  std::string notice;  // what a reader of the figures has to know
};

// `report` must live as long as the plan. Errors: invalid_argument (what cannot stand together),
// permission_denied (a relation that the server does not offer).
Outcome<Plan> make_plan(const Call& call, const integration::Report& report,
                        const Arguments& arguments, Query query);

}  // namespace patchbay::gateway::report
