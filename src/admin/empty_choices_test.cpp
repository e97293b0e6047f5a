// Nothing empty opens everything: each list that the document lets a caller give, given empty.
#include <algorithm>
#include <set>

#include "admin/test_door.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::document;
using testing::Door;

const json::Value* resolved(const json::Value& all, const json::Value* schema) {
  const std::string_view reference = schema->string_or("$ref", "");
  if (reference.empty()) return schema;
  return all.find("components")->find("schemas")->find(reference.substr(reference.rfind('/') + 1));
}

struct ListMember {
  std::vector<std::string> path;
  const json::Value* schema;
};

// The lists within a body, wherever they stand.
void collect(const json::Value& all, const json::Value& schema, std::vector<std::string> path,
             std::vector<ListMember>& found) {
  const json::Value& here = *resolved(all, &schema);
  if (here.string_or("type", "") == "array") found.push_back({path, &here});
  const json::Value* const properties = here.find("properties");
  if (properties == nullptr) return;
  for (const auto& [name, member] : *properties->if_object()) {
    auto inner = path;
    inner.push_back(name);
    collect(all, member, std::move(inner), found);
  }
}

json::Value with_empty(const std::vector<std::string>& path, std::size_t depth = 0) {
  if (depth == path.size()) return json::Array{};
  return json::Object{{path[depth], with_empty(path, depth + 1)}};
}

TEST_CASE("An empty list in a body is refused, and the document says that it is not allowed") {
  Door door;
  const std::string account = door.connect();
  const std::string server(
      door.post("/integrated-account/" + account + "/mcp", R"({"name":"x"})")["id"]);
  const std::string token(door.post("/api-token", R"({"name":"x"})")["id"]);
  const json::Value all = document();
  std::set<std::string> tried;
  for (const Operation& operation : operations()) {
    if (operation.body.empty()) continue;
    std::vector<ListMember> lists;
    collect(all, *all.find("components")->find("schemas")->find(operation.body), {}, lists);
    for (const ListMember& list : lists) {
      const std::string name = join(list.path, ".");
      CAPTURE(operation.words.id);
      CAPTURE(name);
      const json::Value* const least = list.schema->find("minItems");
      CHECK((least != nullptr && least->as_int64().value_or(0) >= 1));
      std::string target;
      for (const std::string_view segment : split(operation.route.pattern.substr(1), '/')) {
        const bool of_tokens = operation.route.pattern.starts_with("/api-token");
        if (segment == ":mcp_id") {
          target += "/" + server;
        } else if (segment == ":tool") {
          target += "/list_all_desk_tickets";
        } else if (segment == ":name") {
          target += "/desk";
        } else {
          target += "/" + (segment == ":id" ? (of_tokens ? token : account) : std::string(segment));
        }
      }
      // With each scope, where the body has one: limits belong to some of them.
      for (const char* scope : {"", "mint", "mcp", "read", "admin"}) {
        json::Value body = with_empty(list.path);
        if (*scope != '\0' && list.path.front() == "limits") body["scope"] = scope;
        body["name"] = "x";
        const Answer answer = door({operation.route.method, target, json::to_string(body)});
        CHECK_MESSAGE(answer.status == 400, json::to_string(body) << answer.text);
      }
      tried.insert(name);
    }
  }
  CHECK(tried == std::set<std::string>{"config.allow_tools", "config.deny_tools", "config.ip_allow",
                                       "config.methods", "config.require_approval", "config.tags",
                                       "events", "files", "limits.integrated_account_ids",
                                       "limits.mcp_server_ids", "limits.methods", "limits.tags"});
}

// What says by being empty that it says nothing.
const std::set<std::string, std::less<>> kMayBeEmpty{
    "tenant_id",                   // a label of the operator's, for nobody
    "reason",                      // words of whoever decides, who may give none
    "description",                 // the same, of whoever makes it
    "name",        "integration",  // refused as such, or made up where left out
    "credentials", "settings",     // each is judged by its own rule
    "config",      "limits",      "expires_at"};

// In the document a type may be one or several.
bool allows_null(const json::Value& schema) {
  const json::Value* const type = schema.find("type");
  const json::Array* const types = type != nullptr ? type->if_array() : nullptr;
  return types != nullptr && std::ranges::any_of(*types, [](const json::Value& one) {
           return json::to_string(one) == R"("null")";
         });
}

