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
  std::string path(const std::string& tool) const {
    return "/integrated-account/" + account + "/tool/" + tool;
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

}  // namespace
}  // namespace patchbay::admin
