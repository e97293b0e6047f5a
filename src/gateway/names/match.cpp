#include "gateway/names/match.h"

#include <algorithm>

#include "base/blanks.h"
#include "base/text.h"
#include "json/path.h"

namespace patchbay::gateway {

MatchRule MatchRule::of(const std::vector<std::string>& match, std::string_view name_field) {
  MatchRule rule;
  rule.name_field = name_field;
  for (const auto& names : match) {
    std::vector<std::string> fields;
    for (const auto field : split(names, ' ')) {
      if (!field.empty()) fields.emplace_back(field);
    }
    if (!fields.empty()) rule.alternatives.push_back(std::move(fields));
  }
  if (rule.alternatives.empty()) rule.alternatives.push_back({rule.name_field});
  return rule;
}

std::string name_by(const json::Value& record, const std::vector<std::string>& alternative) {
  std::string name;
  for (const auto& field : alternative) {
    const auto* value = json::find_at(record, field);
    if (value == nullptr) continue;
    if (const auto* text = value->if_string()) {
      if (!name.empty()) name += ' ';
      name += trim_blanks(*text);
    } else if (const auto* number = value->if_number()) {
      if (!name.empty()) name += ' ';
      name += number->token();
    }
  }
  return name;
}

std::string label_of(const json::Value& record, const MatchRule& rule) {
  if (const auto name = record.string_or(rule.name_field, ""); !name.empty())
    return std::string(name);
  for (const auto& alternative : rule.alternatives) {
    if (alternative.size() < 2) continue;
    if (auto name = name_by(record, alternative); !name.empty()) return name;
  }
  for (const auto& alternative : rule.alternatives) {
    if (auto name = name_by(record, alternative); !name.empty()) return name;
  }
  return {};
}

std::string long_label_of(const json::Value& record, const MatchRule& rule) {
  std::string label = label_of(record, rule);
  const auto first = name_by(record, rule.alternatives.front());
  if (!first.empty() && first != label) label += " (" + first + ')';
  return label;
}

std::string why_out_of_use(const json::Value& record, const MatchRule& rule) {
  using enum integration::OutOfUse::Sign;
  for (const auto& [field, sign] : rule.out_of_use) {
    if (sign == is_true || sign == is_false) {
      const auto* value = record.find(field);
      const auto* flag = value != nullptr ? value->if_bool() : nullptr;
      if (flag == nullptr || *flag != (sign == is_true)) continue;
      return sign == is_true ? field : field + " false";
    }
    // Both are written as ISO 8601 in UTC, so that the earlier of two is the lesser text.
    const auto time = record.string_or(field, "");
    const std::string_view limit = sign == day_is_over ? rule.today : rule.now;
    if (time.empty() || limit.empty()) continue;
    if (time.substr(0, limit.size()) < limit) return field + ' ' + std::string(time.substr(0, 10));
  }
  return {};
}

namespace {

// What `look` says of the record's name. One that is a single field, as most are, is not copied: a
// list may have as many records as its API likes.
template <class Look>
auto with_name(const json::Value& record, const std::vector<std::string>& alternative, Look look) {
  if (alternative.size() == 1) {
    const auto* value = json::find_at(record, alternative.front());
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    if (text != nullptr) return look(trim_blanks(*text));
  }
  return look(std::string_view(name_by(record, alternative)));
}

// Of several, those in use; all of them if none is.
void prefer_those_in_use(std::vector<const json::Value*>& found, const MatchRule& rule) {
  const auto in_use = [&](const json::Value* record) {
    return why_out_of_use(*record, rule).empty();
  };
  if (std::ranges::any_of(found, in_use)) {
    std::erase_if(found, [&](const json::Value* record) { return !in_use(record); });
  }
}

MatchOutcome outcome_of(std::vector<const json::Value*> found, bool exact, const MatchRule& rule) {
  if (found.empty()) return {};
  prefer_those_in_use(found, rule);
  MatchOutcome outcome;
  outcome.kind = found.size() == 1 ? MatchOutcome::Kind::one : MatchOutcome::Kind::several;
  outcome.exact = exact;
  outcome.out_of_use = why_out_of_use(*found.front(), rule);
  outcome.found = std::move(found);
  return outcome;
}

}  // namespace

MatchOutcome match_exactly(std::string_view wanted, const std::vector<json::Value>& records,
                           const MatchRule& rule) {
  wanted = trim_blanks(wanted);
  if (wanted.empty()) return {};
  // One record's identifier may be another's name: whoever is called so by any alternative counts.
  std::vector<const json::Value*> found;
  const auto called = [&](const json::Value& record, std::size_t alternative) {
    return with_name(record, rule.alternatives[alternative],
                     [&](std::string_view name) { return equal_ignoring_case(name, wanted); });
  };
  for (const auto& record : records) {
    for (std::size_t i = 0; i < rule.alternatives.size(); ++i) {
      if (!called(record, i)) continue;
      found.push_back(&record);
      break;
    }
  }
  auto outcome = outcome_of(std::move(found), true, rule);
  if (outcome.kind == MatchOutcome::Kind::none) return outcome;
  while (!called(*outcome.found.front(), outcome.alternative)) ++outcome.alternative;
  return outcome;
}

MatchOutcome match_part(std::string_view wanted, const std::vector<json::Value>& records,
                        const MatchRule& rule) {
  wanted = trim_blanks(wanted);
  if (wanted.empty()) return {};
  std::vector<const json::Value*> found;
  for (const auto& record : records) {
    const bool part = std::ranges::any_of(rule.alternatives, [&](const auto& alternative) {
      return with_name(record, alternative,
                       [&](std::string_view name) { return contains_ignoring_case(name, wanted); });
    });
    if (part) found.push_back(&record);
  }
  return outcome_of(std::move(found), false, rule);
}

MatchOutcome match(std::string_view wanted, const std::vector<json::Value>& records,
                   const MatchRule& rule) {
  auto outcome = match_exactly(wanted, records, rule);
  if (outcome.kind == MatchOutcome::Kind::none) outcome = match_part(wanted, records, rule);
  return outcome;
}

MatchOutcome match_any(const std::vector<json::Value>& records, const MatchRule& rule) {
  std::vector<const json::Value*> found;
  for (const auto& record : records) found.push_back(&record);
  return outcome_of(std::move(found), true, rule);
}

}  // namespace patchbay::gateway
