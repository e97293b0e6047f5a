#include "servers/name_completion.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "json/parse.h"

namespace patchbay::servers {
namespace {

constexpr std::size_t kMostValues = 100;  // MCP, completion/complete

// The list method whose records have names to complete with, if it can be asked for all of them.
const catalog::Tool* list_tool(const catalog::ToolCatalog& catalog, std::string_view resource) {
  for (const auto& tool : catalog.tools()) {
    if (tool->resource->name != resource) continue;
    if (tool->method->kind != integration::MethodKind::list) continue;
    const bool asks_more = std::ranges::any_of(
        tool->method->arguments,
        [](const integration::Argument& argument) { return argument.required; });
    return asks_more ? nullptr : tool.get();
  }
  return nullptr;
}

// What a person would type: a name, a person's two names, else the short identifier.
std::string name_of(const json::Value& record) {
  if (const std::string_view name = record.string_or("name", ""); !name.empty()) {
    return std::string(name);
  }
  std::string both(record.string_or("firstName", ""));
  both += ' ';
  both += record.string_or("lastName", "");
  const std::string_view person = trim(both);
  return std::string(person.empty() ? record.string_or("identifier", "") : person);
}

json::Value list_arguments(const catalog::Tool& tool, const std::string& prefix) {
  json::Value arguments;
  arguments["limit"] = json::Value(1000);
  json::Array fields;
  for (const std::string_view field : {"id", "name", "identifier", "firstName", "lastName"}) {
    if (tool.resource->find_field(field) != nullptr) fields.emplace_back(field);
  }
  if (!fields.empty()) arguments["fields"] = std::move(fields);
  // Where the API can narrow by name, it does: there may be more companies than fit a page.
  for (const integration::Argument& argument : tool.method->arguments) {
    if (prefix.empty()) break;
    if (argument.filter_operator != integration::FilterOperator::contains) continue;
    if (argument.target == "name") arguments[argument.name] = prefix;
  }
  return arguments;
}

}  // namespace

io::Task<mcp::Completion> complete_names(gateway::Gateway& gateway,
                                         const catalog::ToolCatalog& catalog, std::string resource,
                                         std::string prefix, gateway::CallContext context) {
  mcp::Completion out;
  const catalog::Tool* tool = list_tool(catalog, resource);
  if (tool == nullptr) co_return out;
  json::Value arguments = list_arguments(*tool, prefix);
  const gateway::CallResult result =
      co_await gateway.call(*tool, std::move(arguments), std::move(context));
  if (result.is_error) co_return out;
  const Result<json::Value> answer = json::parse(result.text);
  const json::Value* records = answer ? answer->find("result") : nullptr;
  if (records == nullptr || !records->is_array()) co_return out;

  std::vector<std::string> begin;
  std::vector<std::string> contain;
  const std::string wanted = to_lower(prefix);
  for (const json::Value& record : *records->if_array()) {
    std::string name = name_of(record);
    if (name.empty()) continue;
    const std::size_t at = to_lower(name).find(wanted);
    if (at == std::string::npos) continue;
    (at == 0 ? begin : contain).push_back(std::move(name));
  }
  for (std::vector<std::string>* part : {&begin, &contain}) {
    std::sort(part->begin(), part->end());
    part->erase(std::unique(part->begin(), part->end()), part->end());
    for (std::string& name : *part) out.values.push_back(std::move(name));
  }
  out.total = static_cast<std::int64_t>(out.values.size());
  out.has_more = out.values.size() > kMostValues || answer->find("next_cursor") != nullptr;
  if (out.values.size() > kMostValues) out.values.resize(kMostValues);
  co_return out;
}

}  // namespace patchbay::servers
