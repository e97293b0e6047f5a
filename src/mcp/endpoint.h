// The MCP endpoint: POST /mcp/<token> in every protocol revision, without state.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/shares.h"
#include "http/origin_policy.h"
#include "http/router.h"
#include "http/server.h"
#include "mcp/server/server_registry.h"
#include "telemetry/log.h"
#include "telemetry/trace.h"
#include "telemetry/watch.h"
#include "vault/vault.h"

namespace patchbay::mcp {

struct EndpointOptions {
  std::string server_version;  // of Patchbay
  http::OriginPolicy places;   // who may speak, and by which name
  // Bytes that wait for clients are put down here, by server. Null: no bound.
  std::shared_ptr<Shares> bytes = nullptr;
  telemetry::Watch* watch = nullptr;          // told of wrong tokens and bounds; null: nobody is
  const telemetry::Tracer* tracer = nullptr;  // records what requests do; null: nobody does
};

class McpEndpoint {
 public:
  // Without a vault no question can be asked that spans two requests.
  McpEndpoint(std::unique_ptr<ServerRegistry> registry, std::shared_ptr<const vault::Vault> vault,
              const Clock& clock, const telemetry::Log& log, EndpointOptions options);
  ~McpEndpoint();

  // Adds POST /mcp/:token, POST /mcp (token in the Authorization header), and what answers the
  // methods and well-known paths that clients probe.
  void add_routes(http::Router& router);
  // Who may speak, and by which name, from now on. From any thread.
  void set_places(http::OriginPolicy places);
  // Whether a path is one of those.
  static bool is_place(std::string_view path);
  // What can be said of a request to one of those before its body has come.
  http::BodyVerdict judge_body(const http::Request& request) const;

  // Streams that are open: of listeners and of old clients. From any thread.
  std::size_t streams() const;

  // Servers may have changed: who listens is told now, and not only when its time has come. From
  // any thread.
  void look_again();
  // Ends what would go on for ever (listeners), each with its result. Soon, from any thread; before
  // the HTTP server stops.
  void end_streams();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::mcp
