// An account's tools called by an operator: what is recorded, and what is bounded.
#include "servers/account_tools.h"

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "audit/event_json.h"
#include "audit/log.h"
#include "json/write.h"
#include "servers/test_instance.h"

namespace patchbay::servers {
namespace {

using testing::Instance;

struct Desk {
  Instance instance;
  std::string refused;  // whose credentials
  AccountTools tools{*instance.runtime, *instance.gateway,
                     [this](const control::McpServer& server) { refused = server.account->id(); }};

  control::ToolTrial trial(const char* tool, json::Object arguments = {}) {
    auto with =
        instance.world.control->preview_mcp_server(instance.tenant, instance.account, {}).value();
    const catalog::Tool* const found = with->toolset->find(tool);
    REQUIRE(found != nullptr);
    return {.with = std::move(with),
            .tool = found,
            .arguments = std::move(arguments),
            .api_token_id = "tok_1",
            .request_id = "req_1"};
  }
  // The only event of that tool, once it is written.
  json::Value event(const char* tool) {
    for (int i = 0; i < 500; ++i) {
      const auto page = audit::read_log(*instance.world.repository, {.tool = tool}, {}, 10).value();
      if (!page.events.empty()) return audit::view(page.events.front());
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return {};
  }
};

TEST_CASE("A tool that is tried leaves an event of the API token, and of no MCP server") {
  Desk desk;
  // The address guard lets nothing out: the request is made, and no answer comes.
  const auto tried = desk.tools.run(desk.trial("list_all_desk_tickets")).value();
  CHECK(tried.is_error);
  CHECK(json::parse(tried.text)->find("error") != nullptr);
  CHECK(tried.request.string_or("method", "") == "GET");
  CHECK(tried.request.string_or("url", "") == "https://127.0.0.1:9/api/list");
  CHECK(tried.upstream_status == 0);
  CHECK(tried.raw.empty());
  CHECK(tried.tokens_saved_estimate == 0);
  CHECK(tried.duration.count() > 0);
  REQUIRE_FALSE(tried.stages.empty());
  CHECK(tried.stages.front().name == "arguments");
  const json::Value event = desk.event("list_all_desk_tickets");
  CHECK(event.string_or("api_token_id", "") == "tok_1");
  CHECK(event.string_or("request_id", "") == "req_1");
  CHECK(event.string_or("integrated_account_id", "") == desk.instance.account);
  CHECK(event.find("mcp_server_id")->is_null());
  CHECK(event.string_or("outcome", "") == "failed");
  CHECK_FALSE(json::to_string(tried.request).contains("hunter2"));
}

TEST_CASE("What cannot be completed has no names, and is no fault") {
  Desk desk;
  const auto names =
      desk.tools.complete(desk.trial("list_all_desk_tickets"), "nothing", "a").value();
  CHECK(names.values.empty());
  CHECK_FALSE(names.has_more);
}

}  // namespace
}  // namespace patchbay::servers
