// docs/integrations/connectwise-psa.md: its head is written by hand, and below the mark every tool
// of the pack stands as the pack has it. PATCHBAY_WRITE_DOCS=1 in the environment renews it.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include <doctest/doctest.h>

#include "base/text.h"
#include "catalog/tool.h"
#include "json/parse.h"
#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

constexpr const char* kManual = PATCHBAY_SOURCE_DIR "/docs/integrations/connectwise-psa.md";
constexpr std::string_view kMark = "<!-- Made of the pack from here on. -->\n";

std::string read_manual() {
  std::ifstream stream(kManual, std::ios::binary);
  REQUIRE_MESSAGE(stream.is_open(), kManual);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// A value that the argument takes, where the pack has no example of its own.
json::Value sample(const integration::Argument& argument) {
  if (const json::Value* values = argument.schema.find("enum")) return values->if_array()->front();
  if (argument.reference && argument.reference->resource == "companies") return "Acme Corp";
  if (argument.name == "ticketId") return 5012;
  if (argument.type == integration::FieldType::boolean) return true;
  // As it is listed: several clients check a call against that first, and send none that fails.
  const json::Value* listed = argument.schema.find("type");
  const bool text = listed != nullptr && *listed == json::Value("string");
  if (argument.reference) return text ? json::Value("1") : json::Value(1);
  return text ? json::Value("text") : json::Value(1);
}

json::Value example_of(const catalog::Tool& tool) {
  if (!tool.method->examples.empty()) return tool.method->examples.front();
  json::Object out;
  for (const integration::Argument& argument : tool.method->arguments) {
    if (argument.required) out.append(argument.name, sample(argument));
  }
  return out;
}

// Those of Patchbay itself are told once, in the head.
std::string arguments_of(const catalog::Tool& tool) {
  std::string out;
  for (const bool required : {true, false}) {
    for (const integration::Argument& argument : tool.method->arguments) {
      if (argument.required != required || argument.place == integration::ArgumentPlace::platform)
        continue;
      const std::string name = '`' + argument.name + '`';
      out += (out.empty() ? "" : ", ") + (required ? "**" + name + "**" : name);
    }
  }
  return out;
}

std::string made_of(const catalog::ToolCatalog& catalog) {
  std::string out = "\n## Tools\n\nWhat must be given is **bold**.\n";
  const integration::Resource* resource = nullptr;
  for (const auto& tool : catalog.tools()) {
    if (tool->resource != resource) {
      resource = tool->resource;
      out += "\n### " + resource->label + "\n\n`" + resource->path.text() +
             "` · tags: " + join(resource->tags) + "\n";
    }
    out += "\n#### `" + tool->name + "`\n\n" + tool->description + "\n\n";
    if (const std::string taken = arguments_of(*tool); !taken.empty()) {
      out += "Takes " + taken + ".\n\n";
    }
    out += "```json\n" + json::to_string(example_of(*tool)) + "\n```\n";
  }
  return out;
}

}  // namespace

TEST_CASE("the manual of the ConnectWise pack tells of every tool as it is") {
  const auto catalog =
      catalog::ToolCatalog::generate(load_pack(embedded_pack("connectwise_psa")).integration);
  REQUIRE(catalog.has_value());
  for (const auto& tool : (*catalog)->tools()) {
    const auto violations = tool->validator->check(example_of(*tool));
    CHECK_MESSAGE(violations.empty(), tool->name << ": " << json::to_string(example_of(*tool)));
  }
  const std::string text = read_manual();
  const auto mark = text.find(kMark);
  REQUIRE(mark != std::string::npos);
  const std::string current = text.substr(0, mark + kMark.size()) + made_of(**catalog);
  if (std::getenv("PATCHBAY_WRITE_DOCS") != nullptr) {
    std::ofstream(kManual, std::ios::binary) << current;
    return;
  }
  CHECK_MESSAGE(text == current, "stale: run this test with PATCHBAY_WRITE_DOCS=1");
}

}  // namespace patchbay::pack
