// The MCP endpoint: POST /mcp/<token> in every protocol revision, without state.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "control/snapshot.h"
#include "gateway/gateway.h"
#include "http/message.h"
#include "http/router.h"
#include "mcp/server/server.h"
#include "telemetry/log.h"
#include "vault/vault.h"

namespace patchbay::mcp {

struct EndpointOptions {
  std::string server_version;                // of Patchbay
  std::vector<std::string> allowed_origins;  // beside loopback ones; "*" allows all
  std::vector<std::string> allowed_hosts;    // beside loopback ones; empty: any
  std::string fixture_token;  // opens the conformance suite's fixtures; empty: there are none
};

class Endpoint {
 public:
  Endpoint(const control::SnapshotHolder& snapshot, gateway::Gateway& gateway,
           std::shared_ptr<const vault::Vault> vault, const Clock& clock, const telemetry::Log& log,
           EndpointOptions options);
  // Over any registry of hosts. Without a vault no question can be asked that spans two requests.
  Endpoint(std::unique_ptr<HostRegistry> registry, std::shared_ptr<const vault::Vault> vault,
           const Clock& clock, const telemetry::Log& log, EndpointOptions options);
  ~Endpoint();

  // Adds POST /mcp/:token, POST /mcp (token in the Authorization header), and what answers the
  // methods and well-known paths that clients probe.
  void add_routes(http::Router& router);

  // Called when the upstream refused an account's credentials, on the loop of the call: it must not
  // block. To be set before the first request.
  void on_credentials_refused(std::function<void(const std::string& account_id)> callback);

  // Ends what would go on for ever (listeners), each with its result. Soon, from any thread; before
  // the HTTP server stops.
  void end_streams();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::mcp
