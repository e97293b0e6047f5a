// require_approval: what may be said, what is refused at minting, and which calls need a yes.
#include "control/approval_rules.h"

#include "control/test_world.h"
#include "json/parse.h"

namespace patchbay::control {
namespace {

using testing::World;

std::shared_ptr<const catalog::Toolset> toolset() {
  const auto integration = testing::fake_integration();
  for (integration::Resource& resource : integration->resources) {
    for (integration::Method& method : resource.methods) {
      using integration::MethodKind;
      if (method.kind == MethodKind::list || method.kind == MethodKind::get) continue;
      method.verb =
          method.kind == MethodKind::delete_ ? integration::Verb::delete_ : integration::Verb::post;
      for (const std::string name : {"price", "quantity"}) {
        integration::Argument argument;
        argument.name = name;
        argument.type = integration::FieldType::number;
        argument.schema["type"] = "number";
        method.arguments.push_back(argument);
      }
      integration::Argument text;
      text.name = "text";
      text.schema["type"] = "string";
      method.arguments.push_back(text);
    }
  }
  return catalog::Toolset::select(catalog::ToolCatalog::generate(integration).value(), {}).value();
}

ApprovalRules rules_of(std::string_view config) {
  const auto rules = read_approval_rules(json::parse(config).value());
  REQUIRE_MESSAGE(rules.has_value(), rules.error().message);
  return *rules;
}

Error refusal(std::string_view config) {
  const auto rules = read_approval_rules(json::parse(config).value());
  if (!rules) return rules.error();
  const auto checked = check_approval_rules(*rules, *toolset());
  REQUIRE_FALSE(checked.has_value());
  return checked.error();
}

bool needs(const ApprovalRules& rules, std::string_view arguments) {
  const auto tools = toolset();
  return amount_needs_approval(rules, *tools->find("create_a_desk_ticket"),
                               *json::parse(arguments).value().if_object());
}

TEST_CASE("Words and names say which tools always wait for a yes") {
  const auto tools = toolset();
  const auto need = [&](std::string_view config, std::string_view tool) {
    return approval_need(rules_of(config), *tools->find(tool));
  };
  constexpr std::string_view kDelete = R"({"require_approval":["delete"]})";
  CHECK(need(kDelete, "delete_a_desk_ticket_by_id") == ApprovalNeed::always);
  CHECK(need(kDelete, "create_a_desk_ticket") == ApprovalNeed::never);
  constexpr std::string_view kWrite = R"({"require_approval":["write"]})";
  CHECK(need(kWrite, "create_a_desk_ticket") == ApprovalNeed::always);
  CHECK(need(kWrite, "desk_tickets_merge") == ApprovalNeed::always);
  CHECK(need(kWrite, "list_all_desk_tickets") == ApprovalNeed::never);
  constexpr std::string_view kNamed = R"({"require_approval":["create_a_desk_ticket"]})";
  CHECK(need(kNamed, "create_a_desk_ticket") == ApprovalNeed::always);
  CHECK(need(kNamed, "create_a_desk_invoice") == ApprovalNeed::never);
  CHECK(need("{}", "delete_a_desk_ticket_by_id") == ApprovalNeed::never);
  CHECK_FALSE(rules_of("{}").any());
}

TEST_CASE("What several writes are made of waits where one of them would") {
  const auto integration = testing::fake_integration();
  integration::Method close = testing::fake_method("close", integration::MethodKind::custom);
  close.verb = integration::Verb::post;
  close.composite.emplace();
  close.composite->writes = true;
  integration::CompositeStep step;
  step.name = "status";
  step.resource = "tickets";
  step.method = "update";
  close.composite->steps.push_back(step);
  integration->resources[1].methods.push_back(close);
  const auto tools =
      catalog::Toolset::select(catalog::ToolCatalog::generate(integration).value(), {}).value();
  const catalog::Tool* composite = tools->find("desk_tickets_close");
  REQUIRE(composite != nullptr);
  const auto need = [&](std::string_view config) {
    return approval_need(rules_of(config), *composite);
  };
  CHECK(need(R"({"require_approval":["update_a_desk_ticket_by_id"]})") == ApprovalNeed::always);
  CHECK(need(R"({"require_approval":["create_a_desk_ticket"]})") == ApprovalNeed::never);
  constexpr std::string_view kAmount =
      R"({"require_approval":[{"tool":"update_a_desk_ticket_by_id","argument":"price","over":5}]})";
  CHECK(need(kAmount) == ApprovalNeed::always);
}

TEST_CASE("An amount above the limit needs a yes, and so does one that cannot be compared") {
  const ApprovalRules rules = rules_of(
      R"({"require_approval":[{"tool":"create_a_desk_ticket","argument":"price","over":0.3}]})");
  CHECK_FALSE(needs(rules, R"({"price":0.3})"));
  CHECK_FALSE(needs(rules, R"({"price":0.30000000000000000000})"));
  CHECK(needs(rules, R"({"price":0.30000000000000000001})"));
  CHECK(needs(rules, R"({"price":3e99})"));
  CHECK_FALSE(needs(rules, R"({"price":-1})"));
  CHECK(needs(rules, "{}"));
  CHECK(needs(rules, R"({"price":null})"));
  CHECK(needs(rules, R"({"price":"0.1"})"));
  CHECK(needs(rules, R"({"price":[0.1]})"));
}

TEST_CASE("An amount is multiplied by another argument only where the rule says so") {
  const ApprovalRules rules =
      rules_of(R"({"require_approval":[{"tool":"create_a_desk_ticket","argument":"price",)"
               R"("times":"quantity","over":500}]})");
  CHECK_FALSE(needs(rules, R"({"price":100,"quantity":5})"));
  CHECK(needs(rules, R"({"price":100.01,"quantity":5})"));
  CHECK(needs(rules, R"({"price":100})"));
  CHECK(needs(rules, R"({"price":1e90,"quantity":1e90})"));
}

TEST_CASE("What cannot be meant is refused, naming what there is") {
  CHECK(refusal(R"({"require_approval":"delete"})").message.contains("array"));
  CHECK(refusal(R"({"require_approval":[7]})").message.contains("require_approval"));
  CHECK(refusal(R"({"require_approval":[{"tool":"x","argument":"price"}]})").hint.contains("over"));
  CHECK(refusal(R"({"require_approval":[{"tool":"x","argument":"price","over":"5"}]})")
            .message.contains("'over'"));
  CHECK(refusal(R"({"require_approval":[{"tool":"x","argument":"p","over":5,"above":1}]})")
            .message.contains("above"));
  const Error unknown = refusal(R"({"require_approval":["create_a_desk_tiket"]})");
  CHECK(unknown.message.contains("create_a_desk_tiket"));
  CHECK(unknown.hint.contains("create_a_desk_ticket"));
  CHECK(refusal(R"({"require_approval":["list_all_desk_tickets"]})")
            .message.contains("changes nothing"));
  CHECK(refusal(
            R"({"require_approval":[{"tool":"create_a_desk_ticket","argument":"text","over":5}]})")
            .hint.contains("price"));
  CHECK(refusal(R"({"approve_by":"anybody"})").message.contains("operator"));
  CHECK(refusal(R"({"approval_expires_in":9})").message.contains("10"));
  CHECK(refusal(R"({"approval_expires_in":604801})").message.contains("604800"));
}

TEST_CASE("A server is minted and changed only with rules that name its tools") {
  World world;
  const Principal tenant = world.tenant("acme");
  const auto account = world.connect(tenant);
  const auto mint = [&](std::string_view config) {
    return world.control->create_mcp_server(
        tenant, account.id,
        {.name = "x", .config = *json::parse(config).value().if_object(), .expires_at = {}});
  };
  CHECK(mint(R"({"require_approval":["no_such_tool"]})").error().code ==
        ErrorCode::invalid_argument);
  CHECK(mint(R"({"require_approval":[]})").error().message.contains("empty"));
  const auto made = mint(R"({"require_approval":["delete"]})");
  REQUIRE(made.has_value());
  // One more tells what became of an approval.
  const auto plain = mint("{}");
  CHECK(world.control->tool_count(made->row).tools ==
        world.control->tool_count(plain->row).tools + 1);
  const auto change = [&](std::string_view config) {
    return world.control->update_mcp_server(
        tenant, account.id, made->row.id,
        {.name = {}, .config = *json::parse(config).value().if_object(), .expires_at = {}});
  };
  CHECK(change(R"({"require_approval":["no_such_tool"]})").error().code ==
        ErrorCode::invalid_argument);
  REQUIRE(change(R"({"require_approval":null})"));
  CHECK(world.find(made->token)->approvals == nullptr);
}

}  // namespace
}  // namespace patchbay::control
