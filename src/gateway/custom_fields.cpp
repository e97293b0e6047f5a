#include <algorithm>

#include "base/text.h"
#include "gateway/stages.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

using catalog::FieldType;

namespace {

constexpr std::size_t kMaxCaptionsTold = 30;

// The caller's {caption: value}; null if there is none.
const json::Object* given_fields(const Call& call) {
  const auto& name = call.integration().custom_fields.field;
  if (name.empty() || !call.is_write()) return nullptr;
  const auto* argument = call.find_argument(name);
  const auto* given = call.arguments.find(name);
  if (given == nullptr || argument->place != catalog::Place::platform) return nullptr;
  return given->if_object();
}

// The fields as the API writes them: of the record itself, or, for a new one, of the record made
// last, whose values are not taken over.
io::Task<Step<json::Array>> fetch_entries(Call& call, bool creates) {
  const auto& pagination = call.integration().pagination;
  const auto& name = call.integration().custom_fields.field;
  const auto* list = call.resource().find_method("list");
  if (creates && list == nullptr) {
    co_return stop(ErrorCode::unsupported, name + " cannot be set on creation here.",
                   "Create the record without them, then update it.");
  }
  auto path = fill_path(call, creates ? list->path : call.method().path);
  if (!path) co_return std::unexpected(std::move(path.error()));
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, pagination.fields_parameter, name);
  if (creates) {
    add_parameter(request.query, pagination.order_parameter, pagination.id_field + " desc");
    add_parameter(request.query, pagination.size_parameter, "1");
  }
  auto answer = co_await send(call, std::move(request), false);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto body = json::parse(answer->body);
  json::Value* record = body ? &*body : nullptr;
  if (record != nullptr && record->is_array()) {
    record = record->if_array()->empty() ? nullptr : &record->if_array()->front();
  }
  json::Value* entries =
      record != nullptr && record->is_object() ? record->if_object()->find(name) : nullptr;
  if (entries == nullptr || entries->if_array() == nullptr) co_return json::Array();
  co_return std::move(*entries->if_array());
}

// The value as the field's type wants it, or what it wants.
std::expected<json::Value, std::string> checked(const Call& call, FieldType type,
                                                const json::Value& value) {
  if (value.is_null()) return value;
  const auto* text = value.if_string();
  switch (type) {
    case FieldType::boolean:
      if (value.is_bool()) return value;
      if (text != nullptr && equal_ignoring_case(*text, "true")) return json::Value(true);
      if (text != nullptr && equal_ignoring_case(*text, "false")) return json::Value(false);
      return std::unexpected("takes true or false");
    case FieldType::integer:
    case FieldType::number: {
      if (value.is_number()) return value;
      const auto number = text != nullptr ? json::parse(*text) : json::parse("");
      if (number && number->is_number()) return *number;
      return std::unexpected("takes a number");
    }
    case FieldType::date:
    case FieldType::date_time: {
      if (text == nullptr) return std::unexpected("takes a date (YYYY-MM-DD)");
      // A day stays that day, whatever the time zone.
      const bool day = text->size() == std::string_view("YYYY-MM-DD").size();
      const auto time = day ? parse_iso8601(*text + "T00:00:00Z", TimeZone::utc())
                            : parse_iso8601(*text, call.context.account->time_zone());
      if (!time) return std::unexpected("takes a date (YYYY-MM-DD)");
      return json::Value(format_utc(*time));
    }
    default:
      if (text != nullptr) return value;
      if (value.is_number()) return json::Value(json::to_string(value));
      return std::unexpected("takes a text");
  }
}

std::string captions_of(const Call& call, const json::Array& entries, std::string_view wanted) {
  std::vector<std::string> captions;
  for (const auto& entry : entries) {
    captions.emplace_back(entry.string_or(call.integration().custom_fields.caption, ""));
  }
  if (captions.empty()) return "there are no custom fields here";
  if (captions.size() > kMaxCaptionsTold) captions = nearest(wanted, captions, kMaxCaptionsTold);
  return "the custom fields are: " + join(captions);
}

}  // namespace

io::Task<Step<>> custom_fields(Call& call) {
  const auto* given = given_fields(call);
  if (given == nullptr || given->empty()) co_return Step<>();
  const auto& names = call.integration().custom_fields;
  const bool creates = call.method().kind == catalog::MethodKind::create;
  auto entries = co_await fetch_entries(call, creates);
  if (!entries) co_return std::unexpected(std::move(entries.error()));

  ToolError refusal;
  refusal.code = ErrorCode::invalid_argument;
  std::vector<bool> set(entries->size(), false);
  for (const auto& [caption, value] : *given) {
    const auto path = names.field + '.' + std::string(cut_utf8(caption, 80));
    const auto found = std::ranges::find_if(*entries, [&](const json::Value& entry) {
      return equal_ignoring_case(entry.string_or(names.caption, ""), caption);
    });
    if (found == entries->end()) {
      refusal.field_errors.push_back(
          {path, "no such caption; " + captions_of(call, *entries, caption)});
      continue;
    }
    const auto type = names.types.find(std::string(found->string_or(names.type, "")));
    auto fit = type != names.types.end() ? checked(call, type->second, value)
                                         : std::expected<json::Value, std::string>(value);
    if (!fit) {
      refusal.field_errors.push_back({path, fit.error()});
      continue;
    }
    (*found)[names.value] = std::move(*fit);
    set[static_cast<std::size_t>(found - entries->begin())] = true;
  }
  if (!refusal.field_errors.empty()) {
    refusal.message =
        refusal.field_errors.front().field + ": " + refusal.field_errors.front().message;
    refusal.hint = "Nothing was sent. Correct the arguments and call again.";
    co_return std::unexpected(std::move(refusal));
  }
  // An update takes the whole array: what is left out of it would be cleared.
  json::Array sent;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    if (set[i] || !creates) sent.push_back(std::move((*entries)[i]));
  }
  call.further.append(names.field, std::move(sent));
  co_return Step<>();
}

std::string compact_custom_fields(const Call& call, std::string shaped) {
  const auto& names = call.integration().custom_fields;
  if (names.field.empty() || call.verbose()) return shaped;
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
  for (const auto& entry : *entries->if_array()) {
    const auto* value = entry.find(names.value);
    std::string caption(entry.string_or(names.caption, ""));
    if (value == nullptr || value->is_null() || caption.empty()) continue;
    if (compact.contains(caption)) {
      const auto* id = entry.find(call.integration().pagination.id_field);
      caption += " (" + (id != nullptr ? json::to_string(*id) : std::string("2")) + ")";
    }
    compact[caption] = *value;
  }
  shaped.replace(begin, end + 1 - begin, json::to_string(compact));
  return shaped;
}

}  // namespace patchbay::gateway
