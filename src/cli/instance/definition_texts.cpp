#include "cli/instance/definition_texts.h"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/terminal/display_text.h"

namespace patchbay::cli {
namespace {

const json::Array& list_of(const json::Value& record, std::string_view name) {
  static const json::Array none;
  const json::Value* const value = record.find(name);
  const json::Array* const list = value != nullptr ? value->if_array() : nullptr;
  return list != nullptr ? *list : none;
}

std::string as_line(const json::Value& value) {
  const std::string* const text = value.if_string();
  return text != nullptr ? one_line(*text) : std::string();
}

std::string names_of(const json::Array& names) {
  std::string text;
  for (const json::Value& name : names) text += (text.empty() ? "" : ", ") + as_line(name);
  return text;
}

}  // namespace

void print_difference(const json::Value& difference) {
  const json::Array& added = list_of(difference, "added");
  const json::Array& removed = list_of(difference, "removed");
  const json::Array& changed = list_of(difference, "changed");
  for (const json::Value& tool : added) fmt::print("+ {}\n", as_line(tool));
  for (const json::Value& tool : removed) fmt::print("- {}  BREAKING\n", as_line(tool));
  for (const json::Value& change : changed) {
    fmt::print("~ {}{}\n", one_line(change.string_or("tool", "")),
               change.bool_or("is_breaking", false) ? "  BREAKING" : "");
    for (const json::Value& what : list_of(change, "what")) fmt::print("    {}\n", as_line(what));
  }
  fmt::print("{} tools added, {} removed, {} changed\n", added.size(), removed.size(),
             changed.size());
}

void print_definition_change(const json::Value& change) {
  for (const json::Value& each : list_of(change, "left_out")) {
    fmt::print("left out: {}: {}\n", one_line(each.string_or("operation", "")),
               one_line(each.string_or("reason", "")));
  }
  if (const json::Value* const difference = change.find("diff")) print_difference(*difference);
  for (const json::Value& server : list_of(change, "mcp_servers")) {
    fmt::print("MCP server {} ({}) feels it{}\n", one_line(server.string_or("name", "")),
               one_line(server.string_or("id", "")),
               server.bool_or("is_breaking", false) ? ": BREAKING" : "");
    for (const char* const what : {"added", "removed", "changed"}) {
      const json::Array& tools = list_of(server, what);
      if (!tools.empty()) fmt::print("    {}: {}\n", what, names_of(tools));
    }
  }
}

}  // namespace patchbay::cli
