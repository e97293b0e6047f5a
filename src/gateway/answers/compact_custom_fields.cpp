#include "gateway/answers/compact_custom_fields.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "gateway/call/labels.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// Where the array of custom fields begins; npos: there is none. memmem, since find() stops at every
// quote: a record of 7 KB has hundreds (measured: a third of a list's time).
std::size_t find_entries(const std::string& field, std::string_view shaped) {
  // In a text these quotes would be escaped, so this is the member's name.
  const std::string member = '"' + field + "\":[";
  const auto* at = ::memmem(shaped.data(), shaped.size(), member.data(), member.size());
  if (at == nullptr) return std::string_view::npos;
  const auto offset = static_cast<std::size_t>(static_cast<const char*>(at) - shaped.data());
  return offset + member.size() - 1;
}

}  // namespace

std::optional<std::string> compact_custom_fields(const integration::Integration& integration,
                                                 std::string_view shaped) {
  const auto& names = integration.custom_fields;
  if (names.field.empty()) return std::nullopt;
  const auto begin = find_entries(names.field, shaped);
  if (begin == std::string_view::npos) return std::nullopt;
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
  const auto entries = json::parse(shaped.substr(begin, std::min(end + 1, shaped.size()) - begin));
  if (!entries || entries->if_array() == nullptr) return std::nullopt;
  json::Object compact;
  std::vector<std::string_view> captions;  // a handful
  for (const auto& entry : *entries->if_array()) {
    const auto* value = entry.find(names.value);
    const auto caption = entry.string_or(names.caption, "");
    if (caption.empty()) continue;
    // The first of a caption is the one that goes by it alone, whether it has a value or not.
    const bool first = std::ranges::find(captions, caption) == captions.end();
    if (first) captions.push_back(caption);
    if (value == nullptr || value->is_null()) continue;
    compact[first ? std::string(caption) : caption_with_id(integration, entry)] = *value;
  }
  std::string out(shaped.substr(0, begin));
  out += json::to_string(compact);
  out += shaped.substr(end + 1);
  return out;
}

}  // namespace patchbay::gateway
