// Every operation with a token of every scope: what may be done stands here once more, so that a
// new operation or a changed row of the table is seen.
#include <array>
#include <map>
#include <set>

#include "admin/test_door.h"

namespace patchbay::admin {
namespace {

using control::Scope;
using testing::Answer;
using testing::Door;

constexpr std::array kScopes{Scope::admin, Scope::read, Scope::mint, Scope::mcp};

const std::set<std::string_view> kReading{"listEnvironments",
                                          "getEnvironment",
                                          "listApiTokens",
                                          "listIntegrations",
                                          "getIntegration",
                                          "listRevisions",
                                          "getCapabilities",
                                          "listIntegratedAccounts",
                                          "getIntegratedAccount",
                                          "listMcpServers",
                                          "getMcpServer",
                                          "previewMcpServer",
                                          "getTool",
                                          "getActivity",
                                          "getOverview",
                                          "listEvents",
                                          "getEvent",
                                          "exportEvents",
                                          "verifyLog",
                                          "listWebhooks",
                                          "getWebhook",
                                          "listWebhookDeliveries",
                                          "getSession",
                                          "signOut"};
const std::set<std::string_view> kMinting{"listIntegrations",
                                          "getIntegration",
                                          "listRevisions",
                                          "getCapabilities",
                                          "listIntegratedAccounts",
                                          "getIntegratedAccount",
                                          "listMcpServers",
                                          "getMcpServer",
                                          "createMcpServer",
                                          "updateMcpServer",
                                          "deleteMcpServer",
                                          "rotateMcpServer",
                                          "getSession",
                                          "signOut",
                                          "previewMcpServer",
                                          "getTool"};

bool expected(std::string_view operation, Scope scope) {
  if (scope == Scope::admin) return true;
  if (scope == Scope::read) return kReading.contains(operation);
  return scope == Scope::mint && kMinting.contains(operation);
}

std::string token_of(Door& door, Scope scope, std::string limits = "") {
  const Answer made =
      door.post("/api-token", R"({"name":"t","scope":")" + std::string(control::to_string(scope)) +
                                  '"' + limits + "}");
  REQUIRE_MESSAGE(made.status == 201, made.text);
  CHECK(made["scope"] == control::to_string(scope));
  return std::string(made["token"]);
}

std::string target_of(const Operation& operation) {
  std::string target;
  for (const std::string_view segment : split(operation.route.pattern.substr(1), '/')) {
    target += segment.starts_with(':') ? "/nothing" : "/" + std::string(segment);
  }
  return target;
}

TEST_CASE("Each operation is open to the scopes that it is for, and to no other") {
  Door door;
  door.connect();
  for (const Scope scope : kScopes) {
    const std::string token = token_of(door, scope);
    int allowed = 0;
    for (const Operation& operation : operations()) {
      if (operation.access == Access::anybody) continue;  // whatever token comes with it
      CAPTURE(operation.words.id);
      CAPTURE(control::to_string(scope));
      const bool may = expected(operation.words.id, scope);
      const Answer answer = door({operation.route.method, target_of(operation),
                                  operation.body.empty() ? "" : "{}", token});
      const bool refused = answer.status == 403 && answer["message"].contains("scope");
      CHECK_MESSAGE(refused != may, answer.text);
      allowed += may ? 1 : 0;
    }
    const std::map<Scope, std::size_t> counts{{Scope::admin, operations().size() - 1},
                                              {Scope::read, kReading.size()},
                                              {Scope::mint, kMinting.size()},
                                              {Scope::mcp, 0}};
    CHECK(static_cast<std::size_t>(allowed) == counts.at(scope));
  }
}

TEST_CASE("A second factor is told what it is, at the admin API") {
  Door door;
  const Answer answer =
      door({.target = "/integrated-account", .token = token_of(door, Scope::mcp)});
  CHECK(answer.status == 403);
  CHECK(answer["message"].contains("second factor"));
}

TEST_CASE("Tokens that look or mint change nothing about tokens, accounts and environments") {
  Door door;
  const std::string account = door.connect();
  const auto tokens = door.get("/api-token").size();
  for (const Scope scope : {Scope::read, Scope::mint, Scope::mcp}) {
    const std::string token = token_of(door, scope);
    const std::string own(
        door.get("/api-token").body.find("result")->if_array()->front().string_or("id", ""));
    const auto refused = [&](http::Method method, std::string target, std::string body) {
      const Answer answer = door({method, std::move(target), std::move(body), token});
      CHECK_MESSAGE(answer.status == 403, answer.text);
    };
    refused(http::Method::post, "/api-token", R"({"name":"more"})");
    refused(http::Method::patch, "/api-token/" + own, R"({"scope":"admin"})");
    refused(http::Method::patch, "/integrated-account/" + account, R"({"name":"mine"})");
    refused(http::Method::delete_, "/integrated-account/" + account, "");
    refused(http::Method::post, "/environment", R"({"name":"mine"})");
  }
  CHECK(door.get("/api-token").size() == tokens + 3);
}

TEST_CASE("A token mints within its limits over the API, and is shown with them") {
  Door door;
  const std::string account = door.connect();
  const std::string other = door.connect();
  const std::string limits =
      R"(,"limits":{"integrated_account_ids":[")" + account + R"("],"methods":["read"]})";
  const std::string token = token_of(door, Scope::mint, limits);
  const auto mint = [&](const std::string& of, std::string config) {
    return door({http::Method::post, "/integrated-account/" + of + "/mcp",
                 R"({"name":"x","config":)" + config + "}", token});
  };
  CHECK(mint(account, R"({"methods":["read"]})").status == 201);
  const Answer wider = mint(account, "{}");
  CHECK(wider.status == 403);
  CHECK(wider.hint().contains("read"));
  CHECK(mint(account, R"({"methods":["read","write"]})").status == 403);
  CHECK(mint(other, R"({"methods":["read"]})").status == 404);
  CHECK(door({.target = "/integrated-account", .token = token}).size() == 1);
  json::Value shown;
  for (const json::Value& one : *door.get("/api-token").body.find("result")->if_array()) {
    if (one.string_or("scope", "") == "mint") shown = one;
  }
  CHECK(shown.find("limits")->find("methods")->if_array()->front() == json::Value("read"));
  const std::string id(shown.string_or("id", ""));
  CHECK(door.patch("/api-token/" + id, R"({"limits":{}})").status == 400);
  CHECK(door.patch("/api-token/" + id, R"({"scope":"mcp","limits":{"methods":["read"]}})").status ==
        400);
  CHECK(door.patch("/api-token/" + id, R"({"scope":"mcp"})").status == 200);
  CHECK(mint(account, R"({"methods":["read"]})").status == 403);
}

}  // namespace
}  // namespace patchbay::admin
