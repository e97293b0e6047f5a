#include "pack/layer_names.h"

#include <utility>

#include "integration/naming.h"

namespace patchbay::pack {
namespace {

std::string text_at(const yaml::Node& mapping, std::string_view key) {
  const yaml::Node* const value = mapping.find(key);
  return value != nullptr && value->is_scalar() ? value->text : std::string();
}

bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string tool_prefix_of(const yaml::Node& main) {
  std::string prefix = text_at(main, "tool_prefix");
  return prefix.empty() ? text_at(main, "name") : prefix;
}

std::string tool_name_of(std::string_view prefix, const MethodPlace& place) {
  integration::Resource resource;
  resource.name = place.resource;
  resource.singular = text_at(place.root, "singular");
  if (resource.singular.empty()) resource.singular = integration::singular(resource.name);
  integration::Method method;
  method.name = place.method;
  method.kind = integration::method_kind(place.method);
  method.tool_name = text_at(place.node, "tool_name");
  return integration::tool_name(prefix, resource, method);
}

void RenamedTools::add(std::string before, std::string after) {
  if (before != after) names_.insert_or_assign(std::move(before), std::move(after));
}

std::string RenamedTools::rewritten(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_of_a_name(text[end])) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    std::string word(text.substr(at, end - at));
    const auto found = names_.find(word);
    out += found != names_.end() ? found->second : word;
    at = end;
  }
  return out;
}

}  // namespace patchbay::pack
