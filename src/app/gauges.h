// What there is of everything at this moment, as gauges.
#pragma once

#include <functional>
#include <memory>

#include "base/shares.h"
#include "control/control_plane.h"
#include "control/snapshot.h"
#include "http/server.h"
#include "telemetry/metrics.h"

namespace patchbay::gateway {
class Gateway;
}  // namespace patchbay::gateway
namespace patchbay::mcp {
class McpEndpoint;
}  // namespace patchbay::mcp

namespace patchbay::app {

// Read where it is. All outlive what is made of it.
struct Gauged {
  const Shares& bytes;
  const std::unique_ptr<http::Server>& server;  // there before the first question
  const mcp::McpEndpoint& endpoint;
  const gateway::Gateway& gateway;
  const control::ControlPlane& control;
  const control::SnapshotHolder& snapshot;
};

// To be called by whoever is about to read them.
std::function<void()> make_gauges(telemetry::Metrics& metrics, const Gauged& of);

}  // namespace patchbay::app
