#include "servers/prompts.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/write.h"

namespace patchbay::servers {
namespace {

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

mcp::SharedText render_prompts(const catalog::Toolset& toolset) {
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

mcp::ServerOutcome fill_prompt(const catalog::Toolset& toolset, const integration::Prompt& prompt,
                               const json::Value& arguments) {
  for (const integration::PromptArgument& argument : prompt.arguments) {
    const std::string_view given = arguments.string_or(argument.name, "");
    if (argument.required && trim(given).empty()) {
      return mcp::invalid_params("prompts/get: argument \"" + argument.name + "\" is required (" +
                                 argument.description + ").");
    }
    if (given.size() > kMostArgumentBytes) {
      return mcp::invalid_params("prompts/get: argument \"" + argument.name + "\" is too long.");
    }
  }
  std::string text;
  for (const integration::PromptPart& part : prompt.parts) {
    switch (part.kind) {
      case integration::PromptPart::Kind::text:
        text += part.text;
        break;
      case integration::PromptPart::Kind::tool:
        text += toolset.shown(*find_tool(toolset, part.text, part.method));
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
  if (toolset.exposure() == catalog::Exposure::discovery) {
    text += "\n\nTools that are named here are called by call_read_tool and call_write_tool.";
  }
  json::Value message;
  message["role"] = "user";
  message["content"]["type"] = "text";
  message["content"]["text"] = std::move(text);
  json::Object members;
  members["description"] = prompt.description;
  members["messages"].push_back(std::move(message));
  return mcp::ObjectOutcome{std::move(members)};
}

}  // namespace patchbay::servers
