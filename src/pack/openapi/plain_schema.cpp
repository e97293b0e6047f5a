#include "pack/openapi/plain_schema.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "integration/naming.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

constexpr std::size_t kMaxShownDepth = 4;   // models lose their way below
constexpr std::size_t kMaxEmitted = 1'500;  // schemas of one tool
constexpr std::size_t kMaxValueBytes = 120;
constexpr std::size_t kDescriptionBytes = 240;
constexpr std::size_t kInnerDescriptionBytes = 120;

bool is_of(const json::Value& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.as_int64().has_value();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_bool();
  return false;
}

bool is_short(const json::Value& value) {
  const auto* text = value.if_string();
  return text == nullptr || text->size() <= kMaxValueBytes;
}

// Those of its type, if they are few and short enough to be shown; else nothing.
std::optional<json::Array> shown_values(const Gathered& gathered) {
  if (!gathered.has_values || gathered.values.empty() || gathered.cut) return std::nullopt;
  if (gathered.type != "string" && gathered.type != "integer") return std::nullopt;
  json::Array list;
  for (const json::Value* value : gathered.values) {
    if (!is_of(*value, gathered.type) || !is_short(*value)) return std::nullopt;
    if (std::ranges::find(list, *value) == list.end()) list.push_back(*value);
    if (list.size() > kMaxShownValues) return std::nullopt;
  }
  return list;
}

// "Max length: 100;" among the words, as some generators write what a schema could say. Taken out.
std::int64_t take_spoken_length(std::string& description) {
  static constexpr std::string_view kWords = "Max length: ";
  const auto at = description.find(kWords);
  if (at == std::string::npos) return 0;
  auto end = at + kWords.size();
  std::int64_t length = 0;
  while (end < description.size() && description[end] >= '0' && description[end] <= '9' &&
         length < 1'000'000'000) {
    length = length * 10 + (description[end++] - '0');
  }
  if (end < description.size() && description[end] == ';') ++end;
  description.erase(at, end - at);
  description = std::string(trim(description));
  return length;
}

std::string_view kept_format(std::string_view format) {
  constexpr std::array<std::string_view, 5> kKept = {"date-time", "date", "email", "uri", "uuid"};
  return std::ranges::find(kKept, format) != kKept.end() ? format : std::string_view();
}

// Limits that say something of the type, and that no value can break by a mere difference of
// dialect.
void add_limits(const Gathered& gathered, json::Value& out) {
  const auto take = [&](std::string_view key, bool whole) {
    const auto found = gathered.limits.find(key);
    if (found == gathered.limits.end() || !found->second->is_number()) return;
    const auto size = found->second->as_int64();
    if (!whole || (size && *size >= 0)) out[key] = *found->second;
  };
  if (gathered.type == "string") {
    take("minLength", true);
    take("maxLength", true);
  } else if (gathered.type == "array") {
    take("minItems", true);
    take("maxItems", true);
  } else if (gathered.type == "integer" || gathered.type == "number") {
    for (const auto& [limit, exclusive] :
         {std::pair<std::string_view, std::string_view>{"minimum", "exclusiveMinimum"},
          {"maximum", "exclusiveMaximum"}}) {
      const auto flag = gathered.limits.find(exclusive);
      const bool is_flag = flag != gathered.limits.end() && flag->second->is_bool();
      const auto bound = gathered.limits.find(limit);
      if (is_flag && *flag->second->if_bool() && bound != gathered.limits.end() &&
          bound->second->is_number()) {
        out[exclusive] = *bound->second;
        continue;
      }
      take(limit, false);
      if (!is_flag) take(exclusive, false);
    }
  }
}

// A least that is above the most would let nothing through.
void drop_contradictions(json::Value& out) {
  for (const auto& [least, most] :
       {std::pair<std::string_view, std::string_view>{"minimum", "maximum"},
        {"minLength", "maxLength"},
        {"minItems", "maxItems"}}) {
    const auto* low = out.find(least);
    const auto* high = out.find(most);
    if (low == nullptr || high == nullptr) continue;
    if (low->as_double().value_or(0) <= high->as_double().value_or(0)) continue;
    out.if_object()->erase(least);
    out.if_object()->erase(most);
  }
}

}  // namespace

bool is_usable_name(std::string_view name) {
  return integration::is_property_name(name);
}

std::string description_of(const Gathered& gathered, std::size_t max_bytes) {
  std::string text = one_line(gathered.description, max_bytes);
  take_spoken_length(text);
  if (gathered.has_values && !gathered.values.empty() && !shown_values(gathered) &&
      gathered.type == "string") {
    std::string some;
    for (const json::Value* value : gathered.values) {
      const auto* one = value->if_string();
      if (one == nullptr || some.size() + one->size() > 100) break;
      some += (some.empty() ? "" : ", ") + one_line(*one, 60);
    }
    if (!some.empty()) text += (text.empty() ? "As " : "; as ") + some + ", …";
  }
  return text;
}

json::Value PlainSchemas::plain(const json::Value& schema, Use use, std::size_t depth) {
  return plain(gatherer_.gather(schema), use, depth);
}

json::Value PlainSchemas::plain(const Gathered& gathered, Use use, std::size_t depth) {
  ++emitted_;
  json::Value out;
  const std::string type(gathered.type.empty() ? "string" : gathered.type);
  out["type"] = json::Value(type);
  std::string description =
      description_of(gathered, depth == 0 ? kDescriptionBytes : kInnerDescriptionBytes);
  if (!description.empty()) out["description"] = json::Value(std::move(description));
  if (auto values = shown_values(gathered)) out["enum"] = json::Value(std::move(*values));
  if (type == "string") {
    if (const auto format = kept_format(gathered.format); !format.empty()) {
      out["format"] = json::Value(format);
    }
  }
  add_limits(gathered, out);
  if (type == "string" && out.find("maxLength") == nullptr && !gathered.has_values) {
    std::string words = one_line(gathered.description, kDescriptionBytes);
    if (const auto length = take_spoken_length(words); length > 0) {
      out["maxLength"] = json::Value(length);
    }
  }
  drop_contradictions(out);
  const json::Value* fallback = gathered.fallback;
  if (fallback != nullptr && is_of(*fallback, type) && is_short(*fallback)) {
    out["default"] = *fallback;
  }
  const bool inner = depth < kMaxShownDepth && emitted_ < kMaxEmitted;
  if (type == "array") {
    json::Value text;
    text["type"] = json::Value("string");
    out["items"] =
        gathered.items != nullptr && inner ? plain(*gathered.items, use, depth + 1) : text;
  }
  if (type == "object" && inner) add_members(gathered, use, depth, out);
  return out;
}

void PlainSchemas::add_members(const Gathered& gathered, Use use, std::size_t depth,
                               json::Value& out) {
  json::Object members;
  json::Array required;
  for (const auto& [name, schema] : gathered.properties) {
    if (!is_usable_name(name) || emitted_ >= kMaxEmitted) continue;
    const Gathered member = gatherer_.gather(*schema);
    if (use == Use::sent ? member.read_only : member.write_only) continue;
    members.append(std::string(name), plain(member, use, depth + 1));
    if (gathered.required.contains(name)) required.emplace_back(name);
  }
  if (members.empty()) return;
  out["properties"] = json::Value(std::move(members));
  if (!required.empty()) out["required"] = json::Value(std::move(required));
}

}  // namespace patchbay::openapi
