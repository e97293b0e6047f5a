// The groups of a report, and what is gathered of their rows. Pages may be taken in from several
// threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "gateway/reports/plan.h"
#include "gateway/reports/tally.h"

namespace patchbay::gateway::report {

struct Group {
  // What its rows have in common, by grouping.
  struct Part {
    std::string value;  // a JSON token, or of a date the label; "" for none
    std::string label;  // of a record its name, a JSON token
    std::optional<std::chrono::local_days> first;  // of a date
  };
  // Of so many rows the ids are kept, for whom the list's filters cannot tell apart.
  static constexpr std::size_t kMostIds = 25;

  std::vector<Part> parts;
  std::int64_t count = 0;
  std::vector<Tally> tallies;  // by measure
  std::vector<std::string> ids;

  void add(const Group& other);  // the rows of another
};

class Groups {
 public:
  Groups(const Plan& plan, const RowTime& time);

  // Rows of a page: those that pass the plan's tests are counted.
  void add(const std::vector<Row>& rows);

  // Once all are in. Of no rows there are no groups.
  const Group& total() const { return total_; }
  std::vector<Group>& groups() { return groups_; }
  Group empty() const;

 private:
  bool passes(const Row& row) const;
  std::vector<Group::Part> parts_of(const Row& row) const;
  void count(const Row& row, const std::vector<std::optional<Decimal>>& values, Group& into) const;

  const Plan& plan_;
  const RowTime time_;
  Mutex mutex_;
  Group total_;
  std::vector<Group> groups_;
  std::unordered_map<std::string, std::size_t> places_;  // by what the parts' values are
};

}  // namespace patchbay::gateway::report
