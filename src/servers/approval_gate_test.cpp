// require_approval through the endpoint: what waits, who is asked, and what an answer is worth.
#include <atomic>

#include "servers/test_instance.h"

namespace patchbay::servers {
namespace {

using namespace testing;

constexpr std::string_view kDelete = "delete_a_desk_ticket_by_id";
constexpr std::string_view kAsking =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}})";

json::Value text_of(const Reaction& reaction) {
  const json::Value* const content = reaction.result().find("content");
  if (content == nullptr) return {};
  return json::parse(content->if_array()->at(0).string_or("text", "null")).value_or(json::Value());
}

// The desk, whose methods write.
std::shared_ptr<const catalog::ToolCatalog> writing_catalog() {
  const auto integration = control::testing::fake_integration();
  for (integration::Resource& resource : integration->resources) {
    for (integration::Method& method : resource.methods) {
      if (method.name == "create") method.verb = integration::Verb::post;
      if (method.name == "delete") method.verb = integration::Verb::delete_;
    }
  }
  return catalog::ToolCatalog::generate(integration).value();
}

struct Desk {
  Instance instance;
  std::atomic<int> sent = 0;
  std::string token;

  explicit Desk(std::string_view config) {
    CHECK(instance.world.control->set_catalog(writing_catalog()).empty());
    token = instance.mint(config);
    approvals().send_with(
        [this](const vault::TokenHash&, const std::shared_ptr<const control::McpServer>&,
               const control::Approval& approval) {
          CHECK(approval.row.state == "sending");
          ++sent;
          return control::Sent{
              .state = control::Sent::State::done, .text = R"({"id":7})", .shown_now = {}};
        },
        std::chrono::minutes(1));
  }
  control::Approvals& approvals() { return instance.world.control->approvals(); }
  Reaction call(std::string_view tool, std::string_view arguments = "{}") {
    return instance.post(
        token, legacy_body("tools/call", R"({"name":")" + std::string(tool) + R"(","arguments":)" +
                                             std::string(arguments) + "}"));
  }
  // As a client of 2026-07-28 that can ask; `more`: members beside the name.
  Reaction ask(const std::string& more = "") {
    return instance.post(token,
                         R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" +
                             std::string(kDelete) + R"(","arguments":{},)" + more +
                             std::string(kAsking) + "}}",
                         modern_headers("tools/call", kDelete));
  }
  std::string held(std::string_view tool = kDelete) {
    const Reaction reaction = call(tool);
    CHECK_MESSAGE(error_code(reaction) == "approval_required", reaction.body);
    const json::Value told = text_of(reaction);
    const json::Value* const approval = told.find("approval");
    return approval != nullptr ? std::string(approval->string_or("id", "")) : "";
  }
  std::string state_of(const std::string& id) {
    return approvals().approval(instance.tenant, id).value().row.state;
  }
};

TEST_CASE("a call that needs a yes is kept, and the same call again is the same approval") {
  Desk desk(R"({"require_approval":["delete"]})");
  const std::string id = desk.held();
  REQUIRE(id.starts_with("apr_"));
  CHECK(desk.held() == id);
  CHECK(desk.state_of(id) == "pending");
  CHECK(desk.sent == 0);
  const auto shown = desk.approvals().approval(desk.instance.tenant, id).value();
  CHECK(shown.row.tool == kDelete);
  CHECK(shown.content.find("shown")->find("request")->string_or("path", "") == "/delete");
}

TEST_CASE("what became of it is told by the same call and by its id, on that server alone") {
  Desk desk(R"({"require_approval":["delete"]})");
  const std::string id = desk.held();
  REQUIRE(desk.approvals().approve(desk.instance.tenant, id, "as agreed"));
  CHECK(desk.sent == 1);
  const json::Value again = text_of(desk.call(kDelete));
  CHECK(again.find("approval")->string_or("state", "") == "done");
  CHECK(again.find("result")->int64_or("id", 0) == 7);
  const std::string asked = R"({"approval_id":")" + id + R"("})";
  const json::Value status = text_of(desk.call("get_approval_status", asked));
  CHECK(status.find("approval")->string_or("state", "") == "done");
  CHECK(desk.sent == 1);
  desk.token = desk.instance.mint(R"({"require_approval":["delete"]})");
  CHECK(error_code(desk.call("get_approval_status", asked)) == "not_found");
}

