#include "servers/prompts.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::servers {
namespace {

constexpr std::size_t kMostValues = 100;  // MCP, completion/complete
constexpr std::size_t kMostArgumentBytes = 2000;

const catalog::Tool* find_tool(const catalog::Toolset& toolset, std::string_view resource,
                               std::string_view method) {
  for (const catalog::Tool* tool : toolset.tools()) {
    if (tool->resource->name == resource && tool->method->name == method) return tool;
  }
  return nullptr;
}

bool offered(const catalog::Toolset& toolset, const integration::Prompt& prompt) {
  return std::ranges::all_of(prompt.parts, [&](const integration::PromptPart& part) {
    return part.kind != integration::PromptPart::Kind::tool ||
           find_tool(toolset, part.text, part.method) != nullptr;
  });
}

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

const integration::Prompt* find_prompt(const catalog::Toolset& toolset, std::string_view name) {
  for (const integration::Prompt& prompt : toolset.catalog().integration().prompts) {
    if (prompt.name == name) return offered(toolset, prompt) ? &prompt : nullptr;
  }
  return nullptr;
}

std::vector<std::string> prompt_names(const catalog::Toolset& toolset) {
  std::vector<std::string> names;
  for (const integration::Prompt& prompt : toolset.catalog().integration().prompts) {
    if (offered(toolset, prompt)) names.push_back(prompt.name);
  }
  return names;
}

SharedText render_prompts(const catalog::Toolset& toolset) {
  json::Array entries;
  for (const integration::Prompt& prompt : toolset.catalog().integration().prompts) {
    if (!offered(toolset, prompt)) continue;
    json::Value entry;
    entry["name"] = prompt.name;
    entry["title"] = prompt.title;
    entry["description"] = prompt.description;
    for (const integration::PromptArgument& argument : prompt.arguments) {
      json::Value shown;
      shown["name"] = argument.name;
      shown["description"] = argument.description;
      shown["required"] = json::Value(argument.required);
      entry["arguments"].push_back(std::move(shown));
    }
    entries.push_back(std::move(entry));
  }
  if (entries.empty()) return nullptr;
  return std::make_shared<const std::string>(json::to_string(json::Value(std::move(entries))));
}

Outcome fill_prompt(const catalog::Toolset& toolset, const integration::Prompt& prompt,
                    const json::Value& arguments) {
  for (const integration::PromptArgument& argument : prompt.arguments) {
    const std::string_view given = arguments.string_or(argument.name, "");
    if (argument.required && trim(given).empty()) {
      return invalid_params("prompts/get: argument \"" + argument.name + "\" is required (" +
                            argument.description + ").");
    }
    if (given.size() > kMostArgumentBytes) {
      return invalid_params("prompts/get: argument \"" + argument.name + "\" is too long.");
    }
  }
  std::string text;
  for (const integration::PromptPart& part : prompt.parts) {
    switch (part.kind) {
      case integration::PromptPart::Kind::text:
        text += part.text;
        break;
      case integration::PromptPart::Kind::tool:
        text += find_tool(toolset, part.text, part.method)->name;
        break;
      case integration::PromptPart::Kind::argument: {
        const std::string_view given = trim(arguments.string_or(part.text, ""));
        const auto argument =
            std::ranges::find(prompt.arguments, part.text, &integration::PromptArgument::name);
        text += given.empty() ? argument->fallback : given;
        break;
      }
    }
  }
  json::Value message;
  message["role"] = "user";
  message["content"]["type"] = "text";
  message["content"]["text"] = std::move(text);
  json::Object members;
  members["description"] = prompt.description;
  members["messages"].push_back(std::move(message));
  return ObjectOutcome{std::move(members)};
}

io::Task<Completion> complete_names(gateway::Gateway& gateway, const catalog::ToolCatalog& catalog,
                                    std::string resource, std::string prefix,
                                    gateway::CallContext context) {
  Completion out;
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