TEST_CASE(
    "Nothing that decides how far a body reaches may be an empty text, or null unless the "
    "document says so") {
  Door door;
  const std::string account = door.connect();
  const std::string server(
      door.post("/integrated-account/" + account + "/mcp", R"({"name":"x"})")["id"]);
  const std::string token(door.post(
      "/api-token",
      R"({"name":"x","scope":"mcp","limits":{"mcp_server_ids":[")" + server + R"("]}})")["id"]);
  const json::Value all = document();
  std::set<std::string> tried;
  for (const Operation& operation : operations()) {
    if (operation.body.empty()) continue;
    const json::Value& schema = *all.find("components")->find("schemas")->find(operation.body);
    for (const auto& [name, member] : *schema.find("properties")->if_object()) {
      if (kMayBeEmpty.contains(name)) continue;
      CAPTURE(operation.words.id);
      CAPTURE(name);
      std::string target;
      for (const std::string_view segment : split(operation.route.pattern.substr(1), '/')) {
        const bool of_tokens = operation.route.pattern.starts_with("/api-token");
        if (segment == ":mcp_id") {
          target += "/" + server;
        } else if (segment == ":tool") {
          target += "/list_all_desk_tickets";
        } else if (segment == ":name") {
          target += "/desk";
        } else {
          target += "/" + (segment == ":id" ? (of_tokens ? token : account) : std::string(segment));
        }
      }
      const auto status_with = [&](json::Value value) {
        json::Value body = json::Object{{"name", "x"}};
        if (operation.words.id == "createIntegratedAccount") {
          body["integration"] = "desk";
          body["credentials"] = json::Object{{"site", "desk.example.com"}, {"key", "k"}};
        }
        body[name] = std::move(value);
        return door({operation.route.method, target, json::to_string(body)}).status;
      };
      CHECK(status_with("") == 400);
      CHECK(status_with("  ") == 400);
      if (!allows_null(*resolved(all, &member)) && name != "environment_id") {
        CHECK(status_with(nullptr) == 400);
      }
      tried.insert(name);
    }
  }
  CHECK(tried == std::set<std::string>{"arguments", "audit", "dry_run", "enabled", "environment_id",
                                       "events", "expires_in_seconds", "files", "link", "member",
                                       "overlap_seconds", "revision", "scope", "token", "url"});
  // Neither has become what it was not.
  const Answer tokens = door.get("/api-token?limit=1000");
  for (const json::Value& one : *tokens.body.find("result")->if_array()) {
    if (one.string_or("id", "") == token) CHECK(one.string_or("scope", "") == "mcp");
  }
}

TEST_CASE("Limits are given or left out: neither they nor one of them is null") {
  Door door;
  for (const char* limits :
       {"null", R"({"mcp_server_ids":null})", R"({"integrated_account_ids":null})",
        R"({"methods":null,"tags":["support"]})"}) {
    for (const char* scope : {"mint", "mcp", "admin"}) {
      const Answer made = door.post("/api-token", R"({"name":"x","scope":")" + std::string(scope) +
                                                      R"(","limits":)" + limits + "}");
      CHECK_MESSAGE(made.status == 400, made.text);
    }
  }
}

TEST_CASE("An empty filter is refused, in whatever form, and a full one is not") {
  Door door;
  const std::string account = door.connect();
  const json::Value all = document();
  int tried = 0;
  for (const auto& [path, item] : *all.find("paths")->if_object()) {
    const json::Value* const get = item.find("get");
    const json::Value* const parameters = get != nullptr ? get->find("parameters") : nullptr;
    if (parameters == nullptr) continue;
    std::string target = path;
    if (const auto at = target.find("{id}"); at != std::string::npos) {
      target.replace(at, 4, account);
    }
    if (const auto at = target.find("{tool}"); at != std::string::npos) {
      target.replace(at, 6, "list_all_desk_tickets");
    }
    for (const json::Value& parameter : *parameters->if_array()) {
      const std::string name(parameter.string_or("name", ""));
      if (parameter.string_or("in", "") != "query" || name == "limit" || name == "next_cursor" ||
          name == "value") {
        continue;
      }
      CAPTURE(name);
      for (const char* empty : {"", ",", "%20", ",,%20,", "%09"}) {
        const Answer answer = door.get(target + "?" + name + "=" + empty);
        CHECK_MESSAGE(answer.status == 400, answer.text);
        CHECK(answer["message"].contains("empty"));
      }
      CHECK(parameter.find("schema")->find("minLength") != nullptr);
      ++tried;
    }
  }
  CHECK(tried == 47);
  CHECK(door.get("/integrated-account?tenant_id=customer-7").size() == 1);
  CHECK(door.get("/integrated-account/" + account + "/capabilities?methods=read").status == 200);
}

}  // namespace
}  // namespace patchbay::admin
