#include "gateway/arguments/absent.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "base/blanks.h"
#include "base/decimal.h"
#include "base/text.h"
#include "gateway/arguments/clear.h"

namespace patchbay::gateway {

using integration::Argument;
using integration::ArgumentPlace;
using integration::FieldType;

namespace {

// What clients and models write where there is nothing to be written.
constexpr auto kNoKeys = std::to_array<std::string_view>(
    {"null", "nil", "none", "undefined", "nan", "n/a", "na", "unknown", "string", "true", "false"});

// A key tells one call from all others: a word that means nothing would make calls one that are
// not. So would a text without a letter or a digit but 0 ("-", "\"\"", a GUID of zeros).
bool is_no_key(std::string_view text) {
  text = trim_blanks(text);
  while (text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
         text.back() == text.front()) {
    text = trim_blanks(text.substr(1, text.size() - 2));
  }
  const auto tells = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (std::isalnum(byte) != 0 && c != '0');
  };
  if (std::ranges::none_of(text, tells)) return true;
  return std::ranges::any_of(
      kNoKeys, [&](std::string_view word) { return equal_ignoring_case(word, text); });
}

bool names_record(const Argument& argument) {
  return argument.reference.has_value() || argument.type == FieldType::reference;
}

// Whether its value is an id, by what it is called where its type does not say so.
bool is_id(const Argument& argument) {
  if (names_record(argument) || argument.place == ArgumentPlace::path) return true;
  const auto called_id = [](std::string_view name) {
    return name == "id" || name == "ids" || name.ends_with("/id") || name.ends_with("Id") ||
           name.ends_with("Ids");
  };
  return called_id(argument.name) || called_id(argument.field());
}

bool is_number(FieldType type) {
  return type == FieldType::integer || type == FieldType::number;
}

bool is_zero(const json::Value& value) {
  if (const auto* number = value.if_number()) return Decimal(number->token()).is_zero();
  const auto* text = value.if_string();
  return text != nullptr && is_number_token(trim_blanks(*text)) &&
         Decimal(trim_blanks(*text)).is_zero();
}

// {"id": 0, "name": ""}: a reference in the API's own form, filled in by habit.
bool names_nothing(const json::Value& value) {
  if (const auto* object = value.if_object()) {
    return std::ranges::all_of(*object,
                               [](const auto& member) { return names_nothing(member.second); });
  }
  if (const auto* text = value.if_string(); text != nullptr && trim_blanks(*text).empty())
    return true;
  return value.is_null() || is_zero(value);
}

void drop_blanks(json::Object& object) {
  json::Object kept;
  for (auto& [name, member] : object) {
    const auto* text = member.if_string();
    if (text == nullptr || !trim_blanks(*text).empty()) kept.append(name, std::move(member));
  }
  object = std::move(kept);
}

std::string leave_it_out(const Call& call, const Argument& argument) {
  std::string out = "; leave it out";
  if (is_clearable(call.method(), argument.name)) {
    out += ", or empty the field by clear: [\"" + argument.name + "\"]";
  }
  return out;
}

Presence presence_of_text(const Call& call, const Argument& argument, const std::string& text) {
  if (!trim_blanks(text).empty() || argument.empty_is_value) return {};
  if (!call.is_write()) return {.absent = true};
  return {.refused = "must not be empty" + leave_it_out(call, argument)};
}

Presence presence_of_zero(const Call& call, const Argument& argument, const json::Value& value) {
  if (is_number(argument.type) || is_id(argument)) {
    if (argument.zero_is_value) return {};
    if (!call.is_write() && is_id(argument) && !argument.required) {
      return {.absent = true};
    }
    return {.refused = (is_id(argument) ? "0 is no id" : "0 is no value here") +
                       leave_it_out(call, argument)};
  }
  // A number stands for a text often enough ("serialNumber": 4711), and 0 for none.
  if (argument.type == FieldType::string && value.is_number()) {
    return {.refused = "must be a text; got 0" + leave_it_out(call, argument)};
  }
  return {};
}

Presence presence_of_entries(const Call& call, const Argument& argument, json::Array& entries) {
  Presence all;
  std::size_t index = 0;
  std::erase_if(entries, [&](json::Value& entry) {
    const auto place = '[' + std::to_string(index++) + ']';
    auto one = presence_of(call, argument, entry);
    if (!one.refused.empty() && all.refused.empty()) {
      all.refused = "entry " + place + ' ' + one.refused;
    }
    return one.absent;
  });
  all.absent = all.refused.empty() && entries.empty();
  return all;
}

Presence presence_of_key(const json::Value& value) {
  Presence key;
  const auto* text = value.if_string();
  key.absent = is_zero(value) || (text != nullptr && is_no_key(*text));
  if (key.absent && text != nullptr && !trim_blanks(*text).empty()) {
    key.told = "idempotency_key: '" + std::string(cut_utf8(trim_blanks(*text), 40)) +
               "' is no key, and was left out: a repetition is another write.";
  }
  return key;
}

}  // namespace

void drop_nulls(json::Value& value) {
  if (auto* entries = value.if_array()) {
    std::erase_if(*entries, [](const json::Value& entry) { return entry.is_null(); });
    for (auto& entry : *entries) drop_nulls(entry);
  }
  auto* object = value.if_object();
  if (object == nullptr) return;
  json::Object kept;
  for (auto& [name, member] : *object) {
    if (member.is_null()) continue;
    drop_nulls(member);
    kept.append(name, std::move(member));
  }
  *object = std::move(kept);
}

Presence presence_of(const Call& call, const Argument& argument, json::Value& value) {
  if (value.is_null()) return {.absent = true};
  if (auto* entries = value.if_array()) {
    // What takes no list is told so by its schema, unless there is nothing to be told of.
    const bool takes_list = argument.schema.string_or("type", "") == "array";
    if (takes_list || !call.is_write()) return presence_of_entries(call, argument, *entries);
    return {};
  }
  if (auto* object = value.if_object()) {
    if (!call.is_write()) drop_blanks(*object);
    const bool takes_object =
        argument.type == FieldType::object || argument.type == FieldType::array;
    const bool nothing = object->empty() || (names_record(argument) && names_nothing(value));
    return {.absent = nothing && (takes_object || !call.is_write())};
  }
  if (argument.place == ArgumentPlace::platform) {
    if (argument.name == "idempotency_key") {
      return presence_of_key(value);
    }
    const auto* text = value.if_string();
    if (argument.type != FieldType::string) {
      // A limit of 0 and a switch of 0 are for their schema to refuse.
      return {.absent = text != nullptr && trim_blanks(*text).empty() && !call.is_write()};
    }
  }
  if (is_zero(value)) return presence_of_zero(call, argument, value);
  if (const auto* text = value.if_string()) return presence_of_text(call, argument, *text);
  return {};
}

}  // namespace patchbay::gateway
