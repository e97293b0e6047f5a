// Trouble on demand: the rate limit, random 500s, and faults that a test injects.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "http/message.h"
#include "json/value.h"
#include "sandbox/operations/settings.h"

namespace patchbay::sandbox {

// What POST /_sandbox/faults asks for.
struct InjectedFault {
  std::int64_t count = 1;   // how many requests it hits
  std::string path_prefix;  // below ".../apis/3.0", without regard to case; empty: any
  std::optional<http::Method> method;
  int status = 0;    // 0: the true answer, only later
  std::string body;  // sent as it is; JSON if it starts so
  std::map<std::string, std::string> headers;
  std::chrono::milliseconds delay{0};
  bool hang = false;   // no answer until the client goes away or the faults are cleared
  bool apply = false;  // carry the request out first, then answer with the fault
};
// Errors invalid_argument.
Result<InjectedFault> read_fault(const json::Value& value);

class FaultInjector {
 public:
  void add(InjectedFault fault) { faults_.push_back(std::move(fault)); }
  void clear();
  // The first fault that fits, used up by one.
  std::optional<InjectedFault> take(http::Method method, std::string_view path);
  std::size_t pending() const { return faults_.size(); }
  // Changes when the faults are cleared: a request that hangs watches it.
  std::uint64_t generation() const { return generation_; }

 private:
  std::deque<InjectedFault> faults_;
  std::uint64_t generation_ = 0;
};

// Fixed windows: so many requests from the first one on, then 429 until the window ends.
class RateLimiter {
 public:
  // The 429 for this request; nothing if it may pass.
  std::optional<http::Response> refuse(const Settings& settings, MonotonicTime now);
  void reset() { used_ = 0; }

 private:
  MonotonicTime window_start_{};
  int used_ = 0;
};

}  // namespace patchbay::sandbox
