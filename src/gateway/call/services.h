// What all calls of a process share, and all calls of one of its event loops.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/replaceable.h"
#include "io/runtime.h"
#include "upstream/account.h"

namespace patchbay::catalog {
struct Tool;
}

namespace patchbay::audit {
class Journal;
}

namespace patchbay::gateway {

class CursorSealer;
class Lookups;
class RecentWrites;

// What became of a call, for whoever counts calls. Views live as long as the call that tells.
struct CallRecord {
  const catalog::Tool& tool;
  std::string_view server_id;
  std::string_view account_id;
  std::optional<ErrorCode> error;  // nothing: it went well
  std::chrono::nanoseconds took{};
  std::uint64_t upstream_bytes = 0;  // that came from the upstream
  std::uint64_t result_bytes = 0;    // that the caller is given of it
};

// A request to an account's API.
struct RequestRecord {
  std::string_view account_id;
  int status = 0;  // HTTP's; 0: no answer came
  std::chrono::nanoseconds took{};
  std::chrono::nanoseconds waited{};  // for its turn, before
};

struct GatewayOptions {
  std::chrono::milliseconds upstream_timeout{60'000};
  std::chrono::milliseconds reference_ttl{300'000};  // how long a look-up is believed
  // How long after an answer that was lost the same write is taken for the same wish. 0: never.
  std::chrono::milliseconds repeat_window{60'000};
  std::chrono::milliseconds max_rate_limit_wait{60'000};  // of one call, all its waits together
  upstream::ThrottleLimits throttle;  // of each account's requests, in this process
  // Every call leaves an event there, a write before it is sent. Null: none does, and idempotency
  // keys are refused.
  std::shared_ptr<audit::Journal> journal;
  // Other processes keep it too, and may be sent what this one was: writes without a key are known
  // to all of them while they run and for a moment after.
  bool journal_is_shared = false;
  std::size_t offload_bytes = 256 * 1024;  // larger bodies are worked on off the event loop
  // Of a file, before base64. A request body of 1 MiB, base64's third less, and some for the rest.
  std::size_t max_upload_bytes = 1024 * 1024 / 3 * 2;
  // Told of a bound that was reached: at whose MCP server, and which. Empty: nobody is.
  std::function<void(std::string_view server_id, std::string_view what)> limit_hit;
  // Told of each call, of each request on its way, and of each pause that a rate limit made; on
  // their loops. Empty: nobody is.
  std::function<void(const CallRecord&)> call_ended;
  std::function<void(const RequestRecord&)> request_ended;
  std::function<void(std::string_view account_id)> rate_limit_waited;
};

// What of these can be changed while calls run.
struct CallLimits {
  std::chrono::milliseconds upstream_timeout;
  std::chrono::milliseconds repeat_window;
  int requests_at_once;  // of each account
  std::size_t max_upload_bytes;
};

// How often each account's upstream contradicted what was remembered of its names: what any loop
// remembered before is no longer believed. Accounts that share a place only ask more. Used by every
// loop; synchronised by itself.
class Contradictions {
 public:
  std::uint64_t of(const upstream::Account& account) const { return place(account).load(); }
  void add(const upstream::Account& account) { ++place(account); }

 private:
  std::atomic<std::uint64_t>& place(const upstream::Account& account) const;
  mutable std::array<std::atomic<std::uint64_t>, 64> counts_ = {};
};

// Constant, or synchronised by itself.
struct Services {
  io::Runtime& runtime;
  upstream::Sender& sender;
  const Clock& clock;
  const CursorSealer& cursors;
  RecentWrites& recent_writes;
  Replaceable<GatewayOptions> options;
  Contradictions contradictions = {};
  std::atomic<std::int64_t> waiting_for_turns = 0;  // calls, at all accounts together
};

// Only the loop's own thread touches it.
struct LoopState {
  Lookups& lookups;
};

}  // namespace patchbay::gateway
