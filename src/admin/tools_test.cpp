// An account's tools one by one, at the API's door.
#include <string>

#include "admin/test_door.h"
#include "json/write.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Door;

struct Tools {
  Door door;
  std::string account = door.connect();
  std::string path(const std::string& tool, const std::string& more = "") const {
    return "/integrated-account/" + account + "/tool/" + tool + more;
  }
  Answer attempt(const std::string& tool, std::string body) {
    return door.post(path(tool, "/try"), std::move(body));
  }
};

constexpr const char* kList = "list_all_desk_tickets";
constexpr const char* kDelete = "delete_a_desk_ticket_by_id";

// An integration whose writes can be shown, and name records.
void give_dry_runs(Door& door) {
  auto integration = control::testing::fake_integration();
  for (integration::Resource& resource : integration->resources) {
    for (integration::Method& method : resource.methods) {
      if (method.kind == integration::MethodKind::custom) continue;
      integration::Argument company;
      company.name = "company";
      company.type = integration::FieldType::reference;
      company.schema = json::Object{{"type", "string"}};
      company.reference = integration::Reference{
          .resource = "tickets", .match = {}, .known_by = {}, .scopes = {}, .list_tool = {}};
      method.arguments.push_back(company);
      if (!method.writes()) continue;
      integration::Argument dry_run;
      dry_run.name = "dry_run";
      dry_run.place = integration::ArgumentPlace::platform;
      dry_run.type = integration::FieldType::boolean;
      dry_run.schema = json::Object{{"type", "boolean"}};
      method.arguments.push_back(dry_run);
    }
  }
  door.world.control->set_catalog(catalog::ToolCatalog::generate(std::move(integration)).value());
}

TEST_CASE("A tool is told with its schema, its hints and what it costs") {
  Tools tools;
  give_dry_runs(tools.door);
  const Answer tool = tools.door.get(tools.path(kDelete));
  REQUIRE_MESSAGE(tool.status == 200, tool.text);
  CHECK(tool["name"] == kDelete);
  CHECK(tool["resource"] == "tickets");
  CHECK(tool["method"] == "delete");
  CHECK(tool.body.bool_or("writes", false));
  CHECK(tool.body.bool_or("has_dry_run", false));
  CHECK(json::to_string(*tool.body.find("completes")) == R"(["company"])");
  CHECK(tool.body.find("input_schema")->string_or("type", "") == "object");
  CHECK(tool.body.find("annotations")->find("destructive") != nullptr);
  CHECK_FALSE(tools.door.get(tools.path(kList)).body.bool_or("writes", true));
  // As the preview has it.
  const Answer preview =
      tools.door.post("/integrated-account/" + tools.account + "/mcp/preview", "{}");
  for (const json::Value& one : *preview.body.find("tools")->if_array()) {
    if (one.string_or("name", "") != kDelete) continue;
    CHECK(one.int64_or("tokens_estimate", 0) == tool.body.int64_or("tokens_estimate", -1));
  }
  const Answer wrong = tools.door.get(tools.path("delete_a_desk_tickets_by_id"));
  CHECK(wrong.status == 404);
  CHECK(wrong.hint().contains(kDelete));
  CHECK(tools.door.get("/integrated-account/acc_nothing/tool/x").status == 404);
}

TEST_CASE("A tool that writes is only shown unless it is said otherwise") {
  Tools tools;
  give_dry_runs(tools.door);
  const auto asked = [&] {
    return json::to_string(json::Value(tools.door.trials.asked.arguments)) +
           (tools.door.trials.asked.only_shown ? " shown" : " called");
  };
  CHECK(tools.attempt(kDelete, R"({"arguments":{"id":7}})").status == 200);
  CHECK(asked() == R"({"id":7,"dry_run":true} shown)");
  CHECK(tools.attempt(kDelete, R"({"arguments":{"id":7},"dry_run":true})").status == 200);
  CHECK(asked() == R"({"id":7,"dry_run":true} shown)");
  CHECK(tools.attempt(kDelete, R"({"arguments":{"id":7},"dry_run":false})").status == 200);
  CHECK(asked() == R"({"id":7} called)");
  CHECK(tools.attempt(kList, R"({"arguments":{}})").status == 200);
  CHECK(asked() == "{} called");
  CHECK(tools.attempt(kList, "{}").status == 200);
  CHECK_FALSE(tools.door.trials.asked.api_token_id.empty());
  // Its merging has no dry run.
  CHECK(tools.attempt("desk_tickets_merge", "{}").status == 400);
  CHECK(tools.attempt("desk_tickets_merge", R"({"dry_run":false})").status == 200);
  // It is the call that is in the log, and no change of this API.
  CHECK(tools.door.get("/log?tool=tryTool").size() == 0);
}

TEST_CASE("What is no way to try a tool is refused") {
  Tools tools;
  give_dry_runs(tools.door);
  for (const char* wrong :
       {R"({"arguments":7})", R"({"arguments":null})", R"({"dry_run":"no"})", R"({"dry_run":null})",
        R"({"arguments":{"dry_run":false}})", R"({"nonsense":1})", "[]", ""}) {
    CHECK_MESSAGE(tools.attempt(kDelete, wrong).status >= 400, wrong);
  }
  CHECK(tools.attempt(kList, R"({"dry_run":true})").status == 400);
  CHECK(tools.attempt("nothing", "{}").status == 404);
  tools.door.trials.tried = fail(ErrorCode::rate_limited, "Several.");
  CHECK(tools.attempt(kList, "{}").status == 429);
}

