#include "telemetry/usage_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "telemetry/exposition.h"

namespace patchbay::telemetry {
namespace {

// So seldom what has no row asks for one.
constexpr std::uint32_t kAskEach = 16;
// Seen less often, a stranger came by chance: each time stands for 16.
constexpr std::uint32_t kLeastSeen = 3;

std::size_t cells_of(const UsageTable::Column& column) {
  if (column.buckets != nullptr) return column.buckets->bounds.size() + 2;  // the rest, the sum
  return std::max<std::size_t>(1, column.values.size());
}

std::vector<std::size_t> offsets_of(const UsageTable::Columns& columns) {
  std::vector<std::size_t> offsets{0};
  for (const auto& column : columns) offsets.push_back(offsets.back() + cells_of(column));
  return offsets;
}

std::string label_text(std::string_view name, std::string_view value) {
  std::string out(name);
  out += "=\"";
  append_escaped(out, value, true);
  return out += '"';
}

}  // namespace

UsageTable::UsageTable(std::string_view label, Columns columns, std::size_t readers,
                       std::size_t most)
    : label_(label),
      columns_(std::move(columns)),
      offsets_(offsets_of(columns_)),
      most_(most),
      other_(offsets_.back()),
      readers_(readers),
      rows_(std::make_shared<const Rows>()) {}

UsageTable::~UsageTable() = default;

void UsageTable::Row::observe(std::size_t column, std::int64_t value) {
  const auto& bounds = table_.columns_[column].buckets->bounds;
  const auto bucket =
      static_cast<std::size_t>(std::ranges::lower_bound(bounds, value) - bounds.begin());
  add(column, 1, bucket);
  // The sum wraps like a signed number does in two's complement, and is read back as one.
  add(column, static_cast<std::uint64_t>(value), bounds.size() + 1);
}

UsageTable::Row UsageTable::of(Cells& cells) const {
  return {*this, cells.cells.get()};
}

UsageTable::Row UsageTable::row(std::size_t reader, std::string_view value) {
  assert(reader < readers_.size());
  Reader& mine = readers_[reader];
  if (mine.generation != generation_.load(std::memory_order_acquire)) {
    const MutexLock lock(mutex_);
    look_again(mine);
  }
  const auto found = mine.rows->find(value);
  if (found == mine.rows->end()) return of(admit(mine, value));
  found->second->used.fetch_add(1, std::memory_order_relaxed);
  return of(*found->second);
}

void UsageTable::look_again(Reader& reader) {
  reader.rows = rows_;
  reader.generation = generation_.load(std::memory_order_relaxed);
}

void UsageTable::publish(Rows rows) {
  rows_ = std::make_shared<const Rows>(std::move(rows));
  generation_.fetch_add(1, std::memory_order_release);
}

UsageTable::Cells& UsageTable::admit(Reader& reader, std::string_view value) {
  if (reader.rows->size() >= most_ && ++reader.strangers % kAskEach != 0) return other_;
  const MutexLock lock(mutex_);
  if (const auto known = rows_->find(value); known == rows_->end()) {
    if (rows_->size() >= most_) {
      const auto seen = strangers_.find(value);
      if (seen != strangers_.end()) {
        ++seen->second;
      } else if (strangers_.size() < most_) {
        strangers_.emplace(value, 1);
      }
      return other_;
    }
    Rows next = *rows_;
    next.emplace(value, std::make_shared<Cells>(offsets_.back()));
    publish(std::move(next));
  }
  look_again(reader);
  Cells& cells = *reader.rows->find(value)->second;
  cells.used.fetch_add(1, std::memory_order_relaxed);
  return cells;
}

void UsageTable::sweep(MonotonicTime now) {
  if (swept_ != MonotonicTime{} && now - swept_ < kBetweenSweeps) return;
  swept_ = now;
  Rows next = *rows_;
  std::vector<std::pair<std::uint32_t, std::string>> by_use;  // the least used first
  std::erase_if(next, [&](auto& entry) {
    Cells& cells = *entry.second;
    const std::uint32_t used = cells.used.exchange(0, std::memory_order_relaxed);
    if (used > 0 || cells.last_seen == MonotonicTime{}) cells.last_seen = now;
    if (now - cells.last_seen >= kIdle) return true;
    by_use.emplace_back(used, entry.first);
    return false;
  });
  bool changed = next.size() != rows_->size();
  std::ranges::sort(by_use);
  std::vector<std::pair<std::uint32_t, std::string>> waiting;  // the most used first
  for (auto& [value, seen] : strangers_) {
    if (seen >= kLeastSeen) waiting.emplace_back(seen * kAskEach, value);
  }
  std::ranges::sort(waiting, std::greater());
  strangers_.clear();
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (next.size() >= most_) {
      if (i >= by_use.size() || waiting[i].first <= 2 * by_use[i].first) break;
      next.erase(by_use[i].second);
    }
    next.emplace(waiting[i].second, std::make_shared<Cells>(offsets_.back()));
    changed = true;
  }
  if (changed) publish(std::move(next));
}

void UsageTable::expose(std::string& out, MonotonicTime now) {
  const MutexLock lock(mutex_);
  sweep(now);
  std::vector<std::pair<std::string_view, const Cells*>> rows;
  for (const auto& [value, cells] : *rows_) rows.emplace_back(value, cells.get());
  std::ranges::sort(rows);
  rows.emplace_back("other", &other_);
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    expose_column(out, column, rows);
  }
}

void UsageTable::expose_column(
    std::string& out, std::size_t column,
    const std::vector<std::pair<std::string_view, const Cells*>>& rows) const {
  const Column& what = columns_[column];
  append_family(out, what.name, what.help, what.buckets != nullptr ? "histogram" : "counter");
  for (const auto& [value, cells] : rows) {
    const std::string labels = label_text(label_, value);
    const auto read = [&](std::size_t cell) {
      return cells->cells[offsets_[column] + cell].load(std::memory_order_relaxed);
    };
    if (what.buckets != nullptr) {
      const std::size_t count = what.buckets->bounds.size() + 1;
      Histogram::Reading reading{std::vector<std::uint64_t>(count),
                                 static_cast<std::int64_t>(read(count))};
      std::uint64_t all = 0;
      for (std::size_t i = 0; i < count; ++i) all += reading.counts[i] = read(i);
      if (cells == &other_ && all == 0) continue;
      append_histogram(out, what.name, labels, reading, *what.buckets);
      continue;
    }
    for (std::size_t i = 0; i < cells_of(what); ++i) {
      const std::uint64_t counted = read(i);
      // Of a second label, only what was seen: most calls never end in most ways.
      if (counted == 0 && (!what.by.empty() || cells == &other_)) continue;
      append_sample(out, what.name, "",
                    what.by.empty() ? labels : labels + ',' + label_text(what.by, what.values[i]),
                    what.scale == 1 ? std::to_string(counted)
                                    : shown(static_cast<double>(counted) * what.scale));
    }
  }
}

}  // namespace patchbay::telemetry
