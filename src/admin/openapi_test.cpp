#include "admin/openapi.h"

#include <set>

#include <doctest/doctest.h>

#include "admin/test_door.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Door;

json::Value document() {
  return json::parse(openapi_document()).value();
}

std::string templated(std::string_view pattern) {
  std::string path;
  for (const std::string_view segment : split(pattern.substr(1), '/')) {
    path += segment.starts_with(':') ? "/{" + std::string(segment.substr(1)) + "}"
                                     : "/" + std::string(segment);
  }
  return path;
}

TEST_CASE("The document and the routes name the same operations") {
  Door door;
  std::set<std::string> routed;
  for (const auto& route : door.router.routes()) {
    if (route.pattern == "/openapi.json") continue;
    routed.insert(to_lower(http::to_string(route.method)) + " " + templated(route.pattern));
  }
  std::set<std::string> documented;
  std::set<std::string> operation_ids;
  const json::Value all = document();
  for (const auto& [path, item] : *all.find("paths")->if_object()) {
    for (const auto& [method, operation] : *item.if_object()) {
      documented.insert(method + " " + path);
      CHECK(operation_ids.emplace(operation.string_or("operationId", "")).second);
      CHECK_FALSE(operation.string_or("summary", "").empty());
    }
  }
  CHECK(routed == documented);
}

TEST_CASE("Every schema compiles, and every one that is named exists") {
  const json::Value all = document();
  const json::Object& schemas = *all.find("components")->find("schemas")->if_object();
  CHECK(schemas.size() > 20);
  for (const auto& [name, schema] : schemas) {
    CHECK_MESSAGE(schema::Validator::compile(json::Object{{"$ref", "#/components/schemas/" + name},
                                                          {"components", *all.find("components")}}),
                  name);
  }
  for (const Endpoint& endpoint : endpoints()) {
    CHECK(schemas.contains(endpoint.response));
    if (!endpoint.request.empty()) CHECK(schemas.contains(endpoint.request));
  }
}

TEST_CASE("The document is served to anybody, as it is") {
  Door door;
  const Answer answer = door({.target = "/openapi.json", .token = ""});
  CHECK(answer.status == 200);
  CHECK(answer["openapi"] == "3.1.0");
  CHECK(answer.headers.find("Content-Type") == "application/json");
}

// The advice of a refused member lists the known ones: they must be those of the schema.
TEST_CASE("Bodies accept exactly the members that the document names") {
  Door door;
  const std::string account = door.connect();
  const std::string server(
      door.post("/integrated-account/" + account + "/mcp", R"({"name":"x"})")["id"]);
  const std::string environment(door.get("/integrated-account/" + account)["environment_id"]);
  const json::Value all = document();
  for (const Endpoint& endpoint : endpoints()) {
    if (endpoint.request.empty()) continue;
    std::string target;
    for (const std::string_view segment : split(endpoint.pattern.substr(1), '/')) {
      if (segment == ":mcp_id") {
        target += "/" + server;
      } else if (segment == ":id") {
        target += "/" + (endpoint.pattern.starts_with("/environment") ? environment : account);
      } else {
        target += "/" + std::string(segment);
      }
    }
    const Answer answer = door({endpoint.method, target, R"({"zzzzzzzz":1})"});
    CAPTURE(answer.text);
    REQUIRE(answer.status == 400);
    std::vector<std::string> members;
    for (const auto& [name, schema] : *all.find("components")
                                           ->find("schemas")
                                           ->find(endpoint.request)
                                           ->find("properties")
                                           ->if_object()) {
      members.push_back(name);
    }
    const std::string hint(answer.hint());
    const std::string known = hint.substr(hint.find("Known: ") + 7);
    std::set<std::string> accepted;
    for (const std::string_view name : split(known.substr(0, known.size() - 1), ',')) {
      accepted.emplace(trim(name));
    }
    CHECK(accepted == std::set<std::string>(members.begin(), members.end()));
  }
}

}  // namespace
}  // namespace patchbay::admin
