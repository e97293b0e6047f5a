// Stop means stop at every door at which the upstream is asked on behalf of a server.
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "servers/test_instance.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers::testing;

namespace {

// As many requests of the account as may be on their way at a time: what comes waits for a turn.
class HeldTurns {
 public:
  explicit HeldTurns(const Instance& instance) : runtime_({.loops = 1}) {
    runtime_.start();
    runtime_.run(runtime_.loop(0), [&]() -> io::Task<> {
      auto& throttle = instance.world.find(instance.minted->token)->account->throttle();
      for (int i = 0; i < upstream::ThrottleLimits().at_once; ++i) {
        passes_.push_back(std::move(*co_await throttle.enter("mcp_other", {}, {})));
      }
    });
  }
  ~HeldTurns() {
    passes_.clear();
    runtime_.stop();
  }

 private:
  io::Runtime runtime_;
  std::vector<upstream::Throttle::Pass> passes_;
};

void with_prompt(Instance& instance) {
  using Kind = integration::PromptPart::Kind;
  const auto integration = control::testing::fake_integration();
  integration->resources[1].methods[0].verb = integration::Verb::get;
  integration::Prompt prompt;
  prompt.name = "tidy";
  prompt.title = prompt.description = "Tidy.";
  prompt.arguments = {{.name = "which", .description = "Which", .completes = "tickets"}};
  prompt.parts = {{Kind::tool, "tickets", "list"}};
  integration->prompts = {prompt};
  instance.world.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
}

}  // namespace

// Every door at which the upstream is asked on behalf of a server, with every narrowing.
TEST_CASE("what waits at any door ends when the server, its account or its rules change") {
  using Change = std::function<void(Instance&)>;
  const auto reconfigure = [](const char* config) {
    return [config](Instance& instance) {
      REQUIRE(instance.world.control->update_mcp_server(
          instance.tenant, instance.account, instance.minted->row.id,
          {.config = *json::parse(config)->if_object()}));
    };
  };
  const std::vector<std::pair<std::string, Change>> changes = {
      {"deleted",
       [](Instance& instance) {
         REQUIRE(instance.world.control->delete_mcp_server(instance.tenant, instance.account,
                                                           instance.minted->row.id));
       }},
      {"narrowed", reconfigure(R"({"tags":["billing"]})")},
      {"a second factor asked for", reconfigure(R"({"require_api_token_auth":true})")},
      {"paused", reconfigure(R"({"paused":true})")},
      {"closed to the address", reconfigure(R"({"ip_allow":["192.0.2.0/24"]})")},
      {"denied what asks",
       reconfigure(R"({"deny_tools":["delete_a_desk_ticket_by_id","list_all_desk_tickets"]})")},
      {"other credentials", [](Instance& instance) {
         REQUIRE(instance.world.control->update_account(
             instance.tenant, instance.account,
             {.credentials = {{{"site", Secret("127.0.0.1:8")}, {"key", Secret("other")}}}}));
       }}};
  const std::vector<std::pair<std::string, std::string>> doors = {
      {"tools/call", R"({"name":"delete_a_desk_ticket_by_id","arguments":{}})"},
      {"completion/complete",
       R"({"ref":{"type":"ref/prompt","name":"tidy"},"argument":{"name":"which","value":"a"}})"}};
  const auto wait_at = [](Instance& instance, const std::string& token, const std::string& method,
                          const std::string& params) {
    return instance.endpoint.open(
        http::Method::post, "/mcp/" + token,
        {{"Content-Type", "application/json"}, {"Accept", "application/json, text/event-stream"}},
        legacy_body(method, params));
  };
  for (const auto& [how, change] : changes) {
    for (const auto& [method, params] : doors) {
      CAPTURE(how);
      CAPTURE(method);
      Instance instance;
      with_prompt(instance);
      const std::string token = instance.mint();
      const HeldTurns held(instance);
      const auto waiting = wait_at(instance, token, method, params);
      CHECK_FALSE(waiting->wait_for("result", std::chrono::seconds(0)));
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      CHECK_FALSE(waiting->begun());
      change(instance);
      // Nobody gives up a turn: what still waits would wait for good.
      CHECK(waiting->wait_for_end());
      if (method == "tools/call") {
        CHECK(waiting->text().contains("taken back or changed"));
      } else {
        CHECK(waiting->text().contains(R"("values":[])"));
      }
    }
  }
  // confirm_writes, turned on, ends what needs a yes that nobody gave, and nothing else.
  Instance instance;
  with_prompt(instance);
  const std::string token = instance.mint();
  const HeldTurns held(instance);
  const auto deletes = wait_at(instance, token, doors[0].first, doors[0].second);
  const auto lists =
      wait_at(instance, token, "tools/call", R"({"name":"list_all_desk_tickets","arguments":{}})");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  reconfigure(R"({"confirm_writes":true})")(instance);
  CHECK(deletes->wait_for_end());
  CHECK(deletes->text().contains("taken back or changed"));
  CHECK_FALSE(lists->begun());
}
