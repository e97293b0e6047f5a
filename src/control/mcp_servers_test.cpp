#include <algorithm>

#include <doctest/doctest.h>

#include "control/authority.h"
#include "control/test_world.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::control {
namespace {

using testing::World;

json::Value json_of(std::string_view text) {
  return json::parse(text).value();
}
json::Object object_of(std::string_view text) {
  return *json_of(text).if_object();
}

std::vector<std::string> tool_names(const McpServer& server) {
  std::vector<std::string> names;
  for (const catalog::Tool* tool : server.toolset->tools()) names.push_back(tool->name);
  return names;
}

Error refusal(World& world, std::string_view account_id, NewMcpServer server) {
  auto made = world.control->create_mcp_server(world.root, account_id, std::move(server));
  REQUIRE_FALSE(made);
  return made.error();
}

TEST_CASE("A minted server is found by its token at once, and only by it") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id, json_of(R"({"methods":["read"]})"));
  const auto server = world.find(minted.token);
  REQUIRE(server);
  CHECK(server->id == minted.row.id);
  CHECK(server->account->id() == account.id);
  CHECK(tool_names(*server) ==
        std::vector<std::string>{"list_all_desk_invoices", "get_single_desk_invoice_by_id",
                                 "list_all_desk_tickets", "get_single_desk_ticket_by_id"});
  CHECK_FALSE(world.find(vault::Token::generate(vault::TokenKind::mcp_server)));
  CHECK(minted.row.created_by == world.root.token_id);
  CHECK(world.holder.get(0)->find_server(minted.row.hash) == server);
}

TEST_CASE("Methods are ORed, tags are ORed, and both are ANDed") {
  World world;
  const auto account = world.connect(world.root);
  const auto count = [&](std::string_view config) {
    return world.find(world.mint(world.root, account.id, json_of(config)).token)
        ->toolset->tools()
        .size();
  };
  CHECK(count("{}") == 11);
  CHECK(count(R"({"methods":["read","write"]})") == 10);
  CHECK(count(R"({"methods":["custom"]})") == 1);
  CHECK(count(R"({"methods":["merge","list"]})") == 3);
  CHECK(count(R"({"tags":["support"]})") == 6);
  CHECK(count(R"({"tags":["support","billing"],"methods":["list"]})") == 2);
  CHECK(count(R"({"tags":["destructive"]})") == 2);
}

TEST_CASE("A config that cannot work is refused, and the answer says what would") {
  World world;
  const auto account = world.connect(world.root);
  const auto advice = [&](std::string_view config) {
    const Error error = refusal(world, account.id, {.name = "x", .config = object_of(config)});
    CHECK(error.code == ErrorCode::invalid_argument);
    return error.message + " " + error.hint;
  };
  const auto mentions = [](const std::string& text, std::string_view word) {
    CAPTURE(text);
    CHECK(text.find(word) != std::string::npos);
  };
  mentions(advice(R"({"methods":["raed"]})"), "read");
  mentions(advice(R"({"tags":["tickts"]})"), "tickets");
  mentions(advice(R"({"methods":["custom"],"tags":["billing"]})"), "tags");
  mentions(advice(R"({"method":["read"]})"), "'methods'");
  mentions(advice(R"({"methods":"read"})"), "array");
  mentions(advice(R"({"methods":[1]})"), "strings");
  mentions(advice(R"({"require_api_token_auth":"yes"})"), "true or false");
  mentions(advice(R"({"tool_exposure":"some"})"), "all, discovery");
  mentions(advice(R"({"tool_names":"some"})"), "long, short");
  mentions(advice(R"({"max_result_bytes":10})"), "2000");
  mentions(advice(R"({"max_result_bytes":"5000"})"), "whole number");
  mentions(advice(R"({"on_rate_limit":"retry"})"), "wait");
  mentions(advice(R"({"allow_tools":["list_all_desk_ticket"]})"), "list_all_desk_tickets");
  mentions(advice(R"({"deny_tools":["list_all_desk_ticket"]})"), "list_all_desk_tickets");
  mentions(advice(R"({"deny_tools":["list_*"]})"), "Unknown tool");
  mentions(advice(R"({"methods":["create"],"allow_tools":["list_all_desk_tickets"]})"),
           "leaves no tool");
  mentions(advice(R"({"ip_allow":["10.0.0.1/8"]})"), "10.0.0.0/8");
  mentions(advice(R"({"ip_allow":["home"]})"), "203.0.113.7");
  mentions(advice(R"({"ip_allow":"10.0.0.0/8"})"), "array");
  mentions(advice(R"({"paused":1})"), "true or false");
  mentions(advice(R"({"approve_by":"client"})"), "require_approval");
  mentions(advice(R"({"approval_expires_in":60})"), "require_approval");
  mentions(advice(R"({"unheld_tools":"leave_out"})"), "argument_limits");
  mentions(advice(R"({"quota":5})"), "object");
  mentions(advice(R"({"quota":{}})"), "empty");
  mentions(advice(R"({"quota":{"calls_per_hour":5}})"), "calls_per_");
  mentions(advice(R"({"quota":{"calls_per_day":0}})"), "paused");
  mentions(advice(R"({"quota":{"calls_per_day":1.5}})"), "whole number");
  mentions(advice(R"({"quota":{"writes_per_day":null}})"), "whole number");
  CHECK(world.control->mcp_servers(world.root, account.id)->empty());
}

