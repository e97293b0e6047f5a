#include "gateway/names/said.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/blanks.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxPrintedBytes = 80;
constexpr std::string_view kCut = "…";
constexpr std::string_view kInactive = ", out of use";

// Without regard to case; a text that was cut is one that begins so.
bool is_name(std::string_view name, std::string_view said) {
  if (name.empty()) return false;
  if (const auto inner = unquoted(said); inner != said && is_name(name, inner)) return true;
  if (equal_ignoring_case(name, said)) return true;
  if (!said.ends_with(kCut)) return false;
  said.remove_suffix(kCut.size());
  return !said.empty() && name.size() > said.size() &&
         equal_ignoring_case(name.substr(0, said.size()), said);
}

bool is_called(const json::Value& record, std::string_view said, const MatchRule& rule) {
  if (is_name(label_of(record, rule), said) || is_name(long_label_of(record, rule), said) ||
      is_name(trim_blanks(record.string_or(rule.name_field, "")), said)) {
    return true;
  }
  return std::ranges::any_of(rule.alternatives, [&](const auto& alternative) {
    return is_name(name_by(record, alternative), said);
  });
}

std::optional<std::int64_t> id_of(const json::Value& record, const MatchRule& rule) {
  const auto* id = record.find(rule.id_field);
  return id != nullptr ? id->as_int64() : std::nullopt;
}

// The texts that the members of an object say, each once.
std::vector<std::string> names_said(const json::Object& object, const MatchRule& rule,
                                    const integration::Integration& integration) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    const bool known = std::ranges::any_of(
        names, [&](const std::string& other) { return equal_ignoring_case(other, name); });
    if (!name.empty() && !known) names.push_back(std::move(name));
  };
  const json::Value record(object);
  add(std::string(trim_blanks(record.string_or(rule.name_field, ""))));
  for (const auto& alternative : rule.alternatives) {
    // A first name alone says less than the whole does.
    const bool whole = std::ranges::all_of(
        alternative, [&](const auto& field) { return record.find(field) != nullptr; });
    if (whole) add(name_by(record, alternative));
  }
  if (names.empty()) add(std::string(trim_blanks(label_in(integration, record))));
  return names;
}

}  // namespace

std::optional<Grouped> split_group(std::string_view text) {
  text = trim_blanks(text);
  if (!text.ends_with(')')) return std::nullopt;
  // Names may have parentheses themselves: the group begins where they are even.
  int depth = 0;
  std::size_t open = text.size();
  while (open-- > 0) {
    if (text[open] == ')') ++depth;
    if (text[open] == '(' && --depth == 0) break;
  }
  if (depth != 0 || open == 0 || open >= text.size()) return std::nullopt;
  Grouped out;
  out.before = trim_blanks(text.substr(0, open));
  out.within = trim_blanks(text.substr(open + 1, text.size() - open - 2));
  if (out.within.ends_with(kInactive)) out.within.remove_suffix(kInactive.size());
  if (out.before.empty() || out.within.empty()) return std::nullopt;
  std::string_view number = out.within;
  out.says_id = number.size() > 3 && equal_ignoring_case(number.substr(0, 2), "id") &&
                (number[2] == ' ' || number[2] == ':' || number[2] == '=');
  if (out.says_id) number = trim_blanks(number.substr(3));
  if (const auto id = parse_int64(number); id && *id > 0) out.id = id;
  out.says_id = out.says_id && out.id.has_value();
  return out;
}

std::string_view unquoted(std::string_view text) {
  constexpr std::string_view kPairs[][2] = {{"'", "'"}, {"\"", "\""}, {"‘", "’"}, {"“", "”"},
                                            {"„", "“"}, {"«", "»"},   {"`", "`"}};
  const auto whole = trim_blanks(text);
  for (const auto& [opens, closes] : kPairs) {
    if (whole.size() <= opens.size() + closes.size() || !whole.starts_with(opens) ||
        !whole.ends_with(closes)) {
      continue;
    }
    const auto inner =
        trim_blanks(whole.substr(opens.size(), whole.size() - opens.size() - closes.size()));
    return inner.empty() ? text : inner;
  }
  return text;
}

