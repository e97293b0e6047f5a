#include "pack/placeholders.h"

#include <string_view>
#include <utility>

namespace patchbay::pack {
namespace {

// What stands between braces: an argument, or resource.method.
PromptPart read_placeholder(std::string_view inner, std::size_t line, Definition& definition) {
  const std::size_t dot = inner.find('.');
  if (dot == std::string_view::npos) {
    return {.kind = PromptPart::Kind::argument, .text = std::string(inner), .method = {}};
  }
  PromptPart part{.kind = PromptPart::Kind::tool,
                  .text = std::string(inner.substr(0, dot)),
                  .method = std::string(inner.substr(dot + 1))};
  definition.later([&definition, resource = part.text, method = part.method, line] {
    const Resource* found = definition.integration.find_resource(resource);
    if (found != nullptr && found->find_method(method) != nullptr) return;
    definition.problems.error(line, "there is no method {" + resource + "." + method + "}",
                              "name a resource and one of its methods");
  });
  return part;
}

}  // namespace

std::vector<PromptPart> cut_at_placeholders(const std::string& text, std::size_t line,
                                            Definition& definition) {
  std::vector<PromptPart> parts;
  const auto add_text = [&](std::string piece) {
    if (piece.empty()) return;
    parts.push_back({.kind = PromptPart::Kind::text, .text = std::move(piece), .method = {}});
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find('{', at);
    const std::size_t close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) break;
    add_text(text.substr(at, open - at));
    parts.push_back(read_placeholder(std::string_view(text).substr(open + 1, close - open - 1),
                                     line, definition));
    at = close + 1;
  }
  add_text(text.substr(at));
  return parts;
}

}  // namespace patchbay::pack