TEST_CASE("A change of one bound leaves the others, and the last that goes takes the quota along") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id,
                                 json_of(R"({"quota":{"calls_per_minute":9,"calls_per_day":90}})"));
  const auto quota_after = [&](std::string_view config) {
    const auto changed = world.control->update_mcp_server(world.root, account.id, minted.row.id,
                                                          {.config = *json_of(config).if_object()});
    REQUIRE_MESSAGE(changed.has_value(), changed.error().message);
    const json::Value* const quota = changed->config.find("quota");
    return quota == nullptr ? std::string() : json::to_string(*quota);
  };
  CHECK(quota_after(R"({"quota":{"calls_per_day":50}})") ==
        R"({"calls_per_minute":9,"calls_per_day":50})");
  CHECK(quota_after(R"({"quota":{"calls_per_minute":null,"writes_per_day":5}})") ==
        R"({"calls_per_day":50,"writes_per_day":5})");
  CHECK(quota_after(R"({"quota":{"calls_per_day":null,"writes_per_day":null}})").empty());
}

TEST_CASE("An empty choice is refused, and what was stored with one goes on as it was") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto change = [&](std::string_view config) {
    return world.control->update_mcp_server(world.root, account.id, minted.row.id,
                                            {.config = *json_of(config).if_object()});
  };
  for (const char* config :
       {R"({"methods":[]})", R"({"tags":[]})", R"({"methods":["read"],"tags":[]})"}) {
    CAPTURE(config);
    const auto made = world.control->create_mcp_server(
        world.root, account.id, {.name = "x", .config = *json_of(config).if_object()});
    CHECK(made.error().code == ErrorCode::invalid_argument);
    CHECK(made.error().hint.contains("Leave it out to choose all"));
    CHECK(change(config).error().code == ErrorCode::invalid_argument);
  }
  // A change takes a member out by null; a new server has none to be taken out.
  for (const char* config : {R"({"methods":null})", R"({"methods":["read"],"tags":null})"}) {
    const auto made = world.control->create_mcp_server(
        world.root, account.id, {.name = "x", .config = *json_of(config).if_object()});
    CHECK(made.error().code == ErrorCode::invalid_argument);
  }
  auto row = minted.row;
  row.config = json_of(R"({"methods":[]})");
  sign(*world.vault, row);
  REQUIRE(world.repository->update(row));
  CHECK(world.start_again().empty());
  CHECK(world.find(minted.token)->toolset->tools().size() == 11);
  CHECK_FALSE(change(R"({"tags":["support"]})"));
  CHECK(change(R"({"tags":["support"],"methods":null})"));
}

