// A composite: a method that is no request of its own but several calls of other methods, whose
// answers it gives as one (docs/authoring-integrations.md, "Composites").
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/value.h"

namespace patchbay::integration {

struct WorkTime;  // integration/work_time.h

// What a step is given, before the composite is called.
struct StepValue {
  enum class From : std::uint8_t {
    constant,
    argument,     // `name` of the composite's; not given and without a default: nothing
    record,       // what an earlier step (`name`) returned, at `path` ("company/id")
    records,      // a test's values: what all have at `path` that an earlier list (`name`) kept
    days_ago,     // the time so many days ago: `constant`, or the argument `name`
    hours_ahead,  // the time in so many hours, likewise
    chosen,       // the id of one of the records that an earlier list (`name`) returned
  };
  From from = From::constant;
  json::Value constant;
  std::string name;
  std::string path;
  // chosen: the argument that says which, by id or by what it is called; else the record of an
  // earlier step, at `path`, has its id; else it is the only one there.
  std::string named;
  std::string preferred;  // that step; empty: none is preferred
};

// What a record must be like, where the API's filter language cannot say it.
struct Condition {
  enum class Test : std::uint8_t {
    equal,
    shorter_than,  // a text in characters, without blanks around it; a missing one has none
    from,          // a time: not before
    before,        // a time
    before_field,  // a time, before that of the record's field whose name is the value, if it has
                   // one
    one_of,        // of several values
  };
  std::string field;
  Test test = Test::equal;
  StepValue value;          // nothing: the condition holds
  bool or_missing = false;  // a record without the field passes
};

// One value over the records of a list.
struct Aggregate {
  enum class Kind : std::uint8_t {
    count,
    sum,  // of the product of `fields`, exact
    min,
    max,
    age,  // whole days since the earliest time
  };
  std::string name;
  Kind kind = Kind::count;
  std::vector<std::string> fields;
  std::vector<Condition> where;
};

// Of records with a beginning and an end, those that overlap another of the same owner.
struct Overlapping {
  std::string from;  // "dateStart"
  std::string to;
  std::string of;  // "member"
};

// How the records of a list are summed up instead of being given as a page.
struct Reduction {
  std::int64_t read_at_most = 1'000;  // records; more are told of, and not read
  std::vector<Condition> keep;
  std::optional<Overlapping> overlapping;  // of those kept; then these alone count
  std::vector<Aggregate> values;           // over all records, and within each group
  // Name → fields whose values together make a group.
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  std::string order;                 // the value by which groups stand, greatest first
  std::optional<StepValue> records;  // how many of the records are given as well; none: none
  // What of each record is kept for other parts of the answer (WorkTime); empty: nothing.
  std::vector<std::string> kept;
};

// In place of one call one for each value that the records of an earlier step have at `path`.
struct Each {
  std::string argument;  // that takes the value: "holidayListId"
  std::string step;      // whose `reduce` keeps them
  std::string path;      // "holidayList/id"
};

// A call of another method: a list or a get; of a composite that writes, a create or an update too.
struct CompositeStep {
  std::string name;  // the answer's member
  std::string resource;
  std::string method;
  std::vector<std::pair<std::string, StepValue>> with;
  bool optional = false;  // what is refused or out of a server's scope is left out, and told
  std::vector<std::string> given;  // only where one of these arguments is given; empty: always
  std::optional<Each> each;
  std::optional<Reduction> reduce;
  bool shown = true;  // false: the answer has no part of it, only what others make of it
};

// A sum over what the steps found: "agreement.billAmount + additions.price - time.cost".
struct Figure {
  struct Term {
    bool negative = false;
    std::string step;  // empty: an earlier figure
    std::string path;  // of its record, or a value over all of its records
  };
  std::string name;
  std::vector<Term> terms;
};

// What steps found counts in the figures only while a record is like this; else as 0, and why is
// told.
struct CountWhen {
  std::string step;  // whose record
  std::vector<Condition> holds;
  std::vector<std::string> counted;  // the steps
  std::string otherwise;
};

struct Composite {
  std::vector<CompositeStep> steps;
  bool writes = false;  // some of its steps do, after all others and in their order
  std::map<std::string, StepValue> defaults;  // by argument; a constant or a time
  // The arguments that begin and end a span, if it has one: the first must be before the second.
  std::optional<std::pair<std::string, std::string>> span;
  std::optional<CountWhen> count_when;
  std::vector<Figure> figures;
  std::shared_ptr<const WorkTime> work_time;  // null: none
  std::string notice;                         // told with every answer
};

}  // namespace patchbay::integration
