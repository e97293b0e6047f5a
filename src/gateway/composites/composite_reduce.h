// What a composite makes of a list's records: conditions, exact sums, groups. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "integration/composite.h"
#include "json/value.h"

namespace patchbay::gateway {

// A condition whose value is known.
struct Test {
  const integration::Condition* condition = nullptr;
  json::Value value;
  // Of a field that holds days: where they begin and end. A day is from a time on if it is not over
  // by then, and before it if it has begun.
  const TimeZone* days = nullptr;
};

// Whether the record is like that; a missing field as the condition says.
bool passes(const json::Value& record, const Test& test);

// What a reduction depends on beside the records.
struct ReduceTerms {
  const integration::Reduction* reduction = nullptr;
  std::vector<Test> keep;
  std::vector<std::vector<Test>> where;  // of each value
  std::size_t records = 0;               // how many are given as well
  WallTime now;
};

// One value over records that come one by one.
class Tally {
 public:
  explicit Tally(const integration::Aggregate& aggregate) : aggregate_(&aggregate) {}
  void add(const json::Value& record);
  // Nothing: no record has it; or, of a sum, one lacks a factor, so that it would be wrong.
  std::optional<json::Value> value(WallTime now) const;
  bool is_incomplete() const { return incomplete_; }

 private:
  void add_to_sum(const json::Value& record);

  const integration::Aggregate* aggregate_;
  std::int64_t count_ = 0;
  std::optional<Decimal> sum_;
  std::optional<json::Value> extreme_;
  bool incomplete_ = false;
};

class Reducer {
 public:
  explicit Reducer(ReduceTerms terms);

  void add(json::Value record);
  // Once all were added, before anything is asked: which overlap is known only then.
  void settle();
  std::size_t seen() const { return seen_; }
  std::size_t kept() const { return kept_; }

  // What passed, for other parts of the answer.
  json::Array take_kept() { return std::move(kept_records_); }
  // The first records that passed, and the groups by name, greatest first.
  json::Array take_records() { return std::move(records_); }
  json::Object totals() const;
  std::vector<std::pair<std::string, json::Array>> groups() const;
  // Sums that are left out somewhere, since a record lacks what they need.
  std::vector<std::string> incomplete() const;

 private:
  struct Group {
    std::string key;  // its fields' values, references by id
    json::Object fields;
    std::vector<Tally> tallies;
  };
  void take(json::Value record);
  std::vector<Tally> new_tallies() const;
  void tally(std::vector<Tally>& tallies, const json::Value& record) const;
  json::Object written(const std::vector<Tally>& tallies) const;
  // The value by which groups stand.
  std::optional<json::Value> rank(const Group& group) const;

  ReduceTerms terms_;
  std::size_t seen_ = 0;
  std::size_t kept_ = 0;
  json::Array waiting_;  // what may overlap something that has not come yet
  json::Array records_;
  json::Array kept_records_;
  std::vector<Tally> totals_;
  // Of each of the reduction's groupings: the groups in the order of their coming, found by key.
  struct Grouping {
    std::vector<Group> groups;
    std::unordered_map<std::string, std::size_t> places;
  };
  std::vector<Grouping> groupings_;
};

// A JSON number, or a text that is one ("45.00"), as a decimal.
std::optional<Decimal> as_decimal(const json::Value& value);

}  // namespace patchbay::gateway
