// An event of the audit log: a tool call or a change of the control plane, who made it, and what
// came of it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audit/settings.h"
#include "base/clock.h"

namespace patchbay::audit {

// The chain of what belongs to no environment.
inline constexpr std::string_view kInstance = "instance";
// The event of it that tells of another chain.
inline constexpr std::string_view kChainBegun = "chain_begun";

enum class Kind : std::uint8_t {
  read,
  write,   // may change something upstream
  change,  // of the control plane
  note,    // of the log itself: a chain was begun
};
std::string_view to_string(Kind kind);

// Who asks, through what. Views point into what `keeps` holds.
struct Caller {
  std::shared_ptr<const void> keeps = {};
  std::string_view environment_id = {};  // empty: the instance itself
  std::string_view account_id = {};
  std::string_view server_id = {};
  std::string api_token_id = {};
  std::string member = {};  // whose the server is: "Jane Doe (jdoe)"; empty: nobody's
  std::string client = {};
  std::string client_version = {};
  std::string session_id = {};
  std::string approved_by = {};  // of a write that a person has let through: who
};

// What is known when it begins.
struct Event {
  Caller by = {};
  Kind kind = Kind::read;
  WallTime at{};  // of a call that is recorded when it has ended; else the time of its record
  std::string_view tool = {};  // of a change: the operation's id. As the caller's views
  std::string_view resource = {};
  std::string request_id = {};
  std::string target = {};  // of a change: the path that was asked for
  std::optional<std::array<std::uint8_t, 16>> digest = {};  // of the arguments
  // As JSON, redacted; kept only where the environment says so by then. Empty: not wanted.
  std::string shown_arguments = {};
  Arguments shown = Arguments::none;  // what these have in them
  std::string check = {};             // of a write: what to do if nobody knows what came of it
};

enum class Outcome : std::uint8_t {
  done,
  failed,   // nothing happened
  unknown,  // nobody knows
};
std::string_view to_string(Outcome outcome);

// What is known when it has ended.
struct Ending {
  Outcome outcome = Outcome::done;
  std::string_view error_code = {};  // of the program: lives for ever
  std::string why = {};              // a sentence, of an outcome that was not seen
  std::string record_id = {};
  int upstream_status = 0;  // 0: none
  std::chrono::milliseconds duration{0};
  // Of it, while at least one request was on its way.
  std::chrono::milliseconds upstream_duration{0};
  // While at least one waited for its turn at the account, or for a rate limit to pass.
  std::chrono::milliseconds waited{0};
  std::chrono::microseconds shaping{0};  // while answers were made smaller
  std::uint64_t upstream_bytes = 0;
  std::uint64_t result_bytes = 0;
  std::string summary = {};             // as JSON; kept as shown_arguments is
  Arguments shown = Arguments::values;  // what it has in it
};

// A call that is recorded when it has ended. Nothing of it is copied on the way to its record: what
// it refers to is read before note() returns. As the members of Event.
struct EndedCall {
  const Caller& by;
  const Ending& ending;
  Kind kind = Kind::read;
  WallTime at{};
  std::string_view tool = {};
  std::string_view resource = {};
  std::string_view request_id = {};
  const std::array<std::uint8_t, 16>* digest = nullptr;  // null: none
  std::string_view shown_arguments = {};
  Arguments shown = Arguments::none;
};

}  // namespace patchbay::audit
