#include "gateway/names/match.h"

#include <algorithm>

#include "base/text.h"
#include "json/path.h"

namespace patchbay::gateway {

MatchRule MatchRule::of(const std::vector<std::string>& match, std::string_view name_field,
                        std::string_view inactive_field) {
  MatchRule rule;
  rule.name_field = name_field;
  rule.inactive_field = inactive_field;
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
      name += trim(*text);
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

namespace {

bool is_inactive(const json::Value& record, const MatchRule& rule) {
  return !rule.inactive_field.empty() && record.bool_or(rule.inactive_field, false);
}

// Of several, those in use; all of them if none is.
void prefer_active(std::vector<const json::Value*>& found, const MatchRule& rule) {
  const auto active = [&](const json::Value* record) { return !is_inactive(*record, rule); };
  if (std::ranges::any_of(found, active)) {
    std::erase_if(found, [&](const json::Value* record) { return !active(record); });
  }
}

MatchOutcome outcome_of(std::vector<const json::Value*> found, bool exact, std::size_t alternative,
                        const MatchRule& rule) {
  MatchOutcome outcome;
  outcome.kind = found.size() == 1 ? MatchOutcome::Kind::one : MatchOutcome::Kind::several;
  outcome.exact = exact;
  outcome.alternative = alternative;
  outcome.inactive = is_inactive(*found.front(), rule);
  outcome.found = std::move(found);
  return outcome;
}

}  // namespace

MatchOutcome match(std::string_view wanted, const std::vector<json::Value>& records,
                   const MatchRule& rule) {
  wanted = trim(wanted);
  if (wanted.empty()) return {};
  // One record's identifier may be another's name: whoever is called so by any alternative counts.
  std::vector<const json::Value*> found;
  const auto called = [&](const json::Value& record, std::size_t alternative) {
    return equal_ignoring_case(name_by(record, rule.alternatives[alternative]), wanted);
  };
  for (const auto& record : records) {
    for (std::size_t i = 0; i < rule.alternatives.size(); ++i) {
      if (!called(record, i)) continue;
      found.push_back(&record);
      break;
    }
  }
  if (!found.empty()) {
    prefer_active(found, rule);
    std::size_t alternative = 0;
    while (!called(*found.front(), alternative)) ++alternative;
    return outcome_of(std::move(found), true, alternative, rule);
  }
  for (const auto& record : records) {
    const bool part = std::ranges::any_of(rule.alternatives, [&](const auto& alternative) {
      return contains_ignoring_case(name_by(record, alternative), wanted);
    });
    if (part) found.push_back(&record);
  }
  if (found.empty()) return {};
  prefer_active(found, rule);
  return outcome_of(std::move(found), false, 0, rule);
}

}  // namespace patchbay::gateway
