#include "cli/mcp/tool_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/table.h"
#include "cli/terminal/terminal.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

const json::Object* properties_of(const json::Value& tool) {
  const json::Value* const schema = tool.find("inputSchema");
  const json::Value* const properties = schema == nullptr ? nullptr : schema->find("properties");
  return properties == nullptr ? nullptr : properties->if_object();
}

bool is_required(const json::Value& tool, std::string_view name) {
  const json::Value* const schema = tool.find("inputSchema");
  const json::Value* const required = schema == nullptr ? nullptr : schema->find("required");
  const json::Array* const names = required == nullptr ? nullptr : required->if_array();
  return names != nullptr && std::ranges::find(*names, json::Value(name)) != names->end();
}

bool is_of_type(const json::Value& property, std::string_view wanted) {
  const json::Value* const type = property.find("type");
  if (type == nullptr) return false;
  if (const std::string* const one = type->if_string()) return *one == wanted;
  const json::Array* const several = type->if_array();
  return several != nullptr && std::ranges::find(*several, json::Value(wanted)) != several->end();
}

std::string type_text(const json::Value& property) {
  const auto joined = [](const json::Array& values) {
    std::vector<std::string> words;
    for (const json::Value& each : values) {
      const std::string* const text = each.if_string();
      words.push_back(text != nullptr ? *text : json::to_string(each));
    }
    return join(words, "|");
  };
  if (const json::Value* const values = property.find("enum"); values != nullptr) {
    if (const json::Array* const list = values->if_array()) return joined(*list);
  }
  const json::Value* const type = property.find("type");
  if (type == nullptr) return "any";
  if (const json::Array* const list = type->if_array()) return joined(*list);
  return std::string(property.string_or("type", "any"));
}

// A hint that is left out has the default of the specification.
bool hint(const json::Value& tool, std::string_view name, bool otherwise) {
  const json::Value* const annotations = tool.find("annotations");
  return annotations == nullptr ? otherwise : annotations->bool_or(name, otherwise);
}

// Text that is JSON is easier to read indented.
std::string block_text(std::string_view text) {
  const auto value = json::parse(text);
  const bool structured = value && (value->is_object() || value->is_array());
  return structured ? json::to_pretty_string(*value) : std::string(text);
}

}  // namespace

std::string effect_of(const json::Value& tool) {
  if (hint(tool, "readOnlyHint", false)) return "read";
  return hint(tool, "destructiveHint", true) ? "write, may destroy" : "write";
}

std::string tool_text(const json::Value& tool) {
  std::string text = bold(one_line(tool.string_or("name", ""))) + "\n";
  if (const auto title = tool.string_or("title", ""); !title.empty()) {
    text += one_line(title) + "\n";
  }
  text += "\n" + many_lines(tool.string_or("description", "")) + "\n\n";
  text += fmt::format("{} {}{}{}\n", bold("Effect"), effect_of(tool),
                      hint(tool, "idempotentHint", false) ? ", the same when repeated" : "",
                      hint(tool, "openWorldHint", true) ? "" : ", nothing outside");
  const json::Object* const properties = properties_of(tool);
  if (properties == nullptr || properties->empty()) return text + "\nIt takes no arguments.\n";
  Table table({{"ARGUMENT", true}, {"TYPE"}, {"NEEDED"}, {"WHAT"}});
  for (const auto& [name, property] : *properties) {
    table.add({name, type_text(property), is_required(tool, name) ? "yes" : "",
               std::string(property.string_or("description", ""))});
  }
  return text + "\n" + table.text(terminal_width(), output_is_styled());
}

std::string result_text(const json::Value& result) {
  std::string text;
  const json::Value* const content = result.find("content");
  const json::Array* const blocks = content == nullptr ? nullptr : content->if_array();
  if (blocks == nullptr || blocks->empty()) {
    const json::Value* const structured = result.find("structuredContent");
    return many_lines(json::to_pretty_string(structured == nullptr ? result : *structured)) + "\n";
  }
  for (const json::Value& block : *blocks) {
    const std::string_view type = block.string_or("type", "");
    if (type == "text") {
      text += many_lines(block_text(block.string_or("text", ""))) + "\n";
      continue;
    }
    const json::Value* const resource = block.find("resource");
    const json::Value& holder = resource == nullptr ? block : *resource;
    if (const auto inner = holder.string_or("text", ""); !inner.empty()) {
      text += many_lines(block_text(inner)) + "\n";
    } else {
      text += fmt::format("[{} {}: {} bytes in base64; --json prints it]\n", one_line(type),
                          one_line(holder.string_or("mimeType", "")),
                          holder.string_or("data", holder.string_or("blob", "")).size());
    }
  }
  return text;
}

Result<json::Object> fit_arguments(const json::Value& tool, json::Object arguments, bool dry_run) {
  const json::Object* const properties = properties_of(tool);
  for (auto& [name, value] : arguments) {
    const json::Value* const property = properties == nullptr ? nullptr : properties->find(name);
    const std::string* const text = value.if_string();
    if (property == nullptr || text == nullptr || is_of_type(*property, "string")) continue;
    if (is_of_type(*property, "array")) {
      value = json::Array{json::Value(*text)};
    } else if (auto parsed = json::parse(*text); parsed && !parsed->is_string()) {
      value = std::move(*parsed);
    }
  }
  if (!dry_run) return arguments;
  if (properties == nullptr || !properties->contains("dry_run")) {
    return fail(ErrorCode::unsupported,
                fmt::format("{} has no dry run. Nothing was called.", tool.string_or("name", "")),
                "Leave --dry-run out to call it in earnest.");
  }
  arguments["dry_run"] = true;
  return arguments;
}

}  // namespace patchbay::cli
