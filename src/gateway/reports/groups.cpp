#include "gateway/reports/groups.h"

#include <algorithm>

namespace patchbay::gateway::report {

using integration::ReportDimension;

void Group::add(const Group& other) {
  count += other.count;
  for (std::size_t i = 0; i < tallies.size(); ++i) tallies[i].add(other.tallies[i]);
}

Groups::Groups(const Plan& plan, const RowTime& time) : plan_(plan), time_(time), total_(empty()) {}

Group Groups::empty() const {
  Group group;
  for (const auto& measure : plan_.query.measures)
    group.tallies.emplace_back(measure.needs_values());
  return group;
}

bool Groups::passes(const Row& row) const {
  for (std::size_t i = 0; i < plan_.where.size(); ++i) {
    const auto& test = plan_.query.where[i];
    const auto value = evaluate(plan_.where[i], row, time_);
    if (!test.value) {
      const bool is_none = !value.has_value();
      if (is_none != (test.comparison == Comparison::equal)) return false;
      continue;
    }
    if (!value || !holds(test.comparison, Decimal::compare(*value, *test.value))) return false;
  }
  return true;
}

std::vector<Group::Part> Groups::parts_of(const Row& row) const {
  std::vector<Group::Part> parts;
  const auto cell = [&](const Source& source) {
    const auto& cells = source.of == Source::Of::child ? row.child : row.cells;
    return source.at < cells.size() ? cells[source.at] : std::string();
  };
  for (const auto& column : plan_.groups) {
    Group::Part part;
    const auto kind = column.grouping->dimension->kind;
    if (kind == ReportDimension::Kind::time || kind == ReportDimension::Kind::day) {
      const auto moment = time_in(cell(column.id), column.id.is_day, time_.zone);
      if (moment) {
        const auto day = std::chrono::floor<std::chrono::days>(time_.zone.to_local(*moment));
        part.first = span_of(day, column.grouping->step).from;
        part.value = label_of(*part.first, column.grouping->step);
      }
    } else {
      part.value = cell(column.id);
      if (column.label) part.label = cell(*column.label);
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

void Groups::count(const Row& row, const std::vector<std::optional<Decimal>>& values,
                   Group& into) const {
  ++into.count;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i]) into.tallies[i].add(*values[i]);
  }
  if (!plan_.where.empty() && into.ids.size() <= Group::kMostIds) into.ids.push_back(row.id);
}

void Groups::add(const std::vector<Row>& rows) {
  const MutexLock lock(mutex_);
  for (const auto& row : rows) {
    if (!passes(row)) continue;
    std::vector<std::optional<Decimal>> values;
    for (const auto& measure : plan_.measures) {
      values.push_back(measure ? evaluate(*measure, row, time_) : std::nullopt);
    }
    count(row, values, total_);
    if (plan_.groups.empty()) continue;
    auto parts = parts_of(row);
    std::string key;
    for (const auto& part : parts) key += part.value + '\n';
    const auto [place, is_new] = places_.try_emplace(std::move(key), groups_.size());
    if (is_new) {
      groups_.push_back(empty());
      groups_.back().parts = std::move(parts);
    }
    count(row, values, groups_[place->second]);
  }
}

}  // namespace patchbay::gateway::report
