// What calls there were, counted: over time, by tool, by MCP server and by client. Read out of the
// events themselves, so that nothing is kept beside them that could disagree.
//
// Exact, percentiles too: every call's duration is there (the nearest rank; no sketch). The price
// is that events are read, newest first, and as many as kMostEvents of each kind of row; whoever
// asks for more is told from when on it is whole.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/log.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/event_rows.h"

namespace patchbay::audit {

struct ActivityQuery {
  LogQuery which;  // times, kind and text do not count: calls are reads and writes
  WallTime from{};
  WallTime to{};  // before it
  std::chrono::milliseconds step{60'000};
};

// Of calls that have ended. Nothing: there were none.
struct Latency {
  std::optional<std::int64_t> p50_ms;
  std::optional<std::int64_t> p95_ms;
  std::optional<std::int64_t> p99_ms;
};

struct CallCounts {
  std::int64_t calls = 0;
  std::int64_t errors = 0;  // failed, or nobody knows
  std::int64_t writes = 0;
};

struct ActivityBucket {
  WallTime at{};  // a multiple of the step
  CallCounts counts;
  Latency latency;
};

// A tool, an MCP server (by its id), a client.
struct ActivityOf {
  std::string name;
  CallCounts counts;
  Latency latency;
};

struct Activity {
  // Nothing: all of it was read. Else what lies at or after it was, and nothing else counts.
  std::optional<WallTime> whole_from;
  CallCounts counts;
  // Of calls that were done: a token for each four bytes that were not passed on.
  std::int64_t tokens_saved_estimate = 0;
  Latency latency;
  Latency upstream_latency;  // of those that asked the upstream
  std::vector<ActivityBucket>
      buckets;                    // each from the first that is whole in time, also empty ones
  std::vector<ActivityOf> tools;  // those with most calls first, kMostListed of each
  std::vector<ActivityOf> servers;
  std::vector<ActivityOf> clients;
};

inline constexpr std::size_t kMostListed = 20;
inline constexpr std::size_t kMostBuckets = 200;
// A second of work, about. Of rows that hold many calls, calls are counted.
inline constexpr std::size_t kMostEvents = 200'000;

// How many buckets that makes.
std::size_t bucket_count(WallTime from, WallTime to, std::chrono::milliseconds step);

// Blocks. `from` is before `to`, and there are kMostBuckets at most. Errors: unavailable, internal.
Result<Activity> read_activity(store::EventRows& rows, const ActivityQuery& query,
                               std::size_t most_events = kMostEvents);

}  // namespace patchbay::audit
