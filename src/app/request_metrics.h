// What the process has served, for Prometheus: requests by what they were for and how they ended,
// and how long they took.
#pragma once

#include <array>
#include <functional>
#include <string>

#include "base/error.h"
#include "control/control_plane.h"
#include "http/router.h"
#include "io/runtime.h"
#include "telemetry/metrics.h"

namespace patchbay::app {

class RequestMetrics {
 public:
  // Registers its series; `metrics` outlives this.
  explicit RequestMetrics(telemetry::Metrics& metrics);

  // Answers through the router and counts. A stream counts when it begins.
  io::Task<http::Response> answer(const http::Router& router, http::Request& request);
  // The same for what was answered before its body came.
  void count(std::string_view path, int status);

 private:
  static std::size_t class_of(int status);
  // What a path is for. Paths themselves hold tokens and ids, and are no labels.
  enum class Purpose : std::uint8_t { mcp, admin, operation, count };
  static Purpose purpose_of(std::string_view path);

  static constexpr std::size_t kPurposes = static_cast<std::size_t>(Purpose::count);
  static constexpr std::size_t kClasses = 5;  // 1xx to 5xx
  std::array<std::array<telemetry::Counter*, kClasses>, kPurposes> requests_{};
  std::array<telemetry::Histogram*, kPurposes> seconds_{};
};

// GET /metrics, for whoever has an instance-wide API token: `allowed` decides by the token.
// `before`: sets what is read and not counted.
void add_metrics_route(http::Router& router, const telemetry::Metrics& metrics,
                       std::function<void()> before,
                       std::function<io::Task<Result<>>(std::string token)> allowed);

// Errors: unauthenticated, permission_denied (what it is of, or may do), unavailable.
io::Task<Result<>> may_read_metrics(io::Runtime& runtime, control::ControlPlane& control,
                                    std::string token);

}  // namespace patchbay::app
