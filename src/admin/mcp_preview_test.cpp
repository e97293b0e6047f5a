// What a config would list, seen before it is minted.
#include <string>

#include "admin/test_door.h"
#include "json/write.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Door;

std::string names(const Answer& preview) {
  std::string all;
  for (const json::Value& tool : *preview.body.find("tools")->if_array()) {
    all += std::string(tool.string_or("name", "")) + " ";
  }
  return all;
}

struct Previewed {
  Door door;
  std::string account = door.connect();
  Answer operator()(std::string body) {
    return door.post("/integrated-account/" + account + "/mcp/preview", std::move(body));
  }
};

TEST_CASE("A preview lists the tools that a server of that config has, and stores nothing") {
  Previewed preview;
  const Answer all = preview("{}");
  CHECK(all.status == 200);
  CHECK(all.body.int64_or("tool_count", 0) == 11);
  const Answer some = preview(R"({"config":{"methods":["read"],"tags":["billing"]}})");
  CHECK(names(some) == "list_all_desk_invoices get_single_desk_invoice_by_id ");
  const json::Value& tool = some.body.find("tools")->if_array()->front();
  CHECK(tool.string_or("resource", "") == "invoices");
  CHECK(tool.string_or("method", "") == "list");
  CHECK(tool.string_or("title", "") != "");
  CHECK(json::to_string(*tool.find("tags")) == R"(["billing"])");
  // What a server that is minted of it says.
  const std::string servers = "/integrated-account/" + preview.account + "/mcp";
  CHECK(preview.door.get(servers).size() == 0);
  CHECK(
      preview.door.post(servers, R"({"name":"x","config":{"methods":["read"],"tags":["billing"]}})")
          .body.int64_or("tool_count", 0) == some.body.int64_or("tool_count", -1));
  // It is no change either.
  CHECK(preview.door.get("/log?tool=previewMcpServer").size() == 0);
}

TEST_CASE("What a tool costs is estimated by its bytes, and the whole is their sum") {
  Previewed preview;
  const Answer all = preview("{}");
  std::int64_t sum = 0;
  for (const json::Value& tool : *all.body.find("tools")->if_array()) {
    const std::int64_t tokens = tool.int64_or("tokens_estimate", 0);
    CHECK(tokens > static_cast<std::int64_t>(tool.string_or("name", "").size()) / 4);
    sum += tokens;
  }
  CHECK(all.body.int64_or("tokens_estimate", 0) == sum);
  CHECK(preview(R"({"config":{"methods":["read"]}})").body.int64_or("tokens_estimate", 0) < sum);
  for (const json::Value& client : *all.body.find("clients")->if_array()) {
    CHECK_FALSE(client.bool_or("exceeded", true));
  }
  CHECK(all.body.find("notices")->if_array()->empty());
}

