// What all requests of an endpoint share.
#pragma once

#include <string>

#include "mcp/methods/cancellations.h"
#include "mcp/methods/listeners.h"
#include "mcp/server/carried_state.h"
#include "mcp/server/client_requests.h"
#include "telemetry/log.h"

namespace patchbay::mcp {

struct McpServices {
  // Constant after construction.
  std::string version;  // of Patchbay
  const telemetry::Log& log;
  CarriedState carried;
  // Synchronised by themselves.
  Cancellations cancellations;
  ClientRequests client_requests;
  Listeners listeners;
};

}  // namespace patchbay::mcp
