#include "telemetry/watch.h"

namespace patchbay::telemetry {
namespace {

struct Words {
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<Words, static_cast<std::size_t>(Sight::count)> kWords{{
    {"wrong_token", "An MCP URL was tried that is unknown, revoked or expired."},
    {"wrong_address", "A right MCP URL was tried from an address that its server does not allow."},
    {"wrong_second_factor", "A right MCP URL was tried without its second factor."},
    {"wrong_api_token", "An API token was tried that is unknown or expired."},
    {"refused_scope", "A token was refused what it may not do."},
    {"limit_hit", "A bound was reached, and something was refused."},
    {"stream_ended", "A stream was ended, since too much of it waited to be read."},
}};

const Words& words(Sight sight) {
  return kWords.at(static_cast<std::size_t>(sight));
}

constexpr std::string_view kSeries = "patchbay_security_events_total";
constexpr std::string_view kHelp = "What a defender wants to know, by its kind.";

}  // namespace

Watch::Watch(const Log& log, Metrics& metrics, const Clock& clock)
    : log_(log),
      clock_(clock),
      changes_(metrics.counter(kSeries, kHelp, {{"event", "admin_change"}})) {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    counters_.at(i) = &metrics.counter(kSeries, kHelp, {{"event", std::string(kWords.at(i).name)}});
  }
}

void Watch::saw(Sight sight, std::string_view source, std::string_view what) {
  counters_.at(static_cast<std::size_t>(sight))->add();
  const MonotonicTime now = clock_.monotonic();
  {
    const MutexLock lock(mutex_);
    sweep(now);
    Key key{.sight = sight, .source = std::string(source), .what = std::string(what)};
    if (entries_.size() >= kMostSources && !entries_.contains(key)) {
      key.source = "others";
      source = "others";
    }
    const auto [entry, is_new] = entries_.try_emplace(std::move(key));
    if (!is_new) {
      ++entry->second.since;
      return;
    }
    entry->second.told = now;
  }
  tell(sight, source, what, 1);
}

// What was counted and not told; those that have been quiet for a while are forgotten.
void Watch::sweep(MonotonicTime now) {
  if (now - swept_ < kPause / 4) return;
  swept_ = now;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    auto& [key, seen] = *entry;
    if (now - seen.told < kPause) {
      ++entry;
      continue;
    }
    if (seen.since == 0) {
      entry = entries_.erase(entry);
      continue;
    }
    tell(key.sight, key.source, key.what, seen.since);
    seen.told = now;
    seen.since = 0;
    ++entry;
  }
}

void Watch::tell(Sight sight, std::string_view source, std::string_view what,
                 std::int64_t times) const {
  log_.write(Level::warning, words(sight).sentence,
             {{"event", words(sight).name},
              {"source", redact_path(source.substr(0, 100))},
              {"what", what},
              {"times", times}});
}

void Watch::changed(std::string_view what, std::string_view token_id, std::string_view target) {
  changes_.add();
  log_.write(
      Level::info, "A change was made through the admin API.",
      {{"event", "admin_change"}, {"what", what}, {"token_id", token_id}, {"target", target}});
}

}  // namespace patchbay::telemetry
