#include "gateway/answers/applied.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/blanks.h"
#include "base/decimal.h"
#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::FieldType;

namespace {

constexpr std::size_t kMaxTold = 8;
constexpr std::size_t kMaxShownBytes = 60;

std::string shown(const Call& call, const json::Value& value) {
  if (value.is_null()) return "nothing";
  if (const auto* text = value.if_string()) {
    const auto part = cut_utf8(trim_blanks(*text), kMaxShownBytes);
    return '\'' + std::string(part) + (part.size() < trim_blanks(*text).size() ? "…'" : "'");
  }
  if (value.is_object()) {
    const auto* id = value.find("id");
    const auto name = label_in(call.integration(), value);
    // Never as it stands: an API's objects hold addresses of its own.
    if (name.empty()) return id != nullptr ? json::to_string(*id) : "another";
    return '\'' + std::string(cut_utf8(name, kMaxShownBytes)) + '\'' +
           (id != nullptr ? " (id " + json::to_string(*id) + ')' : "");
  }
  if (const auto* list = value.if_array()) return std::to_string(list->size()) + " entries";
  return std::string(cut_utf8(json::to_string(value), kMaxShownBytes));
}

// Line ends and outer blanks are the API's to change.
std::string plain_text(std::string_view text) {
  std::string out;
  for (const char c : trim_blanks(text)) {
    if (c != '\r') out += c;
  }
  return out;
}

bool same_number(const json::Value& a, const json::Value& b) {
  return Decimal::compare(Decimal(a.if_number()->token()), Decimal(b.if_number()->token())) == 0;
}

// A text where the record has a number or a flag: by what it says.
bool says_the_same(std::string_view sent, const json::Value& has) {
  const auto text = trim(sent);
  if (const auto* flag = has.if_bool()) {
    if (text.empty()) return !*flag;
    const bool is_one = equal_ignoring_case(text, "true") || equal_ignoring_case(text, "false");
    return !is_one || equal_ignoring_case(text, "true") == *flag;
  }
  if (!has.is_number()) return true;
  const Decimal number(has.if_number()->token());
  if (text.empty()) return number.is_zero();
  return !is_number_token(text) || Decimal::compare(Decimal(text), number) == 0;
}

// What a comparison may cost: each entry of a list is looked for among all, and so are those within
// it.
class Effort {
 public:
  // False: there is none left.
  bool take(std::size_t steps) {
    left_ -= std::min(left_, steps);
    return left_ > 0;
  }

