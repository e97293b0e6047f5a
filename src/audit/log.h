// The log of events as it is asked for: filtered, by the page.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/event_rows.h"

namespace patchbay::audit {

// Members that are empty do not restrict.
struct LogQuery {
  std::string environment_id;  // of who may see no other; kInstance: what belongs to none
  std::optional<WallTime> from;
  std::optional<WallTime> to;  // before it
  std::string kind;
  std::string account_id;
  std::string server_id;
  std::string tool;
  std::string outcome;
  std::string client = {};  // the name that the program gives itself
  std::string text = {};    // somewhere in what is shown of the event, in any case
};

struct LogPosition {
  WallTime at = WallTime::max();
  std::string id;
};

struct LogPage {
  std::vector<store::EventRow> events;  // newest first
  std::optional<LogPosition> next;      // where to go on; nothing: that was all
};

// Looks at kMostLookedAt events at most, so that a page may be short, or empty, and yet not the
// last. Blocks. Errors: unavailable, internal.
inline constexpr std::size_t kMostLookedAt = 10'000;
Result<LogPage> read_log(store::EventRows& rows, const LogQuery& query, const LogPosition& after,
                         std::size_t limit);

// The event, if whoever asks may see it. Error not_found.
Result<store::EventRow> read_event(store::EventRows& rows, const std::string& environment_id,
                                   std::string_view id);

}  // namespace patchbay::audit
