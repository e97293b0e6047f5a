#include "gateway/reports/tally.h"

namespace patchbay::gateway::report {

void Tally::add_to_sum(const std::optional<Decimal>& value) {
  if (!value || no_sum_) {
    no_sum_ = true;
    return;
  }
  sum_ = sum_ ? Decimal::sum(*sum_, *value) : value;
  no_sum_ = !sum_;
}

void Tally::add(const Decimal& value) {
  ++count_;
  add_to_sum(value);
  if (!least_ || Decimal::compare(value, *least_) < 0) least_ = value;
  if (!greatest_ || Decimal::compare(value, *greatest_) > 0) greatest_ = value;
  if (keeps_values_) ++values_[value];
}

void Tally::add(const Tally& other) {
  if (other.count_ == 0) return;
  count_ += other.count_;
  add_to_sum(other.sum());
  if (!least_ || Decimal::compare(*other.least_, *least_) < 0) least_ = other.least_;
  if (!greatest_ || Decimal::compare(*other.greatest_, *greatest_) > 0) greatest_ = other.greatest_;
  for (const auto& [value, times] : other.values_) values_[value] += times;
}

std::optional<Decimal> Tally::sum() const {
  return no_sum_ ? std::nullopt : sum_;
}

const Decimal* Tally::at(std::int64_t place) const {
  for (const auto& [value, times] : values_) {
    if (place < times) return &value;
    place -= times;
  }
  return nullptr;
}

std::optional<Decimal> Tally::median() const {
  const auto* upper = at(count_ / 2);
  if (upper == nullptr) return std::nullopt;
  const auto* lower = count_ % 2 == 0 ? at(count_ / 2 - 1) : upper;
  const auto both = Decimal::sum(*lower, *upper);
  if (!both) return std::nullopt;
  return Decimal::product(*both, Decimal("0.5"));
}

std::optional<Decimal> Tally::p90() const {
  const auto* found = at((count_ * 9 + 9) / 10 - 1);
  if (found == nullptr) return std::nullopt;
  return *found;
}

}  // namespace patchbay::gateway::report
