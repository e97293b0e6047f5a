// What an MCP server of an account would offer: its tools by resource, and how well they are
// documented. A preview before one mints, and the way to find out why a tool is missing.
#include <algorithm>
#include <set>
#include <unordered_map>

#include "admin/actions.h"
#include "admin/views.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

std::vector<std::string> words_of(std::string_view comma_separated) {
  std::vector<std::string> words;
  for (const std::string_view word : split(comma_separated, ',')) {
    if (!trim(word).empty()) words.emplace_back(trim(word));
  }
  return words;
}

bool has_schema(const json::Value& schema) {
  return !schema.is_null();
}

json::Value method_view(const integration::Method& method, const catalog::Tool* tool,
                        const std::vector<std::string>& tags) {
  json::Array shown_tags;
  for (const auto& tag : tool != nullptr ? tool->tags : tags) shown_tags.push_back(tag);
  return json::Object{{"method", method.name},
                      {"name", tool != nullptr ? json::Value(tool->name) : json::Value()},
                      {"description", method.description},
                      {"tags", std::move(shown_tags)},
                      {"has_description", !method.description.empty()},
                      {"has_query_schema", has_schema(method.query_schema)},
                      {"has_body_schema", has_schema(method.body_schema)},
                      {"has_response_schema", has_schema(method.response_schema)}};
}

// Counts over the whole integration, not over the filtered part.
json::Value readiness(const integration::Integration& integration) {
  std::int64_t methods = 0;
  std::int64_t described = 0;
  for (const auto& resource : integration.resources) {
    for (const auto& method : resource.methods) {
      if (method.only_looks_up) continue;  // by intent no tool
      ++methods;
      if (!method.description.empty()) ++described;
    }
  }
  const double score =
      methods == 0 ? 0 : static_cast<double>(described) / static_cast<double>(methods);
  return json::Object{{"proxy_methods", methods},
                      {"proxy_methods_with_descriptions", described},
                      {"ai_ready_score", score}};
}

json::Value view_of_owner(const catalog::ToolCatalog& catalog) {
  const integration::Owners& owners = catalog.integration().owners;
  if (owners.argument.empty()) return {};
  const auto list = std::ranges::find_if(catalog.tools(), [&](const auto& tool) {
    return tool->resource->name == owners.resource &&
           tool->method->kind == integration::MethodKind::list;
  });
  return json::Object{
      {"argument", owners.argument},
      {"resource", owners.resource},
      {"tool", list != catalog.tools().end() ? json::Value((*list)->name) : json::Value()}};
}

}  // namespace

Result<json::Value> get_capabilities(Context& context, const ApiRequest& request) {
  const auto account = context.control.account(request.principal, request.parameter("id"));
  if (!account) return std::unexpected(account.error());
  const auto catalog = context.control.catalog(account->integration);
  if (!catalog) {
    return fail(ErrorCode::conflict,
                "The integration '" + account->integration + "' of this account is not loaded.");
  }
  const catalog::ToolFilter filter{.methods = words_of(request.query_or("methods", "")),
                                   .tags = words_of(request.query_or("tags", "")),
                                   .allow = words_of(request.query_or("allow_tools", "")),
                                   .deny = words_of(request.query_or("deny_tools", ""))};
  const auto toolset = catalog::Toolset::select(*catalog, filter);
  if (!toolset) return std::unexpected(toolset.error());
  std::unordered_map<const integration::Method*, const catalog::Tool*> tools;
  for (const catalog::Tool* tool : (*toolset)->tools()) tools.emplace(tool->method, tool);

  const bool filtered = filter != catalog::ToolFilter{};
  const std::string_view has_description = request.query_or("has_description", "true");
  if (has_description != "true" && has_description != "false") {
    return fail(ErrorCode::invalid_argument, "'has_description' must be true or false.");
  }
  const bool undocumented = has_description == "false" && !filtered;
  const std::string_view wanted = request.query_or("resource", "");
  const integration::Integration& integration = (*catalog)->integration();
  if (!wanted.empty() && integration.find_resource(wanted) == nullptr) {
    return fail(ErrorCode::invalid_argument,
                "There is no resource '" + std::string(cut_utf8(wanted, 100)) + "'.");
  }
  json::Array proxy;
  std::set<std::string> tags;
  for (const auto& resource : integration.resources) {
    if (!wanted.empty() && resource.name != wanted) continue;
    json::Array methods;
    for (const auto& method : resource.methods) {
      const auto tool = tools.find(&method);
      if (tool == tools.end() && (!undocumented || method.only_looks_up)) continue;
      methods.push_back(
          method_view(method, tool == tools.end() ? nullptr : tool->second, resource.tags));
      if (tool != tools.end()) tags.insert(tool->second->tags.begin(), tool->second->tags.end());
    }
    if (methods.empty()) continue;
    proxy.push_back(json::Object{{"resource", resource.name}, {"methods", std::move(methods)}});
  }
  json::Array shown_tags;
  for (const auto& tag : tags) shown_tags.push_back(tag);
  return json::Object{
      {"integration", json::Object{{"name", integration.name}, {"label", integration.label}}},
      {"environment_id", account->environment_id},
      {"account", json::Object{{"id", account->id}, {"status", account->status}}},
      {"owner", view_of_owner(**catalog)},
      {"proxy", std::move(proxy)},
      {"tags", std::move(shown_tags)},
      {"tool_count", (*toolset)->tools().size()},
      {"listing_bytes", (*toolset)->listing()->size()},
      {"ai_readiness", readiness(integration)}};
}

}  // namespace patchbay::admin
