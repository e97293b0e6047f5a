// From resources and methods to tools.
#include "catalog/tool.h"

#include <algorithm>
#include <set>

#include "catalog/argument_schema.h"
#include "catalog/discovery.h"
#include "integration/model.h"
#include "integration/naming.h"
#include "integration/report.h"

namespace patchbay::catalog {
namespace {

// What the caller must give first, Patchbay's own arguments last.
std::vector<const integration::Argument*> in_listing_order(const integration::Method& method) {
  std::vector<const integration::Argument*> out;
  out.reserve(method.arguments.size());
  for (const bool required : {true, false}) {
    for (const bool own : {false, true}) {
      for (const integration::Argument& argument : method.arguments) {
        if (argument.required == required &&
            (argument.place == integration::ArgumentPlace::platform) == own) {
          out.push_back(&argument);
        }
      }
    }
  }
  return out;
}

// An object that takes members which it does not name says so, at any depth: some clients check
// strictly, and take what is not said for a no.
void say_what_is_open(json::Value& schema) {
  json::Object* const members = schema.if_object();
  if (members == nullptr) return;
  if (schema.string_or("type", "") == "object" && !members->contains("additionalProperties")) {
    members->append("additionalProperties", true);
  }
  if (json::Value* const items = members->find("items")) say_what_is_open(*items);
  json::Value* const properties = members->find("properties");
  json::Object* const named = properties != nullptr ? properties->if_object() : nullptr;
  if (named == nullptr) return;
  for (auto& [name, property] : *named) say_what_is_open(property);
}

// Less than holds: that a number of Patchbay's own is not below its least goes without saying. What
// lists do unless told otherwise a server's instructions say once: so many records, newest first.
json::Value shown_schema(const integration::Integration& integration,
                         const integration::Argument& argument) {
  json::Value schema = argument.schema;
  if (argument.place == integration::ArgumentPlace::platform) {
    schema.if_object()->erase("minimum");
    const bool is_usual = argument.name == "limit" || schema.string_or("default", "") ==
                                                          integration.pagination.id_field + " desc";
    if (is_usual) schema.if_object()->erase("default");
    schema.if_object()->erase(integration::kReportKeyword);
  }
  say_what_is_open(schema);
  return schema;
}

std::vector<std::string> all_tags(const integration::Resource& resource,
                                  const integration::Method& method) {
  std::set<std::string> tags(resource.tags.begin(), resource.tags.end());
  tags.insert(method.tags.begin(), method.tags.end());
  return {tags.begin(), tags.end()};
}

std::shared_ptr<const ShapePlans> make_shape_plans(const integration::Integration& integration) {
  auto usual = integration.shape;
  const auto& custom = integration.custom_fields;
  usual.custom_fields = {custom.field, custom.caption, custom.value,
                         integration.pagination.id_field};
  auto verbose = usual;
  verbose.verbose = true;
  return std::make_shared<const ShapePlans>(
      ShapePlans{json::ShapePlan(std::move(usual)), json::ShapePlan(std::move(verbose))});
}

Result<std::unique_ptr<Tool>> make_tool(const integration::Integration& integration,
                                        const integration::Resource& resource,
                                        const integration::Method& method) {
  auto tool = std::make_unique<Tool>();
  tool->name = tool_name(integration.tool_prefix, resource, method);
  tool->title = method.title.empty() ? integration::tool_title(resource, method) : method.title;
  tool->description = method.description;
  tool->tags = all_tags(resource, method);
  tool->integration = &integration;
  tool->resource = &resource;
  tool->method = &method;

  tool->argument_names.reserve(method.arguments.size());
  for (const integration::Argument* argument : in_listing_order(method)) {
    if (std::ranges::find(tool->argument_names, argument->name) == tool->argument_names.end()) {
      tool->argument_names.push_back(argument->name);
    }
  }
  if (method.is_looked_at) {
    tool->validator = ToolValidator::at_first_use(method);
    return tool;
  }
  auto validator = ToolValidator::compile(method);
  if (!validator) {
    return fail(ErrorCode::invalid_argument,
                "Tool '" + tool->name + "': " + validator.error().message, validator.error().hint);
  }
  tool->validator = std::move(*validator);
  return tool;
}

// Of two that would have one, neither keeps it, so that none depends on the order of a definition.
void give_short_names(const std::vector<std::unique_ptr<Tool>>& tools) {
  std::unordered_map<std::string_view, const Tool*> known;
  std::set<std::string> taken;
  for (const auto& tool : tools) known.emplace(tool->name, tool.get());
  for (const auto& tool : tools) {
    tool->short_name = integration::short_tool_name(*tool->resource, *tool->method);
    const bool is_free = known.emplace(tool->short_name, tool.get()).second;
    if (!is_free || is_reserved_tool_name(tool->short_name)) taken.insert(tool->short_name);
  }
  for (const auto& tool : tools) {
    if (!taken.contains(tool->short_name)) continue;
    tool->short_name = integration::distinct_short_tool_name(*tool->resource, *tool->method);
  }
}

const Tool* find_tool(const std::vector<std::unique_ptr<Tool>>& tools, std::string_view resource,
                      std::string_view method) {
  const auto found = std::ranges::find_if(tools, [&](const auto& tool) {
    return tool->resource->name == resource && tool->method->name == method;
  });
  return found == tools.end() ? nullptr : found->get();
}

// The tools that a composite's steps and a report's relations call. The loader has refused steps
// that have none.
Result<> find_steps(const std::vector<std::unique_ptr<Tool>>& tools, Tool& tool) {
  if (tool.method->many && tool.method->kind == integration::MethodKind::update) {
    tool.list = find_tool(tools, tool.resource->name, "list");
  }
  for (const auto& relation : integration::report_relations(*tool.method)) {
    tool.steps.push_back(find_tool(tools, relation.resource, relation.method));
  }
  for (const integration::Nested& nested : tool.method->nested) {
    const Tool* const found = find_tool(tools, nested.resource, "create");
    const auto takes = [&](const std::string& name) {
      return found != nullptr &&
             std::ranges::find(found->argument_names, name) != found->argument_names.end();
    };
    const bool is_whole =
        takes(nested.as) &&
        std::ranges::all_of(nested.with, [&](const auto& one) { return takes(one.first); });
    if (!is_whole) {
      return fail(ErrorCode::invalid_argument,
                  "Tool '" + tool.name + "': its '" + nested.argument +
                      "' are made by no tool that takes what they belong to.",
                  "Describe " + nested.resource + ".create, with the arguments that are named.");
    }
    tool.nested.push_back(found);
  }
  if (!tool.method->composite) return {};
  for (const integration::CompositeStep& step : tool.method->composite->steps) {
    const Tool* const found = find_tool(tools, step.resource, step.method);
    if (found == nullptr) {
      return fail(ErrorCode::invalid_argument,
                  "Tool '" + tool.name + "': its step '" + step.name + "' calls no tool.",
                  "Describe " + step.resource + "." + step.method + ".");
    }
    tool.steps.push_back(found);
  }
  return {};
}

}  // namespace

json::Value Tool::input_schema() const {
  json::Object shown;
  std::vector<std::string> required;
  shown.reserve(method->arguments.size());
  for (const integration::Argument* argument : in_listing_order(*method)) {
    if (argument->required && std::ranges::find(required, argument->name) == required.end()) {
      required.push_back(argument->name);
    }
    if (!argument->listed) continue;
    // One name for query and body is one argument of the tool; the body's schema wins.
    if (json::Value* const known = shown.find(argument->name)) {
      *known = shown_schema(*integration, *argument);
    } else {
      shown.append(argument->name, shown_schema(*integration, *argument));
    }
  }
  return object_schema(std::move(shown), required);
}

Result<std::shared_ptr<const ToolCatalog>> ToolCatalog::generate(
    std::shared_ptr<const integration::Integration> integration) {
  auto catalog = std::make_shared<ToolCatalog>();
  std::vector<const integration::Resource*> resources;
  for (const integration::Resource& resource : integration->resources)
    resources.push_back(&resource);
  std::ranges::sort(resources, {}, [](const integration::Resource* resource) {
    return std::pair(resource->rank, std::string_view(resource->name));
  });
  const auto shape_plans = make_shape_plans(*integration);
  std::vector<std::unique_ptr<Tool>> tools;
  for (const integration::Resource* resource : resources) {
    for (const integration::Method& method : resource->methods) {
      if (!integration::makes_tool(method)) continue;
      auto tool = make_tool(*integration, *resource, method);
      if (!tool) return std::unexpected(tool.error());
      (*tool)->shape_plans = shape_plans;
      if (catalog->by_name_.contains((*tool)->name)) {
        return fail(ErrorCode::invalid_argument,
                    "Two methods make the tool '" + (*tool)->name + "'; one is " + resource->name +
                        "." + method.name + ".",
                    "Give one of the resources another name or `singular:`.");
      }
      catalog->by_name_.emplace((*tool)->name, tool->get());
      tools.push_back(std::move(*tool));
    }
  }
  for (const auto& tool : tools) {
    if (auto found = find_steps(tools, *tool); !found) return std::unexpected(found.error());
  }
  give_short_names(tools);
  for (auto& tool : tools) catalog->tools_.push_back(std::move(tool));
  // What it is called now goes before what another was called once.
  for (const auto& tool : catalog->tools_) {
    catalog->by_other_name_.emplace(tool->short_name, tool.get());
  }
  for (const auto& tool : catalog->tools_) {
    for (const std::string& name : tool->method->former_tool_names) {
      catalog->by_other_name_.emplace(name, tool.get());
    }
  }
  catalog->ways_ = std::make_shared<const reach::Ways>(*integration);
  catalog->integration_ = std::move(integration);
  return catalog;
}

const Tool* ToolCatalog::find(std::string_view tool_name) const {
  if (const auto found = by_name_.find(tool_name); found != by_name_.end()) return found->second;
  const auto other = by_other_name_.find(tool_name);
  return other == by_other_name_.end() ? nullptr : other->second;
}

}  // namespace patchbay::catalog
