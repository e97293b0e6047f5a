#include "mcp/conformance/fixture_registry.h"

#include <utility>

#include "base/secret.h"

namespace patchbay::mcp::conformance {

FixtureRegistry::FixtureRegistry(std::string token, std::unique_ptr<ServerRegistry> others)
    : token_(std::move(token)),
      fixtures_(std::make_shared<FixtureServer>()),
      others_(std::move(others)) {}

std::optional<ServerRegistry::Found> FixtureRegistry::find(const Credentials& given) const {
  if (equal_in_constant_time(given.token, token_)) return Found{.server = fixtures_};
  return others_->find(given);
}

std::optional<io::Task<bool>> FixtureRegistry::look_up(std::string_view token,
                                                       std::string_view api_token) const {
  return others_->look_up(token, api_token);
}

}  // namespace patchbay::mcp::conformance
