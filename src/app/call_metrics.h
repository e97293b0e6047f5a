// What tools, MCP servers and accounts are used for, for Prometheus. Labels are names of tools and
// ids of ours, never a name that a customer chose.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/clock.h"
#include "telemetry/metrics.h"
#include "telemetry/usage_table.h"

namespace patchbay::gateway {
struct CallRecord;
struct RequestRecord;
}  // namespace patchbay::gateway

namespace patchbay::app {

class CallMetrics {
 public:
  // Of each kind so many have series of their own. With the columns below 500 servers make some
  // 9,000 lines, or 700 KB of text; all integrations together have fewer tools than that.
  static constexpr std::size_t kMostTools = 1'000;
  static constexpr std::size_t kMostServers = 500;
  static constexpr std::size_t kMostAccounts = 500;

  // Adds its series; `metrics` outlives this. `loops`: that calls run on.
  CallMetrics(telemetry::Metrics& metrics, std::size_t loops, const Clock& clock);
  CallMetrics(const CallMetrics&) = delete;
  CallMetrics& operator=(const CallMetrics&) = delete;

  // On the loops.
  void count(const gateway::CallRecord& call);
  void count(const gateway::RequestRecord& request);
  void count_rate_limit_wait(std::string_view account_id);

 private:
  telemetry::UsageTable tools_;
  telemetry::UsageTable servers_;
  telemetry::UsageTable accounts_;
};

}  // namespace patchbay::app