TEST_CASE("Every switch of the config reaches the call path") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(
      world.root, account.id,
      json_of(R"({"require_api_token_auth":true,"max_result_bytes":5000,"on_rate_limit":"wait",
                  "structured_output":true,"confirm_writes":true,"tool_exposure":"all"})"));
  const auto server = world.find(minted.token);
  CHECK_FALSE(server->paused);
  CHECK(server->quota == nullptr);
  CHECK(server->allows(std::nullopt));
  CHECK(server->require_api_token_auth);
  CHECK(server->max_result_bytes == 5000);
  CHECK(server->max_file_bytes == 5000);
  CHECK(server->wait_on_rate_limit);
  CHECK(server->structured_output);
  CHECK(server->confirm_writes);

  const auto plain = world.find(world.mint(world.root, account.id).token);
  const auto wide = world.find(
      world.mint(world.root, account.id, json_of(R"({"max_result_bytes":50000})")).token);
  CHECK(wide->max_result_bytes == 50'000);
  CHECK(wide->max_file_bytes == 100'000);
  CHECK_FALSE(plain->require_api_token_auth);
  // What programs show whole; a file fills nobody's window.
  CHECK(plain->max_result_bytes == 30'000);
  CHECK(plain->max_file_bytes == 100'000);
  CHECK_FALSE(plain->wait_on_rate_limit);
  CHECK_FALSE(plain->structured_output);
  CHECK_FALSE(plain->confirm_writes);
}

TEST_CASE("Minting tells how many tools there are, against what clients take") {
  // Five tools of each resource.
  for (const auto& [resources, remark] :
       std::vector<std::pair<int, std::string>>{{8, ""},
                                                {9, "45 tools: within the 128"},
                                                {25, "125 tools: within the 128"},
                                                {26, "130 tools: more than the 128"}}) {
    CAPTURE(resources);
    auto integration = testing::fake_integration();
    integration->resources.clear();
    for (int i = 0; i < resources; ++i) {
      integration->resources.push_back(
          testing::fake_resource("things_" + std::to_string(1000 + i) + "s", {"support"}));
    }
    World world;
    world.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
    const auto account = world.connect(world.root);
    const auto told = world.control->tool_count(world.mint(world.root, account.id).row);
    CHECK(told.tools == static_cast<std::size_t>(resources * 5));
    CHECK(told.remark.empty() == remark.empty());
    CHECK_MESSAGE(told.remark.starts_with(remark), told.remark);
    CHECK((remark.empty() || told.remark.contains("40")));
  }
  World world;
  CHECK(world.control->tool_count(store::McpServerRow{}).tools == 0);
}

TEST_CASE("A name has 1 to 200 characters") {
  World world;
  const auto account = world.connect(world.root);
  for (const std::string& bad :
       {std::string(), std::string("   "), std::string("a\nb"), std::string(201, 'x')}) {
    CHECK(refusal(world, account.id, {.name = bad}).code == ErrorCode::invalid_argument);
  }
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "ü";
  CHECK(world.control->create_mcp_server(world.root, account.id, {.name = umlauts}));
}

TEST_CASE("An expiry lies at least sixty seconds ahead") {
  World world;
  const auto account = world.connect(world.root);
  const auto at = [&](int seconds) { return world.clock.now() + std::chrono::seconds(seconds); };
  for (const int seconds : {-1, 0, 59}) {
    const Error error = refusal(world, account.id, {.name = "x", .expires_at = at(seconds)});
    CHECK(error.code == ErrorCode::invalid_argument);
    CHECK(error.message.find("60") != std::string::npos);
  }
  CHECK(world.control->create_mcp_server(world.root, account.id,
                                         {.name = "x", .expires_at = at(60)}));
}

TEST_CASE("A change merges config member by member, and null removes one") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted =
      world.mint(world.root, account.id, json_of(R"({"methods":["read"],"tags":["support"]})"));
  const auto change = [&](McpServerChange wanted) {
    return world.control->update_mcp_server(world.root, account.id, minted.row.id,
                                            std::move(wanted));
  };
  const auto change_config = [&](std::string_view config) {
    return change({.config = object_of(config)});
  };
  CHECK(change_config(R"({"require_api_token_auth":true})")->config ==
        json_of(R"({"methods":["read"],"tags":["support"],"require_api_token_auth":true})"));
  CHECK(world.find(minted.token)->require_api_token_auth);
  CHECK(world.find(minted.token)->toolset->tools().size() == 2);

  CHECK(change_config(R"({"tags":null,"methods":["write"]})"));
  CHECK(world.find(minted.token)->toolset->tools().size() == 6);
  CHECK(change({.name = "Renamed"})->name == "Renamed");
  CHECK(world.find(minted.token)->name == "Renamed");

  CHECK(change_config(R"({"tags":["nope"]})").error().code == ErrorCode::invalid_argument);
  CHECK(change_config(R"({"tgas":[]})").error().hint.find("'tags'") != std::string::npos);
  CHECK(change_config(R"({"tgas":null})").error().hint.find("'tags'") != std::string::npos);
  CHECK(change({.name = " "}).error().code == ErrorCode::invalid_argument);
  CHECK(world.find(minted.token)->toolset->tools().size() == 6);
}

TEST_CASE("A change sets and clears the expiry") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto change = [&](Edit<WallTime> expires_at) {
    return world.control->update_mcp_server(world.root, account.id, minted.row.id,
                                            {.expires_at = expires_at});
  };
  const WallTime later = world.clock.now() + std::chrono::hours(1);
  CHECK(change(later)->expires_at == later);
  CHECK(world.find(minted.token)->expires_at == later);
  CHECK(change(Keep{})->expires_at == later);
  CHECK_FALSE(change(Clear{})->expires_at);
  CHECK_FALSE(world.find(minted.token)->expires_at);
  CHECK(change(world.clock.now() - std::chrono::hours(1)).error().code ==
        ErrorCode::invalid_argument);
}

TEST_CASE("A rotation replaces the token in one step") {
  World world;
  const auto account = world.connect(world.root);
  const auto first = world.mint(world.root, account.id);
  const auto second =
      world.control->rotate_mcp_server(world.root, account.id, first.row.id).value();
  CHECK_FALSE(world.find(first.token));
  REQUIRE(world.find(second.token));
  CHECK(world.find(second.token)->id == first.row.id);
  CHECK(world.control->mcp_servers(world.root, account.id)->size() == 1);
}

TEST_CASE("A deleted server is gone from calls and from lists") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  REQUIRE(world.control->delete_mcp_server(world.root, account.id, minted.row.id));
  CHECK_FALSE(world.find(minted.token));
  CHECK(world.control->mcp_server(world.root, account.id, minted.row.id).error().code ==
        ErrorCode::not_found);
  CHECK(world.control->delete_mcp_server(world.root, account.id, minted.row.id).error().code ==
        ErrorCode::not_found);
  CHECK(testing::all<store::McpServerRow>(*world.repository).empty());
}