 private:
  std::size_t left_ = 1'000'000;
};

bool same(FieldType type, const json::Value& sent, const json::Value& has, Effort& effort);

// An API gives an object back with more in it than was sent, and a list in an order of its own.
bool has_all_of(const json::Object& sent, const json::Object& has, Effort& effort) {
  return std::ranges::all_of(sent, [&](const auto& member) {
    if (!effort.take(has.size())) return true;
    const auto* found = has.find(member.first);
    return found == nullptr || same(FieldType::string, member.second, *found, effort);
  });
}
bool has_all_of(const json::Array& sent, const json::Array& has, Effort& effort) {
  return sent.size() == has.size() && std::ranges::all_of(sent, [&](const json::Value& one) {
           return std::ranges::any_of(has, [&](const json::Value& other) {
             return same(FieldType::string, one, other, effort);
           });
         });
}

// What cannot be compared, or takes too long to, counts as the same: only what certainly differs is
// told.
bool same(FieldType type, const json::Value& sent, const json::Value& has, Effort& effort) {
  if (!effort.take(1)) return true;
  if (sent.is_null())
    return has.is_null() || (has.if_string() && trim_blanks(*has.if_string()).empty());
  if (has.is_null()) {
    const auto* text = sent.if_string();
    return text != nullptr && trim_blanks(*text).empty();
  }
  const auto* sent_id = sent.find("id");
  const auto* has_id = has.find("id");
  if (sent_id != nullptr && has_id != nullptr) return sent_id->as_int64() == has_id->as_int64();
  if (sent.is_number() && has.is_number()) return same_number(sent, has);
  if (const auto* object = sent.if_object()) {
    return !has.is_object() || has_all_of(*object, *has.if_object(), effort);
  }
  if (const auto* list = sent.if_array()) {
    return !has.is_array() || has_all_of(*list, *has.if_array(), effort);
  }
  const auto* sent_text = sent.if_string();
  const auto* has_text = has.if_string();
  if (sent_text != nullptr && has_text == nullptr) return says_the_same(*sent_text, has);
  if (sent_text == nullptr || has_text == nullptr) {
    return !sent.is_bool() || !has.is_bool() || sent == has;
  }
  if (type == FieldType::date_time || type == FieldType::date) {
    const auto sent_time = parse_iso8601(*sent_text, TimeZone::utc());
    const auto has_time = parse_iso8601(*has_text, TimeZone::utc());
    return !sent_time || !has_time || *sent_time == *has_time;
  }
  return equal_ignoring_case(plain_text(*sent_text), plain_text(*has_text));
}

// What the request said of the argument's field.
json::Value sent_value(const Call& call, const Arguments& arguments, const Names& names,
                       const integration::Argument& argument) {
  const auto& given = *arguments.find(argument.name);
  if (const auto* resolution = names.find(argument)) {
    if (resolution->records.size() != 1) return given;
    const auto& record = resolution->records.front();
    if (argument.id_alone) return record.id;
    return json::Object{{"id", record.id}, {name_field(call.integration()), record.name}};
  }
  if (argument.type == FieldType::reference && !argument.id_alone && given.is_number()) {
    return json::Object{{"id", given}};
  }
  return given;
}

// Custom fields by caption that the record does not have as they were sent.
void compare_custom_fields(const Call& call, const Arguments& arguments, const json::Value& record,
                           Effort& effort, std::vector<Difference>& differences) {
  const auto& words = call.integration().custom_fields;
  const auto* given = words.field.empty() ? nullptr : arguments.find(words.field);
  const auto* has = record.find(words.field);
  if (given == nullptr || !given->is_object() || has == nullptr || !has->is_array()) return;
  for (const auto& [caption, sent] : *given->if_object()) {
    if (!effort.take(has->if_array()->size())) return;
    const auto entry = std::ranges::find_if(*has->if_array(), [&](const json::Value& one) {
      return equal_ignoring_case(trim_blanks(one.string_or(words.caption, "")),
                                 trim_blanks(caption));
    });
    const auto name = words.field + '.' + std::string(cut_utf8(caption, kMaxShownBytes));
    if (entry == has->if_array()->end()) {
      differences.push_back({.name = name, .sent = sent});
      continue;
    }
    const auto known = words.types.find(std::string(entry->string_or(words.type, "")));
    const auto type = known != words.types.end() ? known->second : FieldType::string;
    const auto* value = entry->find(words.value);
    const json::Value nothing;
    if (!same(type, sent, value != nullptr ? *value : nothing, effort)) {
      differences.push_back({.name = name,
                             .argument = call.find_argument(words.field),
                             .sent = sent,
                             .has = value != nullptr ? *value : nothing});
    }
  }
}

// The body's arguments that were given and whose field records show.
template <class Visit>
void for_each_sent(const Call& call, const Arguments& arguments, Visit&& visit) {
  for (const auto& argument : call.method().arguments) {
    if (arguments.find(argument.name) == nullptr) continue;
    if (argument.place != integration::ArgumentPlace::body) continue;
    const auto* field = call.resource().find_field(argument.field());
    if (field != nullptr && field->returned) visit(argument);
  }
}

// What nobody would expect to see: many APIs leave out what is empty.
bool says_little(const json::Value& sent) {
  const auto* text = sent.if_string();
  const auto* flag = sent.if_bool();
  const auto* list = sent.if_array();
  const auto* object = sent.if_object();
  return sent.is_null() || (text != nullptr && trim(*text).empty()) ||
         (flag != nullptr && !*flag) || (list != nullptr && list->empty()) ||
         (object != nullptr && object->empty());
}

// Whether the record is the whole that another one became a part of: one in a list of its has all
// that was sent.
bool shows_as_part(const Call& call, const Arguments& arguments, const json::Value& record) {
  const auto* members = record.if_object();
  if (members == nullptr) return false;
  Effort effort;
  const auto has_all = [&](const json::Value& part) {
    bool all = true;
    for_each_sent(call, arguments, [&](const integration::Argument& argument) {
      const auto& sent = *arguments.find(argument.name);
      const auto* has = json::find_at(part, argument.field());
      all =
          all && (says_little(sent) || (has != nullptr && same(argument.type, sent, *has, effort)));
    });
    return all;
  };
  return std::ranges::any_of(*members, [&](const auto& member) {
    const auto* list = member.second.if_array();
    return list != nullptr && std::ranges::any_of(*list, has_all);
  });
}

// What was sent and the record does not show, so that nobody knows whether it took.
void tell_unseen(Call& call, const Arguments& arguments, const json::Value& record) {
  // An action answers with what it likes; whether the record followed is looked at by itself.
  if (call.method().kind == integration::MethodKind::custom) return;
  std::vector<std::string> unseen;
  std::size_t seen = 0;
  for_each_sent(call, arguments, [&](const integration::Argument& argument) {
    if (json::find_at(record, argument.field()) != nullptr) {
      ++seen;
    } else if (!says_little(*arguments.find(argument.name))) {
      unseen.push_back(argument.name);
    }
  });
  if (unseen.empty() || (seen == 0 && shows_as_part(call, arguments, record))) return;
  const bool one = unseen.size() == 1;
  call.add_notice("The API's answer does not show " + join(unseen, " and ") + ": whether " +
                  (one ? "it was" : "they were") + " set is not known; read the record to see.");
}

// Whether the record with that id is called otherwise than the name that led to it.
bool renamed(const Call& call, const Arguments& arguments, const Names& names,
             const integration::Argument& argument, const json::Value& has) {
  const auto* resolution = names.find(argument);
  if (resolution == nullptr || !resolution->by_name || resolution->records.size() != 1)
    return false;
  if (resolution->records.front().name.empty()) return false;  // it was an id, as a text
  std::vector<std::string_view> labels;
  for (const auto& field : single_label_fields(call.integration())) {
    if (const auto label = trim_blanks(has.string_or(field, "")); !label.empty())
      labels.push_back(label);
  }
  if (labels.empty()) return false;
  const auto is_called = [&](std::string_view wanted) {
    return std::ranges::any_of(labels, [&](std::string_view label) {
      return equal_ignoring_case(label, trim_blanks(wanted));
    });
  };
  const auto& given = *arguments.find(argument.name);
  return !is_called(resolution->records.front().name) &&
         !(given.is_string() && is_called(*given.if_string()));
}

}  // namespace

