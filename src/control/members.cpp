#include "control/members.h"

#include <algorithm>
#include <vector>

#include "base/iso8601.h"
#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kLongestName = 200;  // characters, not bytes

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

}  // namespace

Result<> only_known_members(const json::Object& object, std::string_view where,
                            std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : object) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    const auto near = nearest(name, names, 1);
    const std::string place = where.empty() ? "" : " in " + std::string(where);
    std::string hint = near.empty() ? "" : "Did you mean " + quoted(near.front()) + "? ";
    hint += "Known: " + join(names) + ".";
    return fail(ErrorCode::invalid_argument,
                "Unknown member " + quoted(cut_utf8(name, 100)) + place + ".", std::move(hint));
  }
  return {};
}

Result<std::string> read_label(const json::Value& value, std::string_view member) {
  const std::string* const text = value.if_string();
  if (text == nullptr) {
    return fail(ErrorCode::invalid_argument,
                quoted(member) + " must be a string; got " + std::string(value.kind()) + ".");
  }
  const std::string_view trimmed = trim(*text);
  if (count_characters(trimmed) > kLongestName || has_control_characters(trimmed)) {
    return fail(ErrorCode::invalid_argument,
                quoted(member) + " must have at most 200 characters, and no control characters.");
  }
  return std::string(trimmed);
}

Result<std::string> read_name(const json::Value* value, std::string_view member) {
  if (value == nullptr || value->is_null()) {
    return fail(ErrorCode::invalid_argument, quoted(member) + " is required.",
                "Give it 1 to 200 characters.");
  }
  auto text = read_label(*value, member);
  if (text && text->empty()) {
    return fail(ErrorCode::invalid_argument, quoted(member) + " must not be empty.",
                "Give it 1 to 200 characters.");
  }
  return text;
}

Result<std::optional<WallTime>> read_optional_time(const json::Value& value,
                                                   std::string_view member) {
  if (value.is_null()) return std::nullopt;
  constexpr std::string_view kHint = "Write it like 2026-12-31T18:00:00Z.";
  const std::string* const text = value.if_string();
  if (text == nullptr) {
    return fail(ErrorCode::invalid_argument,
                quoted(member) + " must be null or a time in ISO 8601.", std::string(kHint));
  }
  const auto time = parse_iso8601(*text, TimeZone::utc());
  if (!time) {
    return fail(ErrorCode::invalid_argument,
                quoted(member) + " is not a time in ISO 8601: " + quoted(cut_utf8(*text, 60)) + ".",
                std::string(kHint));
  }
  return *time;
}

json::Value merge_shallowly(json::Value base, const json::Object& patch) {
  if (!base.is_object()) base = json::Object{};
  json::Object& object = *base.if_object();
  for (const auto& [name, value] : patch) {
    if (value.is_null()) {
      object.erase(name);
    } else {
      object[name] = value;
    }
  }
  return base;
}

}  // namespace patchbay::control
