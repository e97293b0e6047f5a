// Series whose label has many values that come and go: MCP servers, accounts, tools.
//
// A row holds all that is counted of one value. The first kMost values that are used get rows of
// their own; all others are counted together in the row "other". At each reading, a minute or more
// after the last, what is used more than twice as much without a row gets that of the least used,
// and a row that was not used for a day goes. So a counter only ever goes up while its series is
// there, "other" too.
//
// Counting takes no lock: each reader (an event loop) keeps its own pointer to the present table,
// and looks for a newer one only when a counter has moved. The exception is a value without a row,
// at one in 16 of its calls, which is how it is seen that it deserves one.
//
// A row has a cell of 8 bytes for each counter and bucket: that of a server about 200 bytes, those
// of 500 servers 100 KB.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "telemetry/metrics.h"

namespace patchbay::telemetry {

class UsageTable {
 public:
  struct Column {
    std::string_view name;
    std::string_view help;
    // Counters: a second label and its values, if it has one; what is counted, times `scale`, is
    // what is shown.
    std::string_view by = {};
    std::vector<std::string_view> values = {};
    double scale = 1;
    const Buckets* buckets = nullptr;  // a histogram
  };
  using Columns = std::vector<Column>;

  static constexpr std::chrono::minutes kBetweenSweeps{1};
  static constexpr std::chrono::hours kIdle{24};

  // `label`: what rows are told apart by. `readers`: as many threads count, each with its index.
  // `most`: rows, but for "other".
  UsageTable(std::string_view label, Columns columns, std::size_t readers, std::size_t most);
  ~UsageTable();

  class Row {
   public:
    // Of a counter; `value`: of its second label, by its place.
    void add(std::size_t column, std::uint64_t by = 1, std::size_t value = 0) {
      cells_[table_.offsets_[column] + value].fetch_add(by, std::memory_order_relaxed);
    }
    // Of a histogram.
    void observe(std::size_t column, std::int64_t value);

   private:
    friend class UsageTable;
    Row(const UsageTable& table, std::atomic<std::uint64_t>* cells)
        : table_(table), cells_(cells) {}
    const UsageTable& table_;
    std::atomic<std::uint64_t>* cells_;
  };
  // Only on that reader's thread; valid until it asks again.
  Row row(std::size_t reader, std::string_view value);

  // Appends the Prometheus text. Thread-safe. `now`: by which rows grow old.
  void expose(std::string& out, MonotonicTime now);

 private:
  struct Cells {
    explicit Cells(std::size_t count) : cells(new std::atomic<std::uint64_t>[count]()) {}
    std::unique_ptr<std::atomic<std::uint64_t>[]> cells;
    std::atomic<std::uint32_t> used = 0;  // since the last sweep
    MonotonicTime last_seen{};            // at a sweep
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  template <class T>
  using ByValue = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
  using Rows = ByValue<std::shared_ptr<Cells>>;
  struct alignas(64) Reader {
    std::uint64_t generation = 0;
    std::shared_ptr<const Rows> rows;
    std::uint32_t strangers = 0;
  };

  Row of(Cells& cells) const;
  Cells& admit(Reader& reader, std::string_view value);
  void look_again(Reader& reader) PATCHBAY_REQUIRES(mutex_);
  void publish(Rows rows) PATCHBAY_REQUIRES(mutex_);
  void sweep(MonotonicTime now) PATCHBAY_REQUIRES(mutex_);
  void expose_column(std::string& out, std::size_t column,
                     const std::vector<std::pair<std::string_view, const Cells*>>& rows) const;

  // Constant after construction, or synchronised by themselves.
  const std::string label_;
  const Columns columns_;
  std::vector<std::size_t> offsets_;  // of each column's first cell, and of their end
  const std::size_t most_;
  Cells other_;
  std::atomic<std::uint64_t> generation_{1};
  // Each its reader's.
  std::vector<Reader> readers_;

  Mutex mutex_;
  std::shared_ptr<const Rows> rows_ PATCHBAY_GUARDED_BY(mutex_);
  ByValue<std::uint32_t> strangers_ PATCHBAY_GUARDED_BY(mutex_);  // seen, with no row
  MonotonicTime swept_ PATCHBAY_GUARDED_BY(mutex_){};
};

}  // namespace patchbay::telemetry