TEST_CASE("reads and what no rule names go on; where nothing waits there is no status to ask for") {
  Desk desk(R"({"require_approval":["delete"]})");
  // The upstream is out of reach, and that is what they say.
  for (const std::string_view tool : {"list_all_desk_tickets", "create_a_desk_ticket"}) {
    const std::string code = error_code(desk.call(tool));
    CHECK_MESSAGE(code != "approval_required", tool);
    CHECK_FALSE(code.empty());
  }
  desk.token = desk.instance.mint();
  CHECK(desk.call("get_approval_status", R"({"approval_id":"apr_1"})").error_code() == -32602);
}

TEST_CASE("who decides is the operator, unless the config lets the client be asked") {
  Desk desk(R"({"require_approval":["delete"]})");
  CHECK(error_code(desk.ask()) == "approval_required");
  desk.token = desk.instance.mint(R"({"require_approval":["delete"],"approve_by":"client"})");
  CHECK(desk.ask().result().string_or("resultType", "") == "input_required");
  // Who cannot be asked waits.
  CHECK(error_code(desk.call(kDelete)) == "approval_required");
  CHECK(desk.sent == 0);
}

TEST_CASE(
    "an answer counts with the state of the question, and for the call that was asked about") {
  Desk desk(R"({"require_approval":["delete"],"approve_by":"client"})");
  const auto answered = [](std::string_view content) {
    return R"("inputResponses":{"approve":)" + std::string(content) + "},";
  };
  const std::string yes = answered(R"({"action":"accept","content":{"approve":true}})");
  const std::string state = R"("requestState":")" +
                            std::string(desk.ask().result().string_or("requestState", "")) +
                            R"(",)";
  CHECK(desk.ask(yes).result().string_or("resultType", "") == "input_required");
  CHECK(desk.sent == 0);
  CHECK(error_code(desk.ask(answered(R"({"action":"cancel"})") + state)) == "approval_required");
  CHECK(desk.sent == 0);
  const json::Value done = text_of(desk.ask(yes + state));
  CHECK(done.find("approval")->string_or("state", "") == "done");
  CHECK(desk.sent == 1);
  CHECK(text_of(desk.ask(yes + state)).find("approval")->string_or("state", "") == "done");
  CHECK(desk.sent == 1);
}

TEST_CASE("a no at the client is a no") {
  Desk desk(R"({"require_approval":["delete"],"approve_by":"client"})");
  const std::string state(desk.ask().result().string_or("requestState", ""));
  const Reaction refused = desk.ask(
      R"("inputResponses":{"approve":{"action":"decline"}},"requestState":")" + state + R"(",)");
  CHECK_MESSAGE(error_code(refused) == "approval_refused", refused.body);
  CHECK(desk.sent == 0);
}

TEST_CASE("the second factor with which a call came in does not approve it") {
  Desk desk(R"({"require_approval":["delete"],"require_api_token_auth":true})");
  const std::string mine =
      desk.instance.api_token(desk.instance.tenant, desk.instance.tenant.environment_id);
  const Reaction reaction = desk.instance.post(
      desk.token,
      legacy_body("tools/call", R"({"name":"delete_a_desk_ticket_by_id","arguments":{}})"),
      {{"X-Api-Token", mine}});
  const std::string id(text_of(reaction).find("approval")->string_or("id", ""));
  const auto self = desk.instance.world.authenticate(mine);
  REQUIRE(self.has_value());
  CHECK(desk.approvals().approve(*self, id, "").error().code == ErrorCode::permission_denied);
  CHECK(desk.sent == 0);
  CHECK(desk.approvals().approve(desk.instance.tenant, id, ""));
}

}  // namespace
}  // namespace patchbay::servers
