#include "mcp/wire/content_gate.h"

#include <string>
#include <utility>

namespace patchbay::mcp {
namespace {

json::Value text_block(std::string text) {
  json::Value block;
  block["type"] = "text";
  block["text"] = std::move(text);
  return block;
}

json::Value gate_block(json::Value block, Revision revision) {
  const std::string_view type = block.string_or("type", "");
  if (type == "resource_link" && revision < Revision::r2025_06_18) {
    std::string text(block.string_or("name", "Resource"));
    text += ": ";
    text += block.string_or("uri", "");
    return text_block(std::move(text));
  }
  if (type == "audio" && revision < Revision::r2025_03_26) {
    return text_block("[audio " + std::string(block.string_or("mimeType", "")) + "]");
  }
  return block;
}

}  // namespace

json::Object gate_content(json::Object result, Revision revision) {
  if (revision >= Revision::r2025_06_18) return result;
  result.erase("structuredContent");
  json::Value* content = result.find("content");
  if (content == nullptr || !content->is_array()) return result;
  for (json::Value& block : *content->if_array()) block = gate_block(std::move(block), revision);
  return result;
}

}  // namespace patchbay::mcp
