#include "telemetry/metrics.h"

#include <algorithm>
#include <cassert>
#include <variant>

#include "telemetry/exposition.h"
#include "telemetry/log.h"

namespace patchbay::telemetry {
namespace {

constexpr std::int64_t kDurationBounds[] = {
    100,     250,     500,     1'000,     2'500,     5'000,     10'000,     25'000,     50'000,
    100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000, 30'000'000, 60'000'000};

constexpr std::int64_t kCoarseBounds[] = {25'000,    100'000,   250'000,    500'000,
                                          1'000'000, 2'500'000, 10'000'000, 30'000'000};

constexpr std::size_t kCellsPerLine = 64 / sizeof(std::atomic<std::uint64_t>);

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// `tool="list",outcome="ok"`: the text between the braces, which is also the series' key.
std::string render(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    assert(is_name(name));
    if (!out.empty()) out += ',';
    out += name;
    out += "=\"";
    append_escaped(out, redact_path(value), true);
    out += '"';
  }
  return out;
}

}  // namespace

namespace detail {

std::size_t shard() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed) % kShards;
  return mine;
}

}  // namespace detail

const Buckets kDurations{kDurationBounds, 1e-6};
const Buckets kCoarseDurations{kCoarseBounds, 1e-6};

std::uint64_t Counter::value() const {
  std::uint64_t sum = 0;
  for (const Cell& cell : cells_) sum += cell.count.load(std::memory_order_relaxed);
  return sum;
}

Histogram::Histogram(Buckets buckets)
    : buckets_(buckets),
      stride_((buckets.bounds.size() + 2 + kCellsPerLine - 1) / kCellsPerLine * kCellsPerLine),
      cells_(std::make_unique<std::atomic<std::uint64_t>[]>(stride_ * kShards)) {
  assert(std::ranges::is_sorted(buckets.bounds));
}

void Histogram::observe(std::int64_t value) {
  const auto bound = std::ranges::lower_bound(buckets_.bounds, value);
  const auto bucket = static_cast<std::size_t>(bound - buckets_.bounds.begin());
  const std::size_t mine = detail::shard();
  cell(mine, bucket).fetch_add(1, std::memory_order_relaxed);
  // The sum wraps like a signed number does in two's complement, and is read back as one.
  cell(mine, buckets_.bounds.size() + 1)
      .fetch_add(static_cast<std::uint64_t>(value), std::memory_order_relaxed);
}

Histogram::Reading Histogram::read() const {
  const std::size_t count = buckets_.bounds.size() + 1;
  Reading reading{std::vector<std::uint64_t>(count), 0};
  std::uint64_t sum = 0;
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    for (std::size_t i = 0; i < count; ++i) {
      reading.counts[i] += cell(shard, i).load(std::memory_order_relaxed);
    }
    sum += cell(shard, count).load(std::memory_order_relaxed);
  }
  reading.sum = static_cast<std::int64_t>(sum);
  return reading;
}

struct Metrics::Family {
  using Series =
      std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>>;

  std::string help;
  std::map<std::string, Series, std::less<>> series;  // by rendered labels; never empty

  void expose(std::string& out, std::string_view name) const {
    constexpr std::string_view kTypes[] = {"counter", "gauge", "histogram"};
    append_family(out, name, help, kTypes[series.begin()->second.index()]);
    for (const auto& [labels, one] : series) {
      if (const auto* counter = std::get_if<std::unique_ptr<Counter>>(&one)) {
        append_sample(out, name, "", labels, std::to_string((*counter)->value()));
      } else if (const auto* gauge = std::get_if<std::unique_ptr<Gauge>>(&one)) {
        append_sample(out, name, "", labels, std::to_string((*gauge)->value()));
      } else if (const auto* histogram = std::get_if<std::unique_ptr<Histogram>>(&one)) {
        append_histogram(out, name, labels, (*histogram)->read(), (*histogram)->buckets());
      }
    }
  }
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

template <class Series, class Make>
Series& Metrics::find_or_make(std::string_view name, std::string_view help, Labels labels,
                              Make make) {
  assert(is_name(name));
  std::string key = render(labels);
  const MutexLock lock(mutex_);
  auto family = families_.find(name);
  if (family == families_.end()) {
    family = families_.emplace(std::string(name), std::make_unique<Family>()).first;
    family->second->help = help;
  }
  auto& series = family->second->series;
  auto found = series.find(key);
  if (found == series.end() && series.size() >= kMaxSeries) {
    for (auto& label : labels) label.second = "other";
    key = render(labels);
    found = series.find(key);
  }
  if (found == series.end()) found = series.emplace(std::move(key), make()).first;
  auto* const one = std::get_if<std::unique_ptr<Series>>(&found->second);
  assert(one != nullptr);
  return **one;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  return find_or_make<Counter>(name, help, std::move(labels),
                               [] { return std::make_unique<Counter>(); });
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, Labels labels) {
  return find_or_make<Gauge>(name, help, std::move(labels),
                             [] { return std::make_unique<Gauge>(); });
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, const Buckets& buckets,
                              Labels labels) {
  return find_or_make<Histogram>(name, help, std::move(labels),
                                 [&] { return std::make_unique<Histogram>(buckets); });
}

std::string Metrics::expose() const {
  std::string out;
  const MutexLock lock(mutex_);
  for (const auto& [name, family] : families_) family->expose(out, name);
  for (const auto& more : further_) more(out);
  return out;
}

void Metrics::add(std::function<void(std::string& out)> further) {
  const MutexLock lock(mutex_);
  further_.push_back(std::move(further));
}

}  // namespace patchbay::telemetry
