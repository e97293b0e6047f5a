// What resources say of each other, once all of them are known.
#include "pack/link.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "integration/naming.h"
#include "pack/read_personal.h"
#include "pack/read_rules.h"

namespace patchbay::pack {
namespace {

void rank_resources(Definition& definition) {
  std::vector<Resource>& resources = definition.integration.resources;
  std::ranges::sort(resources, {}, &Resource::name);
  const auto named = static_cast<std::uint32_t>(definition.order.size());
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const auto place = std::ranges::find(definition.order, resources[i].name);
    resources[i].rank = place != definition.order.end()
                            ? static_cast<std::uint32_t>(place - definition.order.begin())
                            : named + static_cast<std::uint32_t>(i);
  }
}

// The tool that lists what an argument may name.
void name_list_tools(Integration& integration) {
  std::unordered_map<std::string_view, std::string> list_tools;  // by resource
  for (const Resource& resource : integration.resources) {
    const Method* const list = resource.find_method("list");
    if (list == nullptr || !makes_tool(*list)) continue;
    list_tools.emplace(resource.name,
                       integration::tool_name(integration.tool_prefix, resource, *list));
  }
  for (Resource& resource : integration.resources) {
    for (Method& method : resource.methods) {
      for (Argument& argument : method.arguments) {
        if (!argument.reference) continue;
        const auto found = list_tools.find(argument.reference->resource);
        if (found != list_tools.end()) argument.reference->list_tool = found->second;
      }
    }
  }
}

void check_order(const Definition& definition) {
  for (const std::string& name : definition.order) {
    if (definition.integration.find_resource(name) != nullptr) continue;
    std::vector<std::string> known;
    for (const Resource& resource : definition.integration.resources) {
      known.push_back(resource.name);
    }
    definition.problems.error(definition.order_line, "order: there is no resource '" + name + "'",
                              suggest(name, known));
  }
}

// A tool's name calls one method. Of two that make it, the later by name is told, in its own file.
void check_tool_names(Definition& definition) {
  std::map<std::string, std::string> makers;  // by tool: "tasks.get"
  for (const Resource& resource : definition.integration.resources) {
    for (const Method& method : resource.methods) {
      if (!makes_tool(method)) continue;
      const std::string own = resource.name + '.' + method.name;
      const std::string tool =
          integration::tool_name(definition.integration.tool_prefix, resource, method);
      const auto [first, is_new] = makers.emplace(tool, own);
      if (is_new) continue;
      definition.problems.begin_file(definition.folder + "resources/" + resource.name + ".yaml");
      definition.problems.error(definition.method_lines[own],
                                "method '" + method.name + "' makes the tool '" + tool +
                                    "', and so does " + first->second,
                                "give one of them another name, or its resource another "
                                "`singular:`");
    }
  }
}

}  // namespace

void link(Definition& definition) {
  rank_resources(definition);
  name_list_tools(definition.integration);
  link_personal(definition);
  definition.run_late_checks();
  check_tool_names(definition);
  link_instead_of(definition);
  definition.problems.begin_file(definition.folder + "integration.yaml");
  check_order(definition);
}

}  // namespace patchbay::pack