bool agrees(const json::Value& record, std::string_view text, const MatchRule& rule) {
  text = trim_blanks(text);
  if (is_called(record, text, rule)) return true;
  const auto group = split_group(text);
  if (!group || !agrees(record, group->before, rule)) return false;
  if (group->id && group->id == id_of(record, rule)) return true;
  return !group->says_id && is_called(record, group->within, rule);
}

namespace {

// `label`: its long one.
std::string print_as(std::string label, const json::Value& record, const MatchRule& rule,
                     bool with_id, bool inactive) {
  if (label.empty()) return label;
  const bool cut = label.size() > kMaxPrintedBytes;
  if (cut) {
    label = std::string(trim_blanks(cut_utf8(label_of(record, rule), kMaxPrintedBytes)));
    label += kCut;
  }
  const auto id = id_of(record, rule);
  if (!id || !(with_id || cut || inactive)) return label;
  return label + " (id " + std::to_string(*id) + (inactive ? std::string(kInactive) : "") + ')';
}

}  // namespace

std::string print_record(const json::Value& record, const MatchRule& rule, bool with_id) {
  return print_as(long_label_of(record, rule), record, rule, with_id,
                  !why_out_of_use(record, rule).empty());
}

std::vector<std::string> print_records(const std::vector<json::Value>& records,
                                       const MatchRule& rule) {
  std::unordered_map<std::string, int> times;
  times.reserve(records.size());
  // Each label with how often there is one like it.
  std::vector<std::pair<std::string, const int*>> labels;
  labels.reserve(records.size());
  for (const auto& record : records) {
    auto label = long_label_of(record, rule);
    auto& count = times[to_lower(label)];
    ++count;
    labels.emplace_back(std::move(label), &count);
  }
  std::vector<std::string> in_use;
  std::vector<std::string> others;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const bool inactive = !why_out_of_use(records[i], rule).empty();
    auto& [label, count] = labels[i];
    auto text = print_as(std::move(label), records[i], rule, *count > 1, inactive);
    if (text.empty()) continue;
    (inactive ? others : in_use).push_back(std::move(text));
  }
  in_use.insert(in_use.end(), std::make_move_iterator(others.begin()),
                std::make_move_iterator(others.end()));
  return in_use;
}

json::Value said_by_object(const json::Object& object, const integration::Argument& argument,
                           const integration::Integration& integration) {
  const auto& id_field = integration.pagination.id_field;
  const auto* id = object.find(id_field);
  if (id != nullptr && !id->is_number() && !id->is_string()) id = nullptr;
  const auto rule =
      MatchRule::of(argument.reference ? argument.reference->match : std::vector<std::string>(),
                    name_field(integration));
  const auto names = names_said(object, rule, integration);
  // What is taken by id alone has no name to look up.
  if (!argument.reference || names.empty()) {
    const auto number = id != nullptr ? id->as_int64() : std::nullopt;
    if (!number || !argument.reference || !argument.reference->called_by_number) {
      return id != nullptr ? *id : json::Value();
    }
    return "id " + std::to_string(*number);
  }
  // Beside an id the beginning of a long one is enough.
  std::string text = names.front();
  if (id != nullptr && text.size() > kMaxPrintedBytes) {
    text = std::string(trim_blanks(cut_utf8(text, kMaxPrintedBytes))) + std::string(kCut);
  } else if (names.size() > 1) {
    text += " (" + names[1] + ')';
  }
  if (id != nullptr) {
    const auto* written = id->if_string();
    text += " (id " + (written != nullptr ? *written : json::to_string(*id)) + ')';
  }
  return text;
}

}  // namespace patchbay::gateway
