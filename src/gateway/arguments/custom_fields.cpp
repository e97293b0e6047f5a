#include "gateway/arguments/custom_fields.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/blanks.h"
#include "base/iso8601.h"
#include "base/nearest.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::FieldType;

namespace {

constexpr std::size_t kMaxCaptionsTold = 30;
constexpr std::size_t kMostBytes = 1024 * 1024;  // of those that are sent back
constexpr std::size_t kMostListed = 10;          // captions that are told with all there are

// The caller's {caption: value}; null if there is none.
const json::Object* given_custom_fields(const Call& call, const Arguments& arguments) {
  const auto& name = call.integration().custom_fields.field;
  if (name.empty() || !call.is_write()) return nullptr;
  const auto* argument = call.find_argument(name);
  const auto* given = arguments.find(name);
  if (given == nullptr || argument->place != integration::ArgumentPlace::platform) return nullptr;
  return given->if_object();
}

// As many as the API sends: found by what they are called, and gone over off the loop where they
// are many.
struct Entries {
  json::Array list;
  std::size_t bytes = 0;
  std::unordered_map<std::string, std::size_t> places;  // by caption, in lower case; then with id
};

void index(const integration::Integration& integration, Entries& entries) {
  const auto& caption = integration.custom_fields.caption;
  for (std::size_t i = 0; i < entries.list.size(); ++i) {
    entries.places.try_emplace(to_lower(entries.list[i].string_or(caption, "")), i);
  }
  for (std::size_t i = 0; i < entries.list.size(); ++i) {
    entries.places.try_emplace(to_lower(caption_with_id(integration, entries.list[i])), i);
  }
}

// The fields as the API writes them: of the record itself, or, for a new one and for a list, of the
// record made last, whose values are not taken over.
io::Task<Outcome<Entries>> fetch_entries(Call& call, const Arguments& arguments, const Names& names,
                                         bool of_last) {
  const auto& pagination = call.integration().pagination;
  const auto& member = call.integration().custom_fields.field;
  const auto* list = call.resource().find_method("list");
  if (of_last && list == nullptr) {
    co_return refuse(ErrorCode::unsupported, member + " cannot be set on creation here.",
                     "Create the record without them, then update it.");
  }
  auto path = fill_path(call.method(), arguments, names, of_last ? list->path : call.method().path);
  if (!path) co_return std::unexpected(std::move(path.error()));
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, pagination.fields_parameter, member);
  if (of_last) {
    if (const auto* dialect = call.filter_dialect()) {
      add_parameter(request.query, pagination.order_parameter,
                    dialect->write_order({{pagination.id_field, FieldType::integer, true}}));
    }
    add_parameter(request.query, pagination.size_parameter, "1");
  }
  auto answer = co_await read_upstream(call, arguments, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto body = co_await parse_answer(call, *answer);
  const LetGo ending(call, answer->body.size(), body);
  json::Value* record = body ? &*body : nullptr;
  if (record != nullptr && record->is_array()) {
    record = record->if_array()->empty() ? nullptr : &record->if_array()->front();
  }
  json::Value* entries =
      record != nullptr && record->is_object() ? record->if_object()->find(member) : nullptr;
  if (entries == nullptr || entries->if_array() == nullptr) co_return Entries{};
  Entries found{.list = std::move(*entries->if_array()), .bytes = answer->body.size()};
  co_await off_loop(call, found.bytes, [&] { index(call.integration(), found); });
  co_return found;
}

// The value as the field's type wants it, or what it wants.
std::expected<json::Value, std::string> checked(const Call& call, FieldType type,
                                                const json::Value& value) {
  const auto* text = value.if_string();
  // The caller named the caption: no client fills that in by itself.
  if (text != nullptr && trim_blanks(*text).empty()) return json::Value(nullptr);
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
  std::unordered_set<std::string> known;
  for (const auto& entry : entries) {
    std::string caption(entry.string_or(call.integration().custom_fields.caption, ""));
    if (known.contains(caption)) caption = caption_with_id(call.integration(), entry);
    known.insert(caption);
    captions.push_back(std::move(caption));
  }
  if (captions.empty()) return "there are no custom fields here";
  if (captions.size() > kMaxCaptionsTold) captions = nearest(wanted, captions, kMaxCaptionsTold);
  return "the custom fields are: " + join(captions);
}

// By its caption, alone or with its id as answers print the second of one caption.
json::Value* find_entry(Entries& entries, std::string_view caption) {
  const auto found = entries.places.find(to_lower(caption));
  return found == entries.places.end() ? nullptr : &entries.list[found->second];
}

std::optional<FieldType> type_of(const Call& call, const json::Value& entry) {
  const auto& words = call.integration().custom_fields;
  const auto found = words.types.find(std::string(entry.string_or(words.type, "")));
  if (found == words.types.end()) return std::nullopt;
  return found->second;
}

// The entries to send, with the values that are given.
Outcome<json::Array> set_entries(const Call& call, const json::Object& given, Entries& entries,
                                 bool creates) {
  const auto& words = call.integration().custom_fields;
  ToolError refusal;
  refusal.code = ErrorCode::invalid_argument;
  std::vector<bool> set(entries.list.size(), false);
  std::size_t unknown = 0;
  for (const auto& [caption, value] : given) {
    const auto path = words.field + '.' + std::string(cut_utf8(caption, 80));
    auto* found = find_entry(entries, caption);
    if (found == nullptr) {
      // Each list of them is a walk over all: of many that are wrong the first few are enough.
      const bool listed = ++unknown <= kMostListed;
      refusal.field_errors.push_back(
          {path, listed ? "no such caption; " + captions_of(call, entries.list, caption)
                        : std::string("no such caption")});
      continue;
    }
    const auto type = type_of(call, *found);
    auto fit = type ? checked(call, *type, value) : std::expected<json::Value, std::string>(value);
    if (!fit) {
      refusal.field_errors.push_back({path, fit.error()});
      continue;
    }
    (*found)[words.value] = std::move(*fit);
    set[static_cast<std::size_t>(found - entries.list.data())] = true;
  }
  if (!refusal.field_errors.empty()) {
    refusal.message =
        refusal.field_errors.front().field + ": " + refusal.field_errors.front().message;
    refusal.hint = "Nothing was sent. Correct the arguments and call again.";
    return std::unexpected(std::move(refusal));
  }
  // An update takes the whole array: what is left out of it would be cleared.
  json::Array sent;
  for (std::size_t i = 0; i < entries.list.size(); ++i) {
    if (set[i] || !creates) sent.push_back(std::move(entries.list[i]));
  }
  if (entries.bytes > kMostBytes && json::to_string(sent).size() > kMostBytes) {
    return refuse(ErrorCode::too_large,
                  words.field + ": the record's custom fields are too large to be sent whole.",
                  "Nothing was sent. Set them in " + call.integration().label + " itself.");
  }
  return sent;
}

std::unexpected<ToolError> refuse_filter(std::string message, std::string hint) {
  ToolError error;
  error.code = ErrorCode::invalid_argument;
  error.message = std::string(integration::kCustomFieldFilter) + ": " + message;
  error.field_errors.push_back({std::string(integration::kCustomFieldFilter), std::move(message)});
  error.hint = std::move(hint);
  return std::unexpected(std::move(error));
}

// A list's {caption: value} becomes an expression about one custom field, in a parameter of its
// own.
io::Task<Outcome<CustomFieldValues>> filter_by_custom_field(Call& call, const Arguments& arguments,
                                                            const Names& names) {
  const auto& words = call.integration().custom_fields;
  const auto* argument = call.find_argument(integration::kCustomFieldFilter);
  const auto* given = arguments.find(integration::kCustomFieldFilter);
  const auto* dialect = call.filter_dialect();
  if (given == nullptr || argument->place != integration::ArgumentPlace::platform ||
      dialect == nullptr) {
    co_return CustomFieldValues{};
  }
  const auto* pair = given->if_object();
  if (pair == nullptr || pair->size() != 1 || pair->begin()->first.empty()) {
    co_return refuse_filter("takes one caption with its value",
                            "Give {caption: value} with one member; the API compares one custom "
                            "field at a time.");
  }
  if (arguments.find(words.filter_parameter) != nullptr) {
    co_return refuse_filter("stands in place of " + words.filter_parameter,
                            "Give one of them only.");
  }
  const auto& [said, wanted] = *pair->begin();
  if (wanted.is_null() || wanted.is_object() || wanted.is_array()) {
    co_return refuse_filter("the value must be a text, a number, true or false", "");
  }
  // The record made last knows captions and types; another may have more of them.
  auto entries = co_await fetch_entries(call, arguments, names, true);
  if (!entries) co_return std::unexpected(std::move(entries.error()));
  const LetGo ending(call, entries->bytes, *entries);
  const auto* entry = find_entry(*entries, said);
  const std::string caption(entry != nullptr ? entry->string_or(words.caption, said)
                                             : std::string_view(said));
  json::Value value = wanted;
  if (entry == nullptr && !entries->list.empty()) {
    const auto captions = co_await off_loop(
        call, entries->bytes, [&] { return captions_of(call, entries->list, caption); });
    call.add_notice("The newest record has no custom field '" + std::string(cut_utf8(caption, 80)) +
                    "'; " + captions + '.');
  } else if (const auto known = entry != nullptr ? type_of(call, *entry) : std::nullopt) {
    auto fit = checked(call, *known, value);
    if (!fit) co_return refuse_filter("'" + caption + "' " + fit.error(), "Correct the value.");
    value = std::move(*fit);
  }
  // Days too as a text: examples have quotes, and nobody says whether brackets are taken here.
  const auto type = value.is_number() ? FieldType::number
                    : value.is_bool() ? FieldType::boolean
                                      : FieldType::string;
  auto expression = dialect->write(
      {{words.caption, integration::FilterOperator::equal, FieldType::string, caption},
       {words.value, integration::FilterOperator::equal, type, std::move(value)}});
  if (!expression) co_return refuse_filter(expression.error().message, expression.error().hint);
  CustomFieldValues values;
  add_parameter(values.query, words.filter_parameter, *expression);
  co_return values;
}

}  // namespace

io::Task<Outcome<CustomFieldValues>> resolve_custom_fields(Call& call, const Arguments& arguments,
                                                           const Names& names) {
  if (call.is_list()) co_return co_await filter_by_custom_field(call, arguments, names);
  const auto* given = given_custom_fields(call, arguments);
  if (given == nullptr || given->empty()) co_return CustomFieldValues{};
  const auto& words = call.integration().custom_fields;
  const bool creates = call.method().kind == integration::MethodKind::create;
  auto entries = co_await fetch_entries(call, arguments, names, creates);
  if (!entries) co_return std::unexpected(std::move(entries.error()));
  const LetGo ending(call, entries->bytes, *entries);
  auto sent = co_await off_loop(call, entries->bytes,
                                [&] { return set_entries(call, *given, *entries, creates); });
  if (!sent) co_return std::unexpected(std::move(sent.error()));
  CustomFieldValues values;
  values.body.append(words.field, std::move(*sent));
  co_return values;
}

}  // namespace patchbay::gateway
