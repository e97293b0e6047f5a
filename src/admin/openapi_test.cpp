#include "admin/openapi.h"

#include <fstream>
#include <iterator>
#include <set>

#include <doctest/doctest.h>

#include "admin/test_door.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::document;
using testing::Door;

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
    // Not of the API: pages for a person, and this document.
    const std::set<std::string_view> pages = {"/openapi.json", "/approve/:link", "/connect/:link",
                                              "/oauth/callback"};
    if (pages.contains(route.pattern)) continue;
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

// With a value in the place of each "{id}", and without a token: what is routed asks for one.
TEST_CASE("Each documented path is served, and knows no other method than the documented ones") {
  using enum http::Method;
  Door door;
  const json::Value all = document();
  for (const auto& [path, item] : *all.find("paths")->if_object()) {
    std::string target;
    for (const std::string_view segment : split(path.substr(1), '/')) {
      target += segment.starts_with('{') ? "/some-id" : "/" + std::string(segment);
    }
    CAPTURE(target);
    for (const http::Method method : {get, post, put, patch, delete_}) {
      const json::Value* const documented = item.find(to_lower(http::to_string(method)));
      // Also by a wider path: "preview" might be an id.
      const bool is_served =
          documented != nullptr || testing::operation_of(method, target) != nullptr;
      // For anybody, who has said nothing yet.
      const int asked =
          documented != nullptr && documented->find("security") != nullptr ? 400 : 401;
      CHECK(door({.method = method, .target = target, .token = ""}).status ==
            (is_served ? asked : 405));
    }
  }
}

TEST_CASE(
    "Parameters of a path are those that stand in it, and each operation says what it gives") {
  const json::Value all = document();
  for (const auto& [path, item] : *all.find("paths")->if_object()) {
    for (const auto& [method, operation] : *item.if_object()) {
      CAPTURE(path);
      std::string named;
      if (const json::Value* const parameters = operation.find("parameters")) {
        for (const json::Value& one : *parameters->if_array()) {
          if (one.string_or("in", "") != "path") continue;
          named += "{" + std::string(one.string_or("name", "")) + "}";
        }
      }
      std::string standing;
      for (const std::string_view segment : split(path, '/')) {
        if (segment.starts_with('{')) standing += segment;
      }
      CHECK(named == standing);
      CHECK(operation.find("responses")->find("default") != nullptr);
      CHECK(operation.find("responses")->if_object()->size() == 2);
    }
  }
}

TEST_CASE("docs/admin-api.md names every operation, and none that is not served") {
  std::ifstream file(PATCHBAY_SOURCE_DIR "/docs/admin-api.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> served;
  for (const Operation& operation : operations()) {
    served.insert(std::string(http::to_string(operation.route.method)) + " " +
                  std::string(operation.route.pattern));
  }
  std::set<std::string> documented;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.starts_with("| `")) continue;
    for (const std::string_view quoted : split(split(line, '|')[1], '`')) {
      if (quoted.find(" /") != std::string_view::npos) documented.emplace(quoted);
    }
  }
  CHECK(documented == served);
}

// The schemas that another one, or a path, leads to.
void collect_references(const json::Value& value, std::set<std::string>& names) {
  if (const json::Array* const array = value.if_array()) {
    for (const json::Value& one : *array) collect_references(one, names);
  }
  const json::Object* const object = value.if_object();
  if (object == nullptr) return;
  for (const auto& [name, member] : *object) {
    if (name == "$ref") {
      const std::string_view target = *member.if_string();
      names.emplace(target.substr(target.rfind('/') + 1));
    }
    collect_references(member, names);
  }
}

TEST_CASE("Every schema is used, and says of an object which members it has") {
  const json::Value all = document();
  std::set<std::string> used;
  collect_references(all, used);
  for (const auto& [name, schema] : *all.find("components")->find("schemas")->if_object()) {
    CAPTURE(name);
    CHECK(used.contains(name));
    CHECK(schema.find("allOf") == nullptr);
    if (schema.string_or("type", "") == "object") {
      CHECK(schema.find("additionalProperties") != nullptr);
      const json::Value* const required = schema.find("required");
      if (required == nullptr) continue;
      for (const json::Value& one : *required->if_array()) {
        CHECK(schema.find("properties")->find(*one.if_string()) != nullptr);
      }
    }
  }
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
  for (const Operation& operation : operations()) {
    CHECK(schemas.contains(operation.success.schema));
    if (!operation.body.empty()) CHECK(schemas.contains(operation.body));
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
  for (const Operation& operation : operations()) {
    if (operation.body.empty()) continue;
    std::string target;
    for (const std::string_view segment : split(operation.route.pattern.substr(1), '/')) {
      if (segment == ":mcp_id") {
        target += "/" + server;
      } else if (segment == ":tool") {
        target += "/list_all_desk_tickets";
      } else if (segment == ":name") {
        target += "/desk";
      } else if (segment == ":id") {
        target +=
            "/" + (operation.route.pattern.starts_with("/environment") ? environment : account);
      } else {
        target += "/" + std::string(segment);
      }
    }
    const Answer answer = door({operation.route.method, target, R"({"zzzzzzzz":1})"});
    CAPTURE(answer.text);
    REQUIRE(answer.status == 400);
    std::vector<std::string> members;
    for (const auto& [name, schema] : *all.find("components")
                                           ->find("schemas")
                                           ->find(operation.body)
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
