#include "servers/prompts.h"

#include <doctest/doctest.h>

#include "control/test_world.h"
#include "json/parse.h"
#include "json/write.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers;

namespace {

using Kind = integration::PromptPart::Kind;

std::shared_ptr<const catalog::Toolset> toolset(const catalog::ToolFilter& filter) {
  auto integration = control::testing::fake_integration();
  integration::Prompt tidy;
  tidy.name = "tidy";
  tidy.title = "Tidy up";
  tidy.description = "Tidies.";
  tidy.arguments = {{.name = "desk", .description = "Which desk", .required = true},
                    {.name = "since", .description = "How far back", .fallback = "yesterday"}};
  tidy.parts = {{Kind::text, "List with ", ""}, {Kind::tool, "tickets", "list"},
                {Kind::text, " on ", ""},       {Kind::argument, "desk", ""},
                {Kind::text, " since ", ""},    {Kind::argument, "since", ""}};
  integration::Prompt merge = tidy;
  merge.name = "merge";
  merge.parts = {{Kind::tool, "tickets", "merge"}};
  integration->prompts = {merge, tidy};
  return catalog::Toolset::select(catalog::ToolCatalog::generate(integration).value(), filter)
      .value();
}

json::Value object(std::string_view text) {
  return *json::parse(text);
}

}  // namespace

TEST_CASE("a server offers the prompts whose tools it has") {
  CHECK(prompt_names(*toolset({})) == std::vector<std::string>{"merge", "tidy"});
  CHECK(prompt_names(*toolset({.methods = {"read"}, .tags = {}})) ==
        std::vector<std::string>{"tidy"});
  CHECK(prompt_names(*toolset({.methods = {}, .tags = {"billing"}})).empty());
  CHECK(render_prompts(*toolset({.methods = {}, .tags = {"billing"}})) == nullptr);
  CHECK(find_prompt(*toolset({.methods = {"read"}, .tags = {}}), "merge") == nullptr);
}

TEST_CASE("a prompt is listed with its arguments") {
  const SharedText listing = render_prompts(*toolset({.methods = {"read"}, .tags = {}}));
  REQUIRE(listing != nullptr);
  CHECK(*listing == R"([{"name":"tidy","title":"Tidy up","description":"Tidies.","arguments":[)"
                    R"({"name":"desk","description":"Which desk","required":true},)"
                    R"({"name":"since","description":"How far back","required":false}]}])");
}

TEST_CASE("a prompt's text names the tools and what was given, or what stands for it") {
  const auto tools = toolset({});
  const integration::Prompt& prompt = *find_prompt(*tools, "tidy");
  const auto filled = [&](std::string_view arguments) {
    const ServerOutcome outcome = fill_prompt(*tools, prompt, object(arguments));
    const json::Value members(std::get<ObjectOutcome>(outcome).members);
    return std::string(
        members.find("messages")->if_array()->at(0).find("content")->string_or("text", ""));
  };
  CHECK(filled(R"({"desk":"Triage"})") ==
        "List with list_all_desk_tickets on Triage since yesterday");
  CHECK(filled(R"({"desk":" A {since} B ","since":"noon"})") ==
        "List with list_all_desk_tickets on A {since} B since noon");
}

TEST_CASE("a prompt without a required argument is refused") {
  const auto tools = toolset({});
  for (const char* arguments : {"{}", R"({"desk":""})", R"({"desk":"  "})"}) {
    const ServerOutcome outcome =
        fill_prompt(*tools, *find_prompt(*tools, "tidy"), object(arguments));
    REQUIRE(std::holds_alternative<Fault>(outcome));
    CHECK(std::get<Fault>(outcome).code == -32602);
    CHECK(std::get<Fault>(outcome).message.find("\"desk\"") != std::string::npos);
  }
}
