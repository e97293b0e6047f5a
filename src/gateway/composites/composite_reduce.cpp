#include "gateway/composites/composite_reduce.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/iso8601.h"
#include "base/text.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::Aggregate;

namespace {

const json::Value* present(const json::Value& record, std::string_view path) {
  const auto* value = json::find_at(record, path);
  return value != nullptr && !value->is_null() ? value : nullptr;
}

std::optional<WallTime> as_time(const json::Value& value) {
  const auto* text = value.if_string();
  if (text == nullptr) return std::nullopt;
  const auto time = parse_iso8601(*text, TimeZone::utc());
  return time ? std::optional(*time) : std::nullopt;
}

bool same(const json::Value& a, const json::Value& b) {
  const auto left = as_decimal(a);
  const auto right = as_decimal(b);
  if (left && right) return Decimal::compare(*left, *right) == 0;
  return a == b;
}

bool pass_all(const json::Value& record, const std::vector<Test>& tests) {
  return std::ranges::all_of(tests, [&](const Test& test) { return passes(record, test); });
}

// By number where both are, else as texts: times in UTC stand in the order of their texts.
int compare(const json::Value& a, const json::Value& b) {
  if (a.is_number() && b.is_number()) {
    return Decimal::compare(Decimal(a.if_number()->token()), Decimal(b.if_number()->token()));
  }
  const auto* left = a.if_string();
  const auto* right = b.if_string();
  if (left == nullptr || right == nullptr) return 0;
  return left->compare(*right);
}

// "7", as what a record names is known by.
std::string key_of(const json::Value& value) {
  const auto* id = value.find("id");
  return json::to_string(id != nullptr ? *id : value);
}

// By owner and beginning. One that has neither a beginning nor an end, or no length, overlaps none.
json::Array overlapping_of(json::Array records, const integration::Overlapping& by) {
  struct Span {
    std::string owner;
    WallTime from;
    WallTime to;
    std::size_t at = 0;
    bool overlaps = false;
  };
  std::vector<Span> spans;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto* owner = present(records[i], by.of);
    const auto* from = present(records[i], by.from);
    const auto* to = present(records[i], by.to);
    const auto begin = from != nullptr ? as_time(*from) : std::nullopt;
    const auto end = to != nullptr ? as_time(*to) : std::nullopt;
    if (owner == nullptr || !begin || !end || *end <= *begin) continue;
    spans.push_back({key_of(*owner), *begin, *end, i, false});
  }
  std::ranges::sort(spans, [](const Span& a, const Span& b) {
    return std::tie(a.owner, a.from, a.at) < std::tie(b.owner, b.from, b.at);
  });
  // Whatever overlaps something earlier overlaps the one of these that ends last.
  Span* last = nullptr;
  for (Span& span : spans) {
    if (last != nullptr && last->owner == span.owner && span.from < last->to) {
      span.overlaps = last->overlaps = true;
    }
    if (last == nullptr || last->owner != span.owner || span.to > last->to) last = &span;
  }
  json::Array out;
  for (const Span& span : spans) {
    if (span.overlaps) out.push_back(std::move(records[span.at]));
  }
  return out;
}

}  // namespace

bool passes(const json::Value& record, const Test& test) {
  const auto& condition = *test.condition;
  const auto* value = present(record, condition.field);
  if (condition.test == integration::Condition::Test::shorter_than) {
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    const auto length = text != nullptr ? count_characters(trim(*text)) : 0;
    return static_cast<std::int64_t>(length) < test.value.as_int64().value_or(0);
  }
  if (value == nullptr) return condition.or_missing;
  if (condition.test == integration::Condition::Test::equal) return same(*value, test.value);
  if (condition.test == integration::Condition::Test::one_of) {
    const auto* several = test.value.if_array();
    return several == nullptr ? same(*value, test.value)
                              : std::ranges::any_of(*several, [&](const json::Value& one) {
                                  return same(*value, one);
                                });
  }
  auto time = as_time(*value);
  if (condition.test == integration::Condition::Test::before_field) {
    const auto* other = present(record, test.value.if_string() ? *test.value.if_string() : "");
    const auto end = other != nullptr ? as_time(*other) : std::nullopt;
    return other == nullptr || (time && end && *time < *end);
  }
  auto bound = as_time(test.value);
  if (!time || !bound) return false;
  if (test.days != nullptr) {
    using std::chrono::days;
    time = std::chrono::floor<days>(*time);
    bound = WallTime(test.days->to_local(*bound).time_since_epoch());
    if (condition.test == integration::Condition::Test::from)
      bound = std::chrono::floor<days>(*bound);
  }
  return condition.test == integration::Condition::Test::from ? *time >= *bound : *time < *bound;
}

std::optional<Decimal> as_decimal(const json::Value& value) {
  if (const auto* number = value.if_number()) return Decimal(number->token());
  const auto* text = value.if_string();
  if (text == nullptr || !is_number_token(trim(*text))) return std::nullopt;
  return Decimal(trim(*text));
}

void Tally::add_to_sum(const json::Value& record) {
  std::optional<Decimal> product;
  for (const auto& field : aggregate_->fields) {
    const auto* value = present(record, field);
    const auto factor = value != nullptr ? as_decimal(*value) : std::nullopt;
    product = !factor ? std::nullopt : product ? Decimal::product(*product, *factor) : factor;
    if (!product) break;
  }
  if (product && sum_) product = Decimal::sum(*sum_, *product);
  if (!product) {
    incomplete_ = true;
  } else {
    sum_ = std::move(product);
  }
}

