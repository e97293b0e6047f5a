// What all requests of an endpoint share.
#pragma once

#include <memory>
#include <string>

#include "base/shares.h"
#include "mcp/methods/cancellations.h"
#include "mcp/methods/listeners.h"
#include "mcp/server/carried_state.h"
#include "mcp/server/client_requests.h"
#include "telemetry/log.h"
#include "telemetry/trace.h"
#include "telemetry/watch.h"

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
  // Null: no bound, and nobody to tell.
  std::shared_ptr<Shares> bytes = nullptr;
  telemetry::Watch* watch = nullptr;
  const telemetry::Tracer* tracer = nullptr;  // null: nothing is recorded
  // Streams that go on, by the server's id: each is a socket, and one URL gets its share of them.
  std::shared_ptr<Shares> streams = Shares::make(kMostStreams);
  // Calls whose POST is answered already and whose answer comes on a stream: nothing of HTTP's
  // bounds them any more.
  std::shared_ptr<Shares> accepted = Shares::make(kMostAccepted);

  static constexpr std::size_t kMostStreams = 10'000;
  // Some 20 KB each beside what they hold: 80 MB.
  static constexpr std::size_t kMostAccepted = 4'096;
  void saw(telemetry::Sight sight, std::string_view source, std::string_view what = {}) const {
    if (watch != nullptr) watch->saw(sight, source, what);
  }
};

}  // namespace patchbay::mcp
