// What is gathered of one amount over the rows of a group: exact, and no larger for more rows, save
// for the middle of what is ordered, which needs each value that is another. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "base/decimal.h"

namespace patchbay::gateway::report {

class Tally {
 public:
  // `keeps_values`: whether median and p90 will be asked for.
  explicit Tally(bool keeps_values) : keeps_values_(keeps_values) {}

  void add(const Decimal& value);
  // What another has gathered, of other rows.
  void add(const Tally& other);

  std::int64_t count() const { return count_; }
  // Nothing: there are no values; or, of the sum, they are no amounts (base/decimal.h).
  std::optional<Decimal> sum() const;
  std::optional<Decimal> least() const { return least_; }
  std::optional<Decimal> greatest() const { return greatest_; }
  // The one in the middle, or the mean of the two there.
  std::optional<Decimal> median() const;
  // The least one that nine tenths of all do not exceed.
  std::optional<Decimal> p90() const;

 private:
  struct Less {
    bool operator()(const Decimal& a, const Decimal& b) const { return Decimal::compare(a, b) < 0; }
  };
  // The value at that place of all in their order, from 0.
  const Decimal* at(std::int64_t place) const;
  void add_to_sum(const std::optional<Decimal>& value);

  bool keeps_values_;
  std::int64_t count_ = 0;
  std::optional<Decimal> sum_;
  bool no_sum_ = false;
  std::optional<Decimal> least_;
  std::optional<Decimal> greatest_;
  std::map<Decimal, std::int64_t, Less> values_;  // how often each
};

}  // namespace patchbay::gateway::report
