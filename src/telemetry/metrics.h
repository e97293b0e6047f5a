// Counters, gauges and histograms, and their Prometheus text.
//
// A series (a name with its labels) is registered once, under a lock, and is then a plain object
// that lives as long as its Metrics. Counting takes no lock: each series keeps kShards cells, a
// cache line each, and a thread always uses the same one, so that event loops do not contend.
// Hold on to what registration returns; do not register on the way of a call.
//
// Rejected: prometheus-cpp (a mutex on each family's look-up, and a shared library more).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace patchbay::telemetry {

// More event loops than this share cells, which costs time and no correctness.
inline constexpr std::size_t kShards = 8;

namespace detail {
// The calling thread's cell, by order of first use.
std::size_t shard();
}  // namespace detail

// Only goes up.
class Counter {
 public:
  void add(std::uint64_t by = 1) {
    cells_[detail::shard()].count.fetch_add(by, std::memory_order_relaxed);
  }
  std::uint64_t value() const;

 private:
  struct alignas(64) Cell {
    std::atomic<std::uint64_t> count{0};
  };
  std::array<Cell, kShards> cells_;
};

// Goes up and down: open connections, calls in progress.
class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t by) { value_.fetch_add(by, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Upper bounds of a histogram's buckets, ascending and inclusive, in whole units; the text shows
// each bound times `scale`.
struct Buckets {
  std::span<const std::int64_t> bounds;
  double scale;
};

// 100 us to 60 s (the upstream's deadline), observed in microseconds and shown in seconds.
extern const Buckets kDurations;
// Fewer, 25 ms to 30 s: where there are many series.
extern const Buckets kCoarseDurations;

class Histogram {
 public:
  explicit Histogram(Buckets buckets);
  void observe(std::int64_t value);

  struct Reading {
    std::vector<std::uint64_t> counts;  // one a bucket, the last one beyond all bounds
    std::int64_t sum = 0;
  };
  Reading read() const;
  const Buckets& buckets() const { return buckets_; }

 private:
  std::atomic<std::uint64_t>& cell(std::size_t shard, std::size_t index) const {
    return cells_[shard * stride_ + index];
  }
  Buckets buckets_;
  std::size_t stride_;  // cells of one shard: the buckets, the rest, the sum; whole cache lines
  std::unique_ptr<std::atomic<std::uint64_t>[]> cells_;
};

using Labels = std::vector<std::pair<std::string, std::string>>;

class Metrics {
 public:
  // At most this many series a name. A tenant-made value (a tool of an imported integration) must
  // not fill the memory: later ones share a series whose labels are all "other".
  static constexpr std::size_t kMaxSeries = 10'000;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The same name and labels give the same series; the first caller's help stands. Asserts that a
  // name is of one kind, and that it and its labels' names are [a-z_][a-z0-9_]*. Tokens in labels'
  // values are redacted. Thread-safe.
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, const Buckets& buckets,
                       Labels labels = {});

  // Further series, which append their own text (usage_table.h). They are asked in expose().
  void add(std::function<void(std::string& out)> further);

  // Prometheus text format 0.0.4 ("text/plain; version=0.0.4"), ordered by name and labels, but for
  // further ones, which come last. Readings of one call are not of one instant.
  std::string expose() const;

 private:
  struct Family;
  template <class Series, class Make>
  Series& find_or_make(std::string_view name, std::string_view help, Labels labels, Make make);

  mutable Mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_ PATCHBAY_GUARDED_BY(mutex_);
  std::vector<std::function<void(std::string&)>> further_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::telemetry
