// What the gateway needs to remember of creates that carry a key, so that a repetition returns the
// first result. Kept by whoever wires the gateway, in a place that survives a restart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace patchbay::gateway {

class IdempotencyStore {
 public:
  struct Key {
    std::string account_id;
    std::string key;  // as the caller gave it
  };
  enum class State : std::uint8_t {
    started,  // sent, or about to be; or the process died meanwhile
    done,
    unknown,  // sent, and no answer came
  };
  struct Attempt {
    State state = State::started;
    std::string digest;  // of the arguments
    std::string result;  // done: the result's text
    WallTime started_at{};
  };

  virtual ~IdempotencyStore() = default;

  // All block: they run on the blocking pool. Errors: unavailable.
  // Records that the key is used from now on. Nothing: it was free, and is the caller's. Else the
  // attempt that has it, if that began at or after `valid_from`.
  virtual Result<std::optional<Attempt>> begin(const Key& key, std::string_view digest,
                                               WallTime now, WallTime valid_from) = 0;
  virtual Result<> finish(const Key& key, State state, std::string_view result) = 0;
  // Nothing happened: the key is free again.
  virtual Result<> forget(const Key& key) = 0;
};

}  // namespace patchbay::gateway