TEST_CASE("What came of a call is told with its request, sizes and times") {
  Tools tools;
  tools.door.trials.tried = control::Tried{
      .text = R"({"result":[]})",
      .request = json::Object{{"method", "GET"}, {"url", "https://x/y"}, {"body", nullptr}},
      .upstream_status = 200,
      .raw = R"([{"a":null}])",
      .raw_bytes = 12,
      .tokens_saved_estimate = 3,
      .duration = std::chrono::microseconds(1'500),
      .upstream_duration = std::chrono::microseconds(250),
      .stages = {{"names", std::chrono::microseconds(1'000)}}};
  const Answer tried = tools.attempt(kList, "{}");
  CHECK(tried["text"] == R"({"result":[]})");
  CHECK(tried["raw"] == R"([{"a":null}])");
  CHECK(tried.body.int64_or("text_bytes", 0) == 13);
  CHECK(tried.body.int64_or("upstream_status", 0) == 200);
  CHECK(json::to_string(*tried.body.find("duration_ms")) == "1.5");
  CHECK(json::to_string(*tried.body.find("stages")) == R"([{"name":"names","duration_ms":1.0}])");
  tools.door.trials.tried = control::Tried{.text = "{}", .is_error = true};
  const Answer failed = tools.attempt(kList, "{}");
  CHECK(failed.status == 200);
  CHECK(failed.body.find("request")->is_null());
  CHECK(failed.body.find("raw")->is_null());
  CHECK(failed.body.find("upstream_status")->is_null());
}

TEST_CASE("An argument is completed within what the others say") {
  Tools tools;
  give_dry_runs(tools.door);
  tools.door.trials.names =
      control::CompletedNames{.values = {"Acme Corp", "Acme Ltd"}, .has_more = true};
  const std::string complete = tools.path(kDelete, "/complete");
  const Answer found =
      tools.door.get(complete + "?argument=company&value=ac&context=%7B%22id%22%3A7%7D");
  REQUIRE_MESSAGE(found.status == 200, found.text);
  CHECK(json::to_string(*found.body.find("values")) == R"(["Acme Corp","Acme Ltd"])");
  CHECK(found.body.bool_or("has_more", false));
  CHECK(tools.door.trials.completed == "company=ac");
  CHECK(tools.door.trials.asked.arguments.find("id") != nullptr);
  CHECK(tools.door.get(complete + "?argument=company&value=").status == 200);
  CHECK(tools.door.get(complete + "?argument=company").status == 200);
  for (const char* wrong :
       {"", "?value=x", "?argument=", "?argument=nothing", "?argument=company&context=7",
        "?argument=company&context=%7B", "?argument=company&nonsense=1"}) {
    CHECK_MESSAGE(tools.door.get(complete + wrong).status == 400, wrong);
  }
}

TEST_CASE("The records that a tool lists are completed by their names, with their ids") {
  Tools tools;
  give_dry_runs(tools.door);
  tools.door.trials.names =
      control::CompletedNames{.values = {"Acme", "Acme Ltd"}, .ids = {7, 0}, .has_more = false};
  const Answer found = tools.door.get(tools.path(kList, "/complete?value=ac"));
  REQUIRE_MESSAGE(found.status == 200, found.text);
  CHECK(tools.door.trials.completed == "=ac");
  // Several are called by the second.
  CHECK(json::to_string(*found.body.find("ids")) == "[7,null]");
  CHECK(tools.door.get(tools.path(kList, "/complete")).status == 200);
}

TEST_CASE("Only who may do everything calls tools, and only in its own environment") {
  Tools tools;
  Door& door = tools.door;
  const std::string second = door.connect();
  const auto token = [&](const std::string& more) {
    return std::string(door.post("/api-token", R"({"name":"t",)" + more + "}")["token"]);
  };
  const std::string other(door.post("/environment", R"({"name":"B"})")["id"]);
  const std::string own(door.get("/integrated-account/" + tools.account)["environment_id"]);
  const auto statuses = [&](const std::string& with) {
    return std::to_string(door({.target = tools.path(kList), .token = with}).status) + " " +
           std::to_string(
               door({http::Method::post, tools.path(kList, "/try"), "{}", with}).status) +
           " " +
           std::to_string(
               door({.target = tools.path(kList, "/complete?argument=id"), .token = with}).status);
  };
  CHECK(statuses(token(R"("environment_id":")" + own + "\"")).starts_with("200 200 "));
  CHECK(statuses(token(R"("environment_id":")" + other + "\"")) == "404 404 404");
  CHECK(statuses(token(R"("scope":"read")")) == "200 403 403");
  CHECK(statuses(token(R"("scope":"mint")")) == "200 403 403");
  CHECK(statuses(token(R"("scope":"mcp")")) == "403 403 403");
  CHECK(statuses(token(R"("scope":"mint","limits":{"integrated_account_ids":[")" + second +
                       R"("]})")) == "404 403 403");
  CHECK(statuses("") == "401 401 401");
}

}  // namespace
}  // namespace patchbay::admin
