// What a defender wants to know: who tries tokens, what was changed, which limits were hit.
//
// Each event is counted as a metric, by its kind only. It is also told in the log, but no flood of
// them is a flood of lines: the first of what it is from a source at once, those that follow within
// a minute as one number when it is over. Sources beyond the most that are kept apart are told
// together as "others". A source is an address, or the id of a token, a server or an environment;
// never a secret.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/mutex.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace patchbay::telemetry {

enum class Sight : std::uint8_t {
  wrong_token,          // of an MCP server's URL
  wrong_address,        // a right URL from where its server does not allow it
  wrong_second_factor,  // beside a right URL
  wrong_api_token,      // at the admin API
  refused_scope,        // a right token, for what it may not do
  limit_hit,            // something waits or is refused since a bound is reached
  stream_ended,         // for what waited to be read from it
  count,
};

class Watch {
 public:
  static constexpr std::size_t kMostSources = 1'000;
  static constexpr std::chrono::seconds kPause{60};

  // Registers its series. All three outlive this.
  Watch(const Log& log, Metrics& metrics, const Clock& clock);

  // `what`: which limit, say; told with the first line. Thread-safe.
  void saw(Sight sight, std::string_view source, std::string_view what = {});
  // A change that was made through the admin API: always told, since whoever made it was let in.
  // `target`: a path of that API, which was found and so holds nothing but ids.
  void changed(std::string_view what, std::string_view token_id, std::string_view target);

 private:
  struct Entry {
    MonotonicTime told{};
    std::int64_t since = 0;  // those that were counted after it
  };
  struct Key {
    Sight sight;
    std::string source;
    std::string what;
    auto operator<=>(const Key&) const = default;
  };

  void tell(Sight sight, std::string_view source, std::string_view what, std::int64_t times) const;
  void sweep(MonotonicTime now) PATCHBAY_REQUIRES(mutex_);

  // Constant after construction.
  const Log& log_;
  const Clock& clock_;
  std::array<Counter*, static_cast<std::size_t>(Sight::count)> counters_{};
  Counter& changes_;

  Mutex mutex_;
  std::map<Key, Entry> entries_ PATCHBAY_GUARDED_BY(mutex_);
  MonotonicTime swept_ PATCHBAY_GUARDED_BY(mutex_){};
};

}  // namespace patchbay::telemetry
