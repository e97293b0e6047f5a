#include "gateway/answers/compact_custom_fields.h"

#include <algorithm>
#include <set>

#include "gateway/call/labels.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

std::string compact_custom_fields(const integration::Integration& integration, std::string shaped) {
  const auto& names = integration.custom_fields;
  if (names.field.empty()) return shaped;
  // In a text these quotes would be escaped, so this is the member's name.
  const std::string member = '"' + names.field + "\":";
  const auto at = shaped.find(member + '[');
  if (at == std::string::npos) return shaped;
  const auto begin = at + member.size();
  // The array's end: brackets outside of texts.
  std::size_t end = begin;
  int depth = 0;
  bool in_text = false;
  for (; end < shaped.size(); ++end) {
    const char c = shaped[end];
    if (in_text) {
      if (c == '\\') ++end;
      if (c == '"') in_text = false;
      continue;
    }
    if (c == '"') in_text = true;
    if (c == '[') ++depth;
    if (c == ']' && --depth == 0) break;
  }
  const auto entries =
      json::parse(std::string_view(shaped).substr(begin, std::min(end + 1, shaped.size()) - begin));
  if (!entries || entries->if_array() == nullptr) return shaped;
  json::Object compact;
  std::set<std::string> captions;
  for (const auto& entry : *entries->if_array()) {
    const auto* value = entry.find(names.value);
    std::string caption(entry.string_or(names.caption, ""));
    if (caption.empty()) continue;
    // The first of a caption is the one that goes by it alone, whether it has a value or not.
    if (!captions.insert(caption).second) caption = caption_with_id(integration, entry);
    if (value == nullptr || value->is_null()) continue;
    compact[caption] = *value;
  }
  shaped.replace(begin, end + 1 - begin, json::to_string(compact));
  return shaped;
}

}  // namespace patchbay::gateway
