#include "catalog/listing.h"

#include <iterator>

#include "json/parse.h"
#include "json/write.h"

namespace patchbay::catalog {
namespace {

void append_flag(std::string& out, std::string_view name, bool value) {
  out += '"';
  out += name;
  out += value ? "\":true" : "\":false";
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  out += '"';
  out += name;
  out += "\":";
  json::append_string(out, value);
  out += ',';
}

}  // namespace

void append_tool(std::string& out, const Tool& tool, std::string_view name) {
  out += '{';
  append_text(out, "name", name);
  append_text(out, "title", tool.title);
  append_text(out, "description", tool.description);
  out += "\"inputSchema\":";
  json::append(out, tool.input_schema());
  // All four: where one is missing, clients assume the worst.
  const integration::Annotations& hints = tool.method->annotations;
  out += ",\"annotations\":{";
  append_flag(out, "readOnlyHint", hints.read_only);
  out += ',';
  append_flag(out, "destructiveHint", hints.destructive);
  out += ',';
  append_flag(out, "idempotentHint", hints.idempotent);
  out += ',';
  append_flag(out, "openWorldHint", hints.open_world);
  out += "}}";
}

json::Value listed_tool(const Tool& tool, std::string_view name) {
  std::string text;
  append_tool(text, tool, name);
  return json::parse(text).value_or(json::Value());
}

std::int64_t tokens_estimate(const json::Value& listed) {
  constexpr std::int64_t kBytesPerToken = 4;
  std::int64_t bytes = 0;
  for (const std::string_view part : {"name", "description"}) {
    bytes += std::ssize(listed.string_or(part, ""));
  }
  if (const json::Value* const schema = listed.find("inputSchema")) {
    bytes += std::ssize(json::to_string(*schema));
  }
  return (bytes + kBytesPerToken - 1) / kBytesPerToken;
}

std::size_t listing_bytes(const Tool& tool) {
  return tool.name.size() + tool.description.size() + json::to_string(tool.input_schema()).size();
}

}  // namespace patchbay::catalog
