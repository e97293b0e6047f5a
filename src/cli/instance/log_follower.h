// The audit log as it goes on, by asking for what there is again and again.
//
// An event stands where the call began, and may be written when it has ended: so what is new is
// among those of the last while. Each time the last ten seconds are looked at, and every half
// minute the last five minutes, for the calls that took longer. What was given is remembered by id
// and outcome: a write comes when it begins, and again when it has ended. All times are the
// server's: the clock of this machine is not asked.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "cli/instance/api_client.h"
#include "json/value.h"

namespace patchbay::cli {

class LogFollower {
 public:
  using Get = std::function<Result<json::Value>(const std::string& path)>;
  LogFollower(Get get, ApiClient::Query filters);

  // The last events that there are, oldest first. First of all, and once.
  Result<json::Array> begin(std::size_t most);
  // What has come since, in the order in which it happened. After an error it may be asked again:
  // nothing is left out.
  Result<json::Array> next();
  // How often to ask, so that each look reaches back over the one before it.
  static constexpr std::chrono::seconds kPause{1};

 private:
  Result<json::Array> since(WallTime from) const;
  // Of all events, whatever the filters say; nothing: there is none.
  Result<std::optional<json::Value>> newest() const;
  // Remembers it; false: it was given as it is now.
  bool give(const json::Value& event);

  const Get get_;
  const ApiClient::Query filters_;
  std::string begun_;  // what was written before this is old; ISO 8601, compared as text
  std::uint64_t looks_ = 0;
  struct Given {
    std::string at;
    std::string outcome;
  };
  std::map<std::string, Given, std::less<>> given_;  // by id
};

}  // namespace patchbay::cli
