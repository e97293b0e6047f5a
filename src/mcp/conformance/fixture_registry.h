// The fixtures behind a token of their own, beside the servers that there are.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/conformance/fixture_server.h"
#include "mcp/server/server_registry.h"

namespace patchbay::mcp::conformance {

class FixtureRegistry final : public ServerRegistry {
 public:
  FixtureRegistry(std::string token, std::unique_ptr<ServerRegistry> others);
  std::optional<Found> find(const Credentials& given) const override;
  std::optional<io::Task<bool>> look_up(std::string_view token,
                                        std::string_view api_token) const override;

 private:
  // Constant after construction.
  std::string token_;
  std::shared_ptr<const FixtureServer> fixtures_;
  std::unique_ptr<ServerRegistry> others_;
};

}  // namespace patchbay::mcp::conformance
