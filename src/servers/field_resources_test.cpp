#include <doctest/doctest.h>

#include "servers/test_instance.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers;
using namespace patchbay::servers::testing;

namespace {

void give_fields(Instance& instance) {
  const auto integration = control::testing::fake_integration();
  for (auto& resource : integration->resources) {
    integration::Field id;
    id.name = "id";
    id.type = integration::FieldType::integer;
    integration::Field title;
    title.name = "title";
    resource.fields = {id, title};
    resource.methods[0].verb = integration::Verb::get;
    resource.methods[1].verb = integration::Verb::get;
    integration::Argument fields;
    fields.name = "fields";
    fields.place = integration::ArgumentPlace::platform;
    fields.type = integration::FieldType::array;
    fields.schema["type"] = "array";
    fields.schema["items"]["type"] = "string";
    resource.methods[0].arguments.push_back(fields);
  }
  integration->pagination.fields_parameter = "fields";
  instance.world.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
}

std::string read_body(std::string_view uri) {
  return legacy_body("resources/read", R"({"uri":")" + std::string(uri) + R"("})");
}

std::string completion_body(std::string_view uri, std::string_view argument,
                            std::string_view typed) {
  return legacy_body("completion/complete", R"({"ref":{"type":"ref/resource","uri":")" +
                                                std::string(uri) + R"("},"argument":{"name":")" +
                                                std::string(argument) + R"(","value":")" +
                                                std::string(typed) + R"("}})");
}

constexpr const char* kTemplate = "patchbay://desk/fields/{resource}";

}  // namespace

TEST_CASE("a server tells one template, and reads the fields of its own tools' records by it") {
  Instance instance;
  give_fields(instance);
  const std::string token = instance.mint();
  const Reaction hello = instance.post(
      token, legacy_body("initialize", R"({"protocolVersion":"2025-06-18","capabilities":{}})"));
  CHECK(hello.body.contains(R"("resources":{})"));
  CHECK(hello.body.contains(R"("completions":{})"));
  const Reaction none = instance.post(token, legacy_body("resources/list"));
  CHECK(none.result().find("resources")->if_array()->empty());
  const Reaction templates = instance.post(token, legacy_body("resources/templates/list"));
  const json::Array& listed = *templates.result().find("resourceTemplates")->if_array();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].string_or("uriTemplate", "") == kTemplate);

  const Reaction read = instance.post(token, read_body("patchbay://desk/fields/tickets"));
  const json::Value& content = read.result().find("contents")->if_array()->at(0);
  CHECK(content.string_or("uri", "") == "patchbay://desk/fields/tickets");
  CHECK(content.string_or("mimeType", "") == "text/plain");
  CHECK(content.string_or("text", "").ends_with("\nwhole number: id\ntext: title"));

  const Reaction unknown = instance.post(token, read_body("patchbay://desk/fields/nothing"));
  CHECK(unknown.error_code() == -32002);
  CHECK(unknown.body.contains("patchbay://desk/fields/nothing"));
}

TEST_CASE("of tools that a server does not have, it tells no fields, and completes no name") {
  Instance instance;
  give_fields(instance);
  const std::string billing = instance.mint(R"({"tags":["billing"]})");
  CHECK(instance.post(billing, read_body("patchbay://desk/fields/tickets")).error_code() == -32002);
  CHECK(instance.post(billing, read_body("patchbay://desk/fields/invoices")).status == 200);
  const auto completed = [&](const std::string& token, std::string_view typed) {
    const Reaction reaction = instance.post(token, completion_body(kTemplate, "resource", typed));
    std::string names;
    const json::Value* completion = reaction.result().find("completion");
    REQUIRE(completion != nullptr);
    for (const json::Value& name : *completion->find("values")->if_array()) {
      names += *name.if_string() + ' ';
    }
    return names;
  };
  CHECK(completed(billing, "") == "invoices ");
  CHECK(completed(billing, "tick").empty());
  const std::string all = instance.mint();
  CHECK(completed(all, "") == "invoices tickets ");
  CHECK(completed(all, "TICK") == "tickets ");
  CHECK(completed(all, "ic") == "invoices tickets ");
  CHECK(completed(all, "ick") == "tickets ");

  const Reaction other = instance.post(all, completion_body("patchbay://x/{y}", "y", ""));
  CHECK(other.error_code() == -32602);
  CHECK(other.body.contains(kTemplate));
  CHECK(instance.post(all, completion_body(kTemplate, "id", "")).error_code() == -32602);
}

TEST_CASE("without a tool for records, a server has no resources") {
  Instance instance;
  give_fields(instance);
  const std::string token = instance.mint(R"({"methods":["merge"]})");
  const Reaction hello = instance.post(
      token, legacy_body("initialize", R"({"protocolVersion":"2025-06-18","capabilities":{}})"));
  CHECK_FALSE(hello.body.contains(R"("resources")"));
  CHECK(instance.post(token, legacy_body("resources/templates/list")).error_code() == -32601);
}

TEST_CASE("a field that there is not is answered with where they all stand") {
  Instance instance;
  give_fields(instance);
  const std::string token = instance.mint();
  const Reaction reaction = instance.post(
      token, legacy_body("tools/call",
                         R"({"name":"list_all_desk_tickets","arguments":{"fields":["titel"]}})"));
  CHECK(error_code(reaction) == "invalid_argument");
  CHECK(reaction.body.contains("Did you mean title?"));
  CHECK(reaction.body.contains("The MCP resource patchbay://desk/fields/tickets names all."));
}
