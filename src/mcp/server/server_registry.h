// Which server stands behind which token, as the protocol asks for it. Real implementations:
// servers/minted_server_registry.h, and the conformance suite's around it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "io/task.h"
#include "mcp/server/server.h"

namespace patchbay::mcp {

// What a request came with.
struct Credentials {
  std::string_view token = {};      // the server's
  std::string_view api_token = {};  // the second factor; may be empty
  std::string_view address = {};    // the client's
};

// Asked on each request, so that what was revoked or has expired is refused at once.
class ServerRegistry {
 public:
  virtual ~ServerRegistry() = default;

  struct Found {
    std::shared_ptr<const Server> server;
    // The server asks for an API token of its environment, and what was given is none.
    bool lacks_api_token = false;
    // Its operator has paused it: nothing is asked of it.
    bool paused = false;
    // For the operator alone: the id of a server that would be found from another address. Then
    // there is no server, and the caller is told what is told of an unknown token.
    std::string elsewhere = {};
  };
  // Nothing for a token that is malformed, unknown, revoked or expired. What a second factor allows
  // ends with it.
  virtual std::optional<Found> find(const Credentials& given) const = 0;

  // What find() does not know, or only without its API token, may have to be read first: what to
  // wait for before it is asked again. Its outcome is false where it cannot be told now. Nothing:
  // find() has said all there is.
  virtual std::optional<io::Task<bool>> look_up(std::string_view /*token*/,
                                                std::string_view /*api_token*/) const {
    return std::nullopt;
  }
};

}  // namespace patchbay::mcp