TEST_CASE("More tools than clients take are told, by client") {
  Previewed preview;
  auto integration = control::testing::fake_integration();
  for (int i = 0; i < 30; ++i) {
    integration->resources.push_back(
        control::testing::fake_resource("things" + std::to_string(i) + "s", {"many"}));
  }
  preview.door.world.control->set_catalog(
      catalog::ToolCatalog::generate(std::move(integration)).value());
  const auto exceeded = [](const Answer& answer) {
    std::string all;
    for (const json::Value& client : *answer.body.find("clients")->if_array()) {
      if (!client.bool_or("exceeded", false)) continue;
      all += std::string(client.string_or("client", "")) + " " +
             std::string(client.string_or("kind", "")) + "; ";
    }
    return all;
  };
  const Answer all = preview("{}");
  CHECK(all.body.int64_or("tool_count", 0) == 161);
  CHECK(exceeded(all) ==
        "Cursor advice; VS Code and GitHub Copilot hard; ChatGPT and OpenAI's API hard; Copilot "
        "Studio hard; ");
  CHECK(all.body.find("notices")->if_array()->front().if_string()->contains("128"));
  const json::Value& warning = all.body.find("warnings")->if_array()->front();
  CHECK(warning.string_or("code", "") == "many_tools");
  CHECK(warning.string_or("hint", "").contains("discovery"));
  // The same is told of one that is minted.
  const Answer minted =
      preview.door.post("/integrated-account/" + preview.account + "/mcp", R"({"name":"x"})");
  CHECK(json::to_string(*minted.body.find("warnings")) ==
        json::to_string(*all.body.find("warnings")));
  CHECK(minted.body.string_or("client_name", "") == "desk");
  const Answer found = preview(R"({"config":{"tool_exposure":"discovery"}})");
  CHECK(found.body.int64_or("tool_count", 0) == 4);
  CHECK(found.body.find("found_by_search")->if_array()->size() == 161);
  CHECK(found.body.find("warnings")->if_array()->empty());
  CHECK(found.body.int64_or("tokens_estimate", 0) <= 1'200);
  CHECK(exceeded(preview(R"({"config":{"methods":["read"]}})")) == "Cursor advice; ");
}

TEST_CASE("A config that would be refused is refused in a preview with the same words") {
  Previewed preview;
  const std::string servers = "/integrated-account/" + preview.account + "/mcp";
  for (const std::string& config :
       {std::string(R"({"methods":["nonsense"]})"), std::string(R"({"tags":[]})"),
        std::string(R"({"nonsense":1})"), std::string(R"({"tags":["support"],"methods":null})"),
        std::string(R"({"allow_tools":["nothing"]})"),
        std::string(R"({"require_approval":["nothing"]})")}) {
    const Answer seen = preview(R"({"config":)" + config + "}");
    const Answer minted = preview.door.post(servers, R"({"name":"x","config":)" + config + "}");
    CHECK_MESSAGE(seen.status == 400, seen.text);
    CHECK(seen.text == minted.text);
  }
  CHECK(preview(R"({"config":null,"nonsense":1})").status == 400);
  CHECK(preview(R"({"config":7})").status == 400);
  CHECK(preview(R"({"member":""})").status == 400);
  // Nobody of that name is at the upstream.
  CHECK(preview(R"({"member":"jdoe"})").status == 400);
  CHECK(preview.door.post("/integrated-account/acc_nothing/mcp/preview", "{}").status == 404);
}

TEST_CASE("A preview for a member is made once the member is found") {
  Previewed preview;
  preview.door.world.find_member = [](const upstream::Account&, const std::string& named) {
    return Result<upstream::Member>(upstream::Member{.id = 7, .login = named, .name = "Jane Doe"});
  };
  CHECK(preview(R"({"member":"jdoe"})").status == 200);
}

TEST_CASE("A preview keeps within a mint token's limits, and behind the wall of an environment") {
  Previewed preview;
  Door& door = preview.door;
  const std::string path = "/integrated-account/" + preview.account + "/mcp/preview";
  const auto token = [&](const std::string& more) {
    return std::string(door.post("/api-token", R"({"name":"t",)" + more + "}")["token"]);
  };
  const auto ask = [&](const std::string& with, std::string body) {
    return door({http::Method::post, path, std::move(body), with}).status;
  };
  const std::string minting = token(R"("scope":"mint","limits":{"methods":["read"]})");
  CHECK(ask(minting, R"({"config":{"methods":["read"]}})") == 200);
  CHECK(ask(minting, "{}") == 403);
  const std::string elsewhere =
      token(R"("scope":"mint","limits":{"integrated_account_ids":[")" + door.connect() + R"("]})");
  CHECK(ask(elsewhere, "{}") == 404);
  CHECK(ask(token(R"("scope":"read")"), "{}") == 200);
  CHECK(ask(token(R"("scope":"mcp")"), "{}") == 403);
  const std::string other(door.post("/environment", R"({"name":"B"})")["id"]);
  CHECK(ask(token(R"("environment_id":")" + other + "\""), "{}") == 404);
  CHECK(ask("", "{}") == 401);
}

}  // namespace
}  // namespace patchbay::admin