std::vector<Difference> find_differences(const Call& call, const Arguments& arguments,
                                         const Names& names, const json::Value& record) {
  std::vector<Difference> differences;
  Effort effort;
  for_each_sent(call, arguments, [&](const integration::Argument& argument) {
    const auto* has = json::find_at(record, argument.field());
    if (has == nullptr || argument.field() == call.integration().custom_fields.field) return;
    auto sent = sent_value(call, arguments, names, argument);
    if (same(argument.type, sent, *has, effort)) return;
    differences.push_back(
        {.name = argument.name, .argument = &argument, .sent = std::move(sent), .has = *has});
  });
  compare_custom_fields(call, arguments, record, effort, differences);
  return differences;
}

bool compare_with_sent(Call& call, const Arguments& arguments, const Names& names,
                       const json::Value& record) {
  const auto differences = find_differences(call, arguments, names, record);
  bool outdated = false;
  for_each_sent(call, arguments, [&](const integration::Argument& argument) {
    const auto* has = json::find_at(record, argument.field());
    const bool differs = std::ranges::any_of(
        differences, [&](const Difference& one) { return one.argument == &argument; });
    if (has == nullptr || differs || !renamed(call, arguments, names, argument, *has)) return;
    outdated = true;
    call.add_notice(argument.name + ' ' + shown(call, *arguments.find(argument.name)) +
                    " was taken for id " + json::to_string(*has->find("id")) +
                    ", which is called " + shown(call, label_in(call.integration(), *has)) +
                    " by now. Names are looked up afresh from here on: set " + argument.name +
                    " again if that is not what you mean.");
  });
  tell_unseen(call, arguments, record);
  std::vector<std::string> ignored;
  for (const auto& [name, argument, sent, has] : differences) {
    ignored.push_back(name + ": sent " + shown(call, sent) +
                      (argument == nullptr ? ", the record has no such field"
                                           : ", record has " + shown(call, has)));
  }
  if (ignored.empty()) return !outdated;
  const std::size_t total = ignored.size();
  if (total > kMaxTold) ignored.resize(kMaxTold);
  call.add_notice("Not all was applied as sent: " + join(ignored, "; ") +
                  (total > kMaxTold ? "; …" : "") + '.');
  return !outdated;
}

}  // namespace patchbay::gateway
