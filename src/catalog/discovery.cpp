#include "catalog/discovery.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "json/write.h"

namespace patchbay::catalog {
namespace {

constexpr std::size_t kMostAreas = 320;  // bytes of what the tools are about
// servers/approval_words.h
constexpr std::string_view kApprovalStatus = "get_approval_status";

struct Hints {
  bool reads = true;
  bool destroys = false;
  bool repeatable = true;
  bool goes_out = false;
};

json::Value property(std::string_view type, std::string_view description) {
  return json::Object{{"type", type}, {"description", description}};
}

json::Value listed(DiscoveryTool tool, std::string_view title, std::string description,
                   json::Object properties, std::string_view required, const Hints& hints) {
  return json::Object{{"name", name_of(tool)},
                      {"title", title},
                      {"description", std::move(description)},
                      {"inputSchema", json::Object{{"type", "object"},
                                                   {"properties", std::move(properties)},
                                                   {"required", json::Array{required}},
                                                   {"additionalProperties", false}}},
                      {"annotations", json::Object{{"readOnlyHint", hints.reads},
                                                   {"destructiveHint", hints.destroys},
                                                   {"idempotentHint", hints.repeatable},
                                                   {"openWorldHint", hints.goes_out}}}};
}

// "tickets, ticket notes, companies": in the order of the listing, as far as there is room.
std::string areas_of(const Toolset& toolset) {
  std::string areas;
  const integration::Resource* last = nullptr;
  for (const Tool* tool : toolset.tools()) {
    if (tool->resource == last) continue;
    last = tool->resource;
    const std::string label = to_lower(tool->resource->label);
    if (areas.size() + label.size() > kMostAreas) return areas + " and more";
    areas += (areas.empty() ? "" : ", ") + label;
  }
  return areas;
}

json::Value search(const Toolset& toolset) {
  json::Value limit = property("integer", "How many at most; default 5");
  limit["minimum"] = json::Value(1);
  limit["maximum"] = json::Value(kMostHits);
  json::Value access = property("string", "Only tools that read, or that change something");
  access["enum"] = json::Array{"read", "write"};
  const std::size_t count = toolset.tools().size();
  return listed(
      DiscoveryTool::search, "Search tools",
      "Finds tools of " + toolset.catalog().integration().label + " for what you want to do. " +
          std::to_string(count) + (count == 1 ? " tool" : " tools") +
          " can be called and not one of them is listed: search before you say that something "
          "cannot be done. Tells the best first, each with the tool that calls it and the "
          "arguments one needs most. They are about: " +
          areas_of(toolset) + ".",
      json::Object{
          {"query", property("string", "In plain words, \"add a note\"; or a tool's exact name")},
          {"limit", std::move(limit)},
          {"access", std::move(access)}},
      "query", {});
}

json::Value schema() {
  json::Value arguments = property("array", "Of a tool with very many arguments: only these");
  arguments["items"]["type"] = "string";
  return listed(DiscoveryTool::schema, "Get a tool's schema",
                "Tells what one tool does and all of its arguments. Needed only where what "
                "search_tools told is not enough.",
                json::Object{{"tool", property("string", "Its name, as search_tools tells it")},
                             {"arguments", std::move(arguments)}},
                "tool", {});
}

json::Value call(DiscoveryTool tool, std::string_view title, std::string description,
                 const Hints& hints) {
  json::Value arguments = property(
      "object", "That tool's own arguments, as search_tools or get_tool_schema tells them");
  arguments["additionalProperties"] = json::Value(true);
  return listed(tool, title, std::move(description),
                json::Object{{"tool", property("string", "Its name, as search_tools tells it")},
                             {"arguments", std::move(arguments)}},
                "tool", hints);
}

}  // namespace

std::optional<DiscoveryTool> discovery_tool(std::string_view name) {
  const auto* const found = std::ranges::find(kDiscoveryTools, name);
  if (found == kDiscoveryTools.end()) return std::nullopt;
  return static_cast<DiscoveryTool>(found - kDiscoveryTools.begin());
}

DiscoveryTool door_of(const Tool& tool) {
  return tool.method->writes() ? DiscoveryTool::call_write : DiscoveryTool::call_read;
}

bool is_reserved_tool_name(std::string_view name) {
  return name == kApprovalStatus || discovery_tool(name).has_value();
}

std::string discovery_listing(const Toolset& toolset) {
  const bool writes =
      std::ranges::any_of(toolset.tools(), [](const Tool* tool) { return tool->method->writes(); });
  json::Array all;
  all.push_back(search(toolset));
  all.push_back(schema());
  all.push_back(call(DiscoveryTool::call_read, "Call a tool that reads",
                     "Calls a tool that search_tools found and that changes nothing.",
                     {.goes_out = true}));
  all.push_back(call(DiscoveryTool::call_write, "Call a tool that changes something",
                     writes ? "Calls a tool that search_tools found and that creates, changes, "
                              "sends or deletes something."
                            : "Calls a tool that changes something; this server has none.",
                     {.reads = false, .destroys = true, .repeatable = false, .goes_out = true}));
  return json::to_string(json::Value(std::move(all)));
}

}  // namespace patchbay::catalog
