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
const catalog::Tool* find_list_tool(const catalog::ToolCatalog& catalog,
                                    std::string_view resource) {
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

// What a person would type: the first of the integration's labels that the record has.
std::string name_of(const json::Value& record, const integration::Integration& integration) {
  for (const std::string& label : integration.label_fields) {
    std::string name;
    for (const std::string_view field : split(label, ' ')) {
      name += name.empty() ? "" : " ";
      name += trim(record.string_or(field, ""));
    }
    if (const std::string_view whole = trim(name); !whole.empty()) return std::string(whole);
  }
  return {};
}

// The first label whose fields the resource has: what nearly all of its records are called by.
const std::string* usual_label(const integration::Resource& resource,
                               const integration::Integration& integration) {
  for (const std::string& label : integration.label_fields) {
    const bool known = std::ranges::all_of(split(label, ' '), [&](std::string_view field) {
      return resource.find_field(field) != nullptr;
    });
    if (known) return &label;
  }
  return nullptr;
}

json::Value make_list_arguments(const catalog::Tool& tool, const std::string& prefix) {
  json::Value arguments;
  arguments["limit"] = json::Value(1000);
  json::Array fields;
  const auto ask_for = [&](std::string_view field) {
    if (tool.resource->find_field(field) != nullptr) fields.emplace_back(field);
  };
  ask_for(tool.integration->pagination.id_field);
  for (const std::string& label : tool.integration->label_fields) {
    for (const std::string_view field : split(label, ' ')) ask_for(field);
  }
  if (!fields.empty()) arguments["fields"] = std::move(fields);
  // Where the API can narrow by name, it does: there may be more companies than fit a page.
  const std::string* label = usual_label(*tool.resource, *tool.integration);
  if (prefix.empty() || label == nullptr) return arguments;
  for (const integration::Argument& argument : tool.method->arguments) {
    if (argument.filter_operator != integration::FilterOperator::contains) continue;
    if (argument.target == *label) arguments[argument.name] = prefix;
  }
  return arguments;
}

}  // namespace

mcp::Completion match_names(const json::Value& answer, std::string_view prefix,
                            const integration::Integration& integration) {
  mcp::Completion out;
  const json::Value* records = answer.find("result");
  if (records == nullptr || !records->is_array()) return out;
  std::vector<std::string> begin;
  std::vector<std::string> contain;
  const std::string wanted = to_lower(prefix);
  for (const json::Value& record : *records->if_array()) {
    std::string name = name_of(record, integration);
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
  out.has_more = out.values.size() > kMostValues || answer.find("next_cursor") != nullptr;
  if (out.values.size() > kMostValues) out.values.resize(kMostValues);
  return out;
}

io::Task<mcp::Completion> complete_names(gateway::Gateway& gateway,
                                         const catalog::ToolCatalog& catalog, std::string resource,
                                         std::string prefix, gateway::CallContext context) {
  const catalog::Tool* tool = find_list_tool(catalog, resource);
  if (tool == nullptr) co_return mcp::Completion{};
  json::Value arguments = make_list_arguments(*tool, prefix);
  const gateway::CallResult result =
      co_await gateway.call(*tool, std::move(arguments), std::move(context));
  if (result.is_error) co_return mcp::Completion{};
  const Result<json::Value> answer = json::parse(result.text);
  if (!answer) co_return mcp::Completion{};
  co_return match_names(*answer, prefix, catalog.integration());
}

}  // namespace patchbay::servers
