#include "admin/body_reader.h"

#include "base/iso8601.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

}  // namespace

void BodyReader::refuse(Error error) {
  if (!error_) error_ = std::move(error);
}

void BodyReader::refuse(std::string message, std::string hint) {
  refuse({ErrorCode::invalid_argument, std::move(message), std::move(hint)});
}

std::string BodyReader::text_of(const json::Value& value, std::string_view member) {
  if (const std::string* const text = value.if_string()) return *text;
  refuse(quoted(member) + " must be a string; got " + std::string(value.kind()) + ".");
  return {};
}

std::optional<WallTime> BodyReader::time_of(const json::Value& value, std::string_view member) {
  constexpr std::string_view kHint = "Write it like 2026-12-31T18:00:00Z.";
  const std::string* const text = value.if_string();
  if (text == nullptr) {
    refuse(quoted(member) + " must be null or a time in ISO 8601.", std::string(kHint));
    return {};
  }
  const auto time = parse_iso8601(*text, TimeZone::utc());
  if (time) return *time;
  refuse(quoted(member) + " is not a time in ISO 8601: " + quoted(cut_utf8(*text, 60)) + ".",
         std::string(kHint));
  return {};
}

json::Object BodyReader::object_of(const json::Value& value, std::string_view member) {
  if (const json::Object* const object = value.if_object()) return *object;
  refuse(quoted(member) + " must be an object.");
  return {};
}

std::string BodyReader::required_text(std::string_view member) {
  const json::Value* const value = find(member);
  if (value != nullptr && !value->is_null()) return text_of(*value, member);
  refuse(quoted(member) + " is required.", "Give it 1 to 200 characters.");
  return {};
}

std::string BodyReader::text(std::string_view member) {
  const json::Value* const value = find(member);
  if (value == nullptr || value->is_null()) return {};
  return text_of(*value, member);
}

std::string BodyReader::chosen_text(std::string_view member) {
  std::string chosen = text(member);
  const json::Value* const value = find(member);
  if (value != nullptr && value->is_string() && trim(chosen).empty()) {
    refuse(quoted(member) + " is empty.", "Leave it out to choose none; else name one.");
  }
  return chosen;
}

std::optional<WallTime> BodyReader::time(std::string_view member) {
  const json::Value* const value = find(member);
  if (value == nullptr || value->is_null()) return {};
  return time_of(*value, member);
}

json::Object BodyReader::object(std::string_view member) {
  const json::Value* const value = find(member);
  if (value == nullptr || value->is_null()) return {};
  return object_of(*value, member);
}

json::Object BodyReader::chosen_object(std::string_view member) {
  const json::Value* const value = find(member);
  return value == nullptr ? json::Object() : object_of(*value, member);
}

std::chrono::seconds BodyReader::seconds(std::string_view member, std::chrono::seconds most) {
  const json::Value* const value = find(member);
  if (value == nullptr) return {};
  const auto number = value->is_number() ? value->as_int64() : std::nullopt;
  if (number && *number >= 0 && *number <= most.count()) return std::chrono::seconds(*number);
  refuse("'" + std::string(member) + "' must be a whole number of seconds from 0 to " +
         std::to_string(most.count()) + ".");
  return {};
}

std::optional<std::string> BodyReader::changed_text(std::string_view member) {
  if (find(member) == nullptr) return {};
  return required_text(member);
}

std::optional<std::string> BodyReader::clearable_text(std::string_view member) {
  if (find(member) == nullptr) return {};
  return text(member);
}

control::Edit<WallTime> BodyReader::changed_time(std::string_view member) {
  const json::Value* const value = find(member);
  if (value == nullptr) return control::Keep{};
  if (value->is_null()) return control::Clear{};
  if (const auto time = time_of(*value, member)) return *time;
  return control::Keep{};
}

std::string BodyReader::name_or_id(std::string_view member) {
  const json::Value* const value = find(member);
  if (value == nullptr || value->is_null()) return {};
  if (const auto id = value->is_number() ? value->as_int64() : std::nullopt) {
    return std::to_string(*id);
  }
  if (value->is_string()) return chosen_text(member);
  refuse(quoted(member) + " must be a string, or an id.");
  return {};
}

control::Edit<std::string> BodyReader::changed_name_or_id(std::string_view member) {
  const json::Value* const value = find(member);
  if (value == nullptr) return control::Keep{};
  if (value->is_null()) return control::Clear{};
  return name_or_id(member);
}

std::map<std::string, Secret> BodyReader::secrets(std::string_view member) {
  std::map<std::string, Secret> secrets;
  const json::Value* const value = find(member);
  if (value == nullptr || value->is_null()) return secrets;
  for (const auto& [name, secret] : object_of(*value, member)) {
    const std::string* const text = secret.if_string();
    if (text == nullptr) {
      refuse("Each of " + quoted(member) + " must be a string.");
      break;
    }
    secrets.emplace(name, Secret(*text));
  }
  if (secrets.empty()) refuse(quoted(member) + " is empty.", "Leave it out to give none.");
  return secrets;
}

control::Edit<std::map<std::string, Secret>> BodyReader::changed_secrets(std::string_view member) {
  const json::Value* const value = find(member);
  if (value == nullptr) return control::Keep{};
  if (value->is_null()) return control::Clear{};
  return secrets(member);
}

std::optional<json::Object> BodyReader::changed_object(std::string_view member) {
  const json::Value* const value = find(member);
  if (value == nullptr) return {};
  return object_of(*value, member);
}

}  // namespace patchbay::admin