void Tally::add(const json::Value& record) {
  ++count_;
  if (aggregate_->kind == Aggregate::Kind::count) return;
  if (aggregate_->kind == Aggregate::Kind::sum) {
    add_to_sum(record);
    return;
  }
  const auto* value = present(record, aggregate_->fields.front());
  if (value == nullptr) return;
  const bool greatest = aggregate_->kind == Aggregate::Kind::max;
  const int order = extreme_ ? compare(*value, *extreme_) : 0;
  if (!extreme_ || (greatest ? order > 0 : order < 0)) extreme_ = *value;
}

std::optional<json::Value> Tally::value(WallTime now) const {
  switch (aggregate_->kind) {
    case Aggregate::Kind::count:
      return count_;
    case Aggregate::Kind::sum: {
      if (incomplete_) return std::nullopt;
      if (!sum_) return 0;
      const auto plain = sum_->plain();
      return plain ? std::optional<json::Value>(json::Number(*plain)) : std::nullopt;
    }
    case Aggregate::Kind::age: {
      const auto time = extreme_ ? as_time(*extreme_) : std::nullopt;
      if (!time) return std::nullopt;
      return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::days>(now - *time).count());
    }
    default:
      return extreme_;
  }
}

Reducer::Reducer(ReduceTerms terms)
    : terms_(std::move(terms)), groupings_(terms_.reduction->groups.size()) {
  totals_ = new_tallies();
}

std::vector<Tally> Reducer::new_tallies() const {
  std::vector<Tally> tallies;
  for (const auto& value : terms_.reduction->values) tallies.emplace_back(value);
  return tallies;
}

void Reducer::tally(std::vector<Tally>& tallies, const json::Value& record) const {
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    if (pass_all(record, terms_.where[i])) tallies[i].add(record);
  }
}

void Reducer::add(json::Value record) {
  ++seen_;
  if (!pass_all(record, terms_.keep)) return;
  if (terms_.reduction->overlapping) {
    waiting_.push_back(std::move(record));
  } else {
    take(std::move(record));
  }
}

void Reducer::settle() {
  if (!terms_.reduction->overlapping) return;
  for (auto& record : overlapping_of(std::exchange(waiting_, {}), *terms_.reduction->overlapping)) {
    take(std::move(record));
  }
}

void Reducer::take(json::Value record) {
  ++kept_;
  tally(totals_, record);
  for (std::size_t i = 0; i < groupings_.size(); ++i) {
    std::string key;
    json::Object fields;
    for (const auto& field : terms_.reduction->groups[i].second) {
      const auto* value = present(record, field);
      key += value == nullptr ? "-" : key_of(*value);
      key += '\n';
      fields.append(field, value != nullptr ? *value : json::Value());
    }
    auto& grouping = groupings_[i];
    const auto [place, is_new] = grouping.places.try_emplace(key, grouping.groups.size());
    if (is_new) grouping.groups.push_back({std::move(key), std::move(fields), new_tallies()});
    tally(grouping.groups[place->second].tallies, record);
  }
  if (!terms_.reduction->kept.empty()) kept_records_.push_back(record);
  if (records_.size() < terms_.records) records_.push_back(std::move(record));
}

json::Object Reducer::written(const std::vector<Tally>& tallies) const {
  json::Object out;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    if (auto value = tallies[i].value(terms_.now)) {
      out.append(terms_.reduction->values[i].name, std::move(*value));
    }
  }
  return out;
}

json::Object Reducer::totals() const {
  return written(totals_);
}

std::optional<json::Value> Reducer::rank(const Group& group) const {
  for (std::size_t i = 0; i < group.tallies.size(); ++i) {
    if (terms_.reduction->values[i].name == terms_.reduction->order) {
      return group.tallies[i].value(terms_.now);
    }
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, json::Array>> Reducer::groups() const {
  std::vector<std::pair<std::string, json::Array>> out;
  for (std::size_t i = 0; i < groupings_.size(); ++i) {
    std::vector<std::pair<std::optional<json::Value>, const Group*>> ranked;
    for (const auto& group : groupings_[i].groups) ranked.emplace_back(rank(group), &group);
    // Greatest first; those without the value last.
    std::ranges::sort(ranked, [](const auto& a, const auto& b) {
      if (a.first.has_value() != b.first.has_value()) return a.first.has_value();
      const int order = a.first ? compare(*a.first, *b.first) : 0;
      return order != 0 ? order > 0 : a.second->key < b.second->key;
    });
    json::Array list;
    for (const auto& [value, group] : ranked) {
      json::Object entry = group->fields;
      for (auto& [name, found] : written(group->tallies)) entry.append(name, std::move(found));
      list.emplace_back(std::move(entry));
    }
    out.emplace_back(terms_.reduction->groups[i].first, std::move(list));
  }
  return out;
}

std::vector<std::string> Reducer::incomplete() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    if (totals_[i].is_incomplete()) names.push_back(terms_.reduction->values[i].name);
  }
  return names;
}

}  // namespace patchbay::gateway