TEST_CASE("Deleting an account takes its servers along") {
  World world;
  const auto account = world.connect(world.root);
  const auto other = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto kept = world.mint(world.root, other.id);
  CHECK(world.control->mcp_server(world.root, other.id, minted.row.id).error().code ==
        ErrorCode::not_found);  // not of that account
  REQUIRE(world.control->delete_account(world.root, account.id));
  CHECK_FALSE(world.find(minted.token));
  CHECK(world.find(kept.token));
}

TEST_CASE("Lists come newest first, in pages that neither repeat nor skip") {
  World world;
  const auto account = world.connect(world.root);
  std::vector<std::string> expected;
  for (int i = 0; i < 25; ++i) {
    if (i % 3 == 0) world.clock.advance(std::chrono::milliseconds(1));
    expected.push_back(world.mint(world.root, account.id).row.id);
  }
  std::vector<std::string> seen;
  Page page{.limit = 4, .after = {}};
  while (true) {
    const auto rows = world.control->mcp_servers(world.root, account.id, page).value();
    if (rows.empty()) break;
    for (const auto& row : rows) seen.push_back(row.id);
    page.after = {rows.back().created_at, rows.back().id};
    world.mint(world.root, account.id);  // newer than all: must not disturb
    world.clock.advance(std::chrono::milliseconds(1));
  }
  CHECK(seen.size() == 25);
  std::ranges::sort(seen);
  std::ranges::sort(expected);
  CHECK(seen == expected);
}

}  // namespace
}  // namespace patchbay::control
