// An account's tools one by one.
#include <algorithm>
#include <string>
#include <vector>

#include "admin/actions.h"
#include "admin/tool_view.h"
#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string(cut_utf8(text, 100)) + "'";
}

std::unexpected<Error> no_such_tool(const catalog::ToolCatalog& catalog, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& tool : catalog.tools()) names.push_back(tool->name);
  const auto near = nearest(name, names, 3);
  return fail(ErrorCode::not_found, "There is no tool " + quoted(name) + ".",
              near.empty() ? "" : "Did you mean: " + join(near) + "?");
}

bool has_dry_run(const catalog::Tool& tool) {
  const auto& known = tool.method->arguments;
  return tool.method->writes() &&
         std::ranges::any_of(known, [](const integration::Argument& argument) {
           return argument.name == "dry_run" &&
                  argument.place == integration::ArgumentPlace::platform;
         });
}

json::Array completable(const catalog::Tool& tool) {
  json::Array names;
  for (const integration::Argument& argument : tool.method->arguments) {
    if (argument.reference) names.push_back(argument.name);
  }
  return names;
}

}  // namespace

Result<json::Value> get_tool(Context& context, const ApiRequest& request) {
  const auto account = context.control.account(request.principal, request.parameter("id"));
  if (!account) return std::unexpected(account.error());
  const auto catalog = context.control.catalog(account->integration);
  if (!catalog) {
    return fail(ErrorCode::conflict,
                "The integration '" + account->integration + "' of this account is not loaded.");
  }
  const std::string_view name = request.parameter("tool");
  const catalog::Tool* const tool = (*catalog)->find(name);
  if (tool == nullptr) return no_such_tool(**catalog, name);
  const integration::Annotations& hints = tool->method->annotations;
  const json::Object listed{{"name", tool->name},
                            {"description", tool->description},
                            {"inputSchema", tool->input_schema}};
  return json::Object{
      {"name", tool->name},
      {"title", tool->title},
      {"description", tool->description},
      {"resource", tool->resource->name},
      {"method", tool->method->name},
      {"tags", json::Array(tool->tags.begin(), tool->tags.end())},
      {"input_schema", tool->input_schema},
      {"annotations", json::Object{{"read_only", hints.read_only},
                                   {"destructive", hints.destructive},
                                   {"idempotent", hints.idempotent},
                                   {"open_world", hints.open_world}}},
      {"writes", tool->method->writes()},
      {"has_dry_run", has_dry_run(*tool)},
      {"completes", completable(*tool)},
      {"examples", json::Array(tool->method->examples.begin(), tool->method->examples.end())},
      {"tokens_estimate", tokens_estimate(listed)}};
}

}  // namespace patchbay::admin
