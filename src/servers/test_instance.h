// For this room's tests: an instance with one account, and its endpoint.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "audit/journal.h"
#include "control/test_world.h"
#include "mcp/test_endpoint.h"
#include "servers/minted_server_registry.h"

namespace patchbay::servers::testing {

using namespace mcp;
using control::testing::World;

// An instance with one account, and its endpoint.
struct Instance {
  World world;
  control::Principal tenant = world.tenant("acme");
  // An upstream that is never reached: the address guard refuses it.
  std::string account =
      world.control
          ->create_account(tenant, {.integration = "desk",
                                    .name = "Acme",
                                    .credentials = {{"site", Secret("127.0.0.1:9")},
                                                    {"key", Secret("hunter2")}}})
          .value()
          .id;
  // The journal's thread reads it, whatever the test does with its own.
  SystemClock journal_clock;
  std::shared_ptr<audit::Journal> journal = std::make_shared<audit::Journal>(
      *world.repository, world.vault, journal_clock,
      audit::JournalOptions{.gather = std::chrono::milliseconds(10)});
  io::Runtime* runtime = nullptr;  // the endpoint's
  std::unique_ptr<http::Client> client;
  std::unique_ptr<upstream::Sender> sender;
  std::unique_ptr<gateway::Gateway> gateway;
  TestEndpoint endpoint{[this](io::Runtime& loops, const telemetry::Log& log) {
    runtime = &loops;
    client = std::make_unique<http::Client>(loops, http::ClientOptions{});
    sender = std::make_unique<upstream::Sender>(*client);
    gateway = std::make_unique<gateway::Gateway>(loops, *sender, world.clock,
                                                 std::vector{Secret(std::string(32, 'k'))},
                                                 gateway::GatewayOptions{.journal = journal});
    auto registry = std::make_unique<MintedServerRegistry>(loops, *world.control, world.holder,
                                                           *gateway, world.vault, nullptr);
    return std::make_unique<McpEndpoint>(std::move(registry), world.vault, world.clock, log,
                                         EndpointOptions{.server_version = "1"});
  }};
  // The client goes before the runtime, which is the endpoint's.
  ~Instance() {
    endpoint.stop();
    gateway.reset();
    sender.reset();
    client.reset();
  }

  std::string mint(std::string_view config = "{}", std::optional<WallTime> expires = {}) {
    minted.emplace(world.mint(tenant, account, *json::parse(config), expires));
    return std::string(minted->token.reveal());
  }
  Reaction post(std::string_view token, std::string body, HeaderList headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json, text/event-stream");
    return endpoint.send(http::Method::post, "/mcp/" + std::string(token), std::move(headers),
                         std::move(body));
  }
  int ping(std::string_view token, HeaderList headers = {}) {
    return post(token, legacy_body("ping"), std::move(headers)).status;
  }
  std::string api_token(const control::Principal& principal, const std::string& environment,
                        std::optional<WallTime> expires = {}) {
    const auto made =
        world.control->create_api_token(principal, environment, "second factor", expires);
    REQUIRE(made.has_value());
    return std::string(made->token.reveal());
  }

  std::optional<control::Minted<store::McpServerRow>> minted;  // the last one
};

// The code of the error that the tool's text holds; empty: it has none.
inline std::string error_code(const Reaction& reaction) {
  const json::Value* content = reaction.result().find("content");
  if (content == nullptr) return "(no content)";
  const auto text = json::parse(content->if_array()->at(0).string_or("text", "null"));
  const json::Value* error = text->find("error");
  return error != nullptr ? std::string(error->string_or("code", "?")) : "";
}

}  // namespace patchbay::servers::testing
