// What the records of a list can be counted and added up by, in place of being given
// (docs/authoring-integrations.md, "reports/<name>.yaml").
//
// It stands with the argument that asks for it, as a keyword of that argument's schema that tools
// do not show: whoever has the list's method has it, and nobody else pays for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/model.h"
#include "json/value.h"

namespace patchbay::integration {

// What groups are made of.
struct ReportDimension {
  enum class Kind : std::uint8_t {
    value,      // a text, a number or a boolean
    reference,  // the record that the field names, by its id
    time,       // a moment, by the day, week, month, quarter or year that it is in
    day,        // the same of a field without a time
    record,     // each record by itself; `field` is what it is called by
  };
  std::string name;
  Kind kind = Kind::value;
  std::string field;
  std::optional<std::size_t> relation;  // whose records have it; nothing: those of the list
};

// A product of factors. A factor is a field of the record, or an amount of a relation.
struct ReportTerm {
  bool negative = false;
  std::vector<std::string> factors;
};

// What can be added up, averaged and compared.
struct ReportAmount {
  enum class Kind : std::uint8_t {
    count,   // of a relation: its records
    number,  // the sum of `terms`
    hours,   // from the latest of `from` to the first of `to` that there is
    days,
    time,  // a moment (`from`, one): the first and the last can be told, nothing added
  };
  // Which records of a relation count for a time.
  enum class When : std::uint8_t { any, past, ahead };
  std::string name;
  Kind kind = Kind::number;
  std::vector<ReportTerm> terms;
  std::vector<std::string> from;
  std::vector<std::string> to;
  bool to_now = false;       // where there is none of `to`
  bool if_positive = false;  // else there is no value: what is not overdue has no days overdue
  std::optional<std::size_t> relation;
  std::optional<std::pair<std::string, std::string>> only;  // where that field has that text
  // Of a relation's time: the last of its records', or the first.
  bool latest = true;
  When when = When::any;

  bool is_duration() const { return kind == Kind::hours || kind == Kind::days; }
};

// Records of another list that belong to a record of this one.
struct ReportRelation {
  std::string name;      // "time"
  std::string resource;  // whose list has them, or whose get has the one that there is
  std::string method = "list";
  std::vector<std::pair<std::string, json::Value>> with;  // arguments that the list is always given
  std::string on;    // the field of its records that holds the id of the record they belong to …
  std::string path;  // … or the argument of the list's path that takes it
  // Two days of its records between which they count, each open where it is not there.
  std::optional<std::pair<std::string, std::string>> during;
  // What goes on all the time is asked for of a span: arguments of the report, and what each is to
  // the list. Not listed; told by whoever leaves them out.
  std::vector<std::pair<std::string, std::string>> span;
};

// A list is read for a report up to so many rows, unless the report says otherwise.
inline constexpr std::int64_t kMostReportRows = 50'000;

struct Report {
  std::int64_t most_rows = kMostReportRows;
  std::vector<ReportDimension> dimensions;
  std::vector<ReportAmount> amounts;
  std::vector<ReportRelation> relations;
};

// The argument's schema has the report from then on.
inline constexpr std::string_view kReportKeyword = "x-report";
// The schema of an argument that is a relation's span has this.
inline constexpr std::string_view kSpanKeyword = "x-report-span";
void keep_report(const Report& report, Argument& argument);
// Of a list's method, read anew. Nothing: it gives none.
std::optional<Report> report_of(const Method& method);
bool has_report(const Method& method);
std::vector<ReportRelation> report_relations(const Method& method);

// The arguments of a list that ask for one.
inline constexpr const char* kGroupBy = "groupBy";
inline constexpr const char* kMeasures = "measures";
inline constexpr const char* kWhere = "where";
inline constexpr const char* kHaving = "having";

}  // namespace patchbay::integration
