// Which server stands behind which token, as the protocol asks for it. Real implementations:
// servers/minted_server_registry.h, and the conformance suite's around it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/server/server.h"

namespace patchbay::mcp {

// Asked on each request, so that what was revoked or has expired is refused at once.
class ServerRegistry {
 public:
  virtual ~ServerRegistry() = default;

  struct Found {
    std::shared_ptr<const Server> server;
    bool needs_api_token = false;
    std::string environment_id;
  };
  // Nothing for a token that is malformed, unknown, revoked or expired: the caller must not be able
  // to tell these apart.
  virtual std::optional<Found> find(std::string_view token) const = 0;
  // Whether this text is a valid API token of that environment, or of the whole instance.
  virtual bool admits(std::string_view api_token, std::string_view environment_id) const = 0;
};

}  // namespace patchbay::mcp
