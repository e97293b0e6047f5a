// One walk over value and plan together.
#include <algorithm>
#include <unordered_set>

#include "base/blanks.h"
#include "base/nearest.h"
#include "base/text.h"
#include "json/write.h"
#include "schema/plan.h"

namespace patchbay::schema {
namespace {

constexpr std::size_t kMaxViolations = 20;
constexpr std::size_t kMaxValueDepth = 128;
// allOf of allOf of the same reference doubles at each level: the work is bounded, not the schema.
constexpr std::size_t kMaxVisits = 200'000;

void append_canonical(std::string& out, const json::Value& value) {
  if (const json::Number* number = value.if_number()) {
    out += Decimal(number->token()).canonical();
  } else if (const json::Array* list = value.if_array()) {
    out += '[';
    for (const json::Value& entry : *list) {
      append_canonical(out, entry);
      out += ',';
    }
    out += ']';
  } else if (const json::Object* object = value.if_object()) {
    std::vector<const json::Member*> members;
    for (const json::Member& member : *object) members.push_back(&member);
    std::ranges::sort(members, {}, [](const json::Member* member) { return member->first; });
    out += '{';
    for (const json::Member* member : members) {
      json::append_string(out, member->first);
      out += ':';
      append_canonical(out, member->second);
      out += ',';
    }
    out += '}';
  } else {
    json::append(out, value);
  }
}

std::string plural(std::int64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

class Walk {
 public:
  Walk(const std::vector<Check>& checks, std::size_t& visits) : checks_(checks), visits_(visits) {}

  // `slot` is the same value, writable; null where nothing may be mended.
  void visit(CheckIndex index, const json::Value& value, json::Value* slot, std::string& path,
             std::size_t depth) {
    if (++visits_ > kMaxVisits || depth > kMaxValueDepth) {
      if (!exhausted_) report(path, "complexity", "is nested too deeply or too large to check");
      exhausted_ = true;
      return;
    }
    const Check& check = checks_[index];
    if (check.never) return report(path, "false", "is not accepted here");
    if (!check_type(check, value, slot, path)) return;
    if (check.value) check_values(*check.value, value, slot, path);
    if (check.number && value.is_number()) check_number(*check.number, value, path);
    if (check.string && value.is_string()) check_string(*check.string, value, path);
    if (check.array && value.is_array()) check_array(*check.array, value, slot, path, depth);
    if (check.object && value.is_object()) check_object(*check.object, value, slot, path, depth);
    if (check.branch) check_branches(*check.branch, value, slot, path, depth);
  }

  std::vector<Violation> take() { return std::move(violations_); }
  bool clean() const { return violations_.empty() && !exhausted_; }

 private:
  void report(const std::string& path, std::string keyword, std::string message) {
    if (violations_.size() < kMaxViolations) {
      violations_.push_back({path, std::move(keyword), std::move(message)});
    }
  }

  bool check_type(const Check& check, const json::Value& value, json::Value* slot,
                  const std::string& path) {
    if ((types_of(value) & check.types) != 0) {
      if (slot != nullptr && (check.types & kNumber) == 0) mend_integer(*slot);
      if (slot != nullptr && slot->is_array()) split_entries(check, *slot);
      return true;
    }
    if (slot != nullptr) {
      if ((check.types & kArray) != 0) split_list(check, *slot);
      const auto fits = [&] { return (types_of(value) & check.types) != 0; };
      if (fits() || (mend_type(*slot, check.types) && fits())) return true;
    }
    std::string message =
        "must be " + describe_types(check.types) + "; got " + describe_value(value);
    if (check.value) message += "; accepted: " + describe_values(*check.value);
    report(path, "type", std::move(message));
    return false;
  }

  // "1, 2" for a list of whole numbers, "Low,High" for one of these: nothing else can be meant. A
  // name may have a comma of its own. Empty if it is not such a text.
  json::Array entries_of(const Check& check, const json::Value& given) const {
    const std::string* text = given.if_string();
    if (text == nullptr || !text->contains(',') || !check.array || check.array->items == kNoCheck) {
      return {};
    }
    const Check& entry = checks_[check.array->items];
    json::Array list;
    for (const std::string_view part : split(*text, ',')) {
      if (trim_blanks(part).empty()) continue;
      json::Value value(trim_blanks(part));
      const bool fits = entry.value != nullptr ? mend_spelling(value, *entry.value)
                                               : (entry.types & kInteger) != 0 &&
                                                     parse_int64(trim_blanks(part)).has_value();
      if (!fits) return {};
      list.push_back(std::move(value));
    }
    return list;
  }
  void split_list(const Check& check, json::Value& slot) const {
    if (auto list = entries_of(check, slot); !list.empty()) slot = json::Value(std::move(list));
  }
  // The same text as an entry of the list.
  void split_entries(const Check& check, json::Value& slot) const {
    const auto has_several = [&](const json::Value& entry) {
      return !entries_of(check, entry).empty();
    };
    if (std::ranges::none_of(*slot.if_array(), has_several)) return;
    json::Array list;
    for (json::Value& entry : *slot.if_array()) {
      json::Array several = entries_of(check, entry);
      if (several.empty()) several.push_back(std::move(entry));
      for (json::Value& one : several) list.push_back(std::move(one));
    }
    slot = json::Value(std::move(list));
  }

  void check_values(const ValueRule& rule, const json::Value& value, json::Value* slot,
                    const std::string& path) {
    const auto known = [&] {
      return std::ranges::find(rule.canonical, canonical(value)) != rule.canonical.end();
    };
    if (known()) return;
    if (slot != nullptr && mend_spelling(*slot, rule) && known()) return;
    report(path, rule.is_const ? "const" : "enum",
           (rule.values.size() == 1 ? "must be " : "must be one of ") + describe_values(rule) +
               "; got " + describe_value(value));
  }

  void check_number(const NumberRule& rule, const json::Value& value, const std::string& path) {
    const Decimal number(value.if_number()->token());
    const std::string got = "; got " + describe_value(value);
    if (rule.minimum && Decimal::compare(number, *rule.minimum) < 0) {
      report(path, "minimum", "must be at least " + rule.minimum_text + got);
    }
    if (rule.maximum && Decimal::compare(number, *rule.maximum) > 0) {
      report(path, "maximum", "must be at most " + rule.maximum_text + got);
    }
    if (rule.exclusive_minimum && Decimal::compare(number, *rule.exclusive_minimum) <= 0) {
      report(path, "exclusiveMinimum", "must be above " + rule.minimum_text + got);
    }
    if (rule.exclusive_maximum && Decimal::compare(number, *rule.exclusive_maximum) >= 0) {
      report(path, "exclusiveMaximum", "must be below " + rule.maximum_text + got);
    }
    if (rule.multiple_of && !number.is_multiple_of(*rule.multiple_of)) {
      report(path, "multipleOf", "must be a multiple of " + rule.multiple_of_text + got);
    }
  }

  void check_string(const StringRule& rule, const json::Value& value, const std::string& path) {
    const std::string& text = *value.if_string();
    if (rule.min_length || rule.max_length) {
      const auto length = static_cast<std::int64_t>(count_characters(text));
      if (rule.min_length && length < *rule.min_length) {
        report(path, "minLength",
               length == 0 ? "must not be empty"
                           : "must have at least " + plural(*rule.min_length, "character") +
                                 "; got " + std::to_string(length));
      }
      if (rule.max_length && length > *rule.max_length) {
        report(path, "maxLength",
               "must have at most " + plural(*rule.max_length, "character") + "; got " +
                   std::to_string(length) + ". Shorten it.");
      }
    }
    if (rule.format != Format::none && !has_format(text, rule.format)) {
      report(path, "format",
             "must be " + std::string(describe(rule.format)) + "; got " + describe_value(value));
    }
    if (rule.pattern && !RE2::PartialMatch(text, *rule.pattern)) {
      report(
          path, "pattern",
          "must match the pattern " + rule.pattern->pattern() + "; got " + describe_value(value));
    }
  }

  void check_array(const ArrayRule& rule, const json::Value& value, json::Value* slot,
                   std::string& path, std::size_t depth) {
    const json::Array& list = *value.if_array();
    const auto size = static_cast<std::int64_t>(list.size());
    if (rule.min_items && size < *rule.min_items) {
      report(path, "minItems",
             "must have at least " + plural(*rule.min_items, "entry") + "; got " +
                 std::to_string(size));
    }
    if (rule.max_items && size > *rule.max_items) {
      report(path, "maxItems",
             "must have at most " + std::to_string(*rule.max_items) + " entries; got " +
                 std::to_string(size));
    }
    for (std::size_t i = 0; i < list.size() && !exhausted_; ++i) {
      const CheckIndex index = i < rule.prefix.size() ? rule.prefix[i] : rule.items;
      if (index == kNoCheck) continue;
      const std::size_t length = path.size();
      path += "[" + std::to_string(i) + "]";
      visit(index, list[i], slot != nullptr ? &(*slot->if_array())[i] : nullptr, path, depth + 1);
      path.resize(length);
    }
    if (rule.unique) {
      std::unordered_set<std::string> seen;
      for (const json::Value& entry : list) {
        if (!seen.insert(canonical(entry)).second) {
          report(path, "uniqueItems", "must not repeat " + describe_value(entry));
          break;
        }
      }
    }
  }

  static CheckIndex find_property(const ObjectRule& rule, std::string_view name) {
    const auto found =
        std::ranges::lower_bound(rule.properties, name, {},
                                 [](const auto& entry) -> std::string_view { return entry.first; });
    return found != rule.properties.end() && found->first == name ? found->second : kNoCheck;
  }

  void check_object(const ObjectRule& rule, const json::Value& value, json::Value* slot,
                    std::string& path, std::size_t depth) {
    if (slot != nullptr) drop_empty_options(rule, *slot->if_object());
    const json::Object& object = *value.if_object();
    const auto size = static_cast<std::int64_t>(object.size());
    if (rule.min_properties && size < *rule.min_properties) {
      report(path, "minProperties",
             "must have at least " + plural(*rule.min_properties, "member") + "; got " +
                 std::to_string(size));
    }
    if (rule.max_properties && size > *rule.max_properties) {
      report(path, "maxProperties",
             "must have at most " + plural(*rule.max_properties, "member") + "; got " +
                 std::to_string(size));
    }
    for (const std::string& name : rule.required) {
      if (!object.contains(name)) report(member_path(path, name), "required", "is required");
    }
    json::Object* slots = slot != nullptr ? slot->if_object() : nullptr;
    std::size_t position = 0;
    for (const auto& [name, member] : object) {
      if (exhausted_) return;
      json::Value* member_slot =
          slots != nullptr ? &(slots->begin() + static_cast<std::ptrdiff_t>(position++))->second
                           : nullptr;
      CheckIndex index = find_property(rule, name);
      if (index == kNoCheck) {
        if (rule.closed) report_unknown(rule, path, name);
        index = rule.additional;
      }
      if (index == kNoCheck) continue;
      const std::size_t length = path.size();
      path = member_path(path, name);
      visit(index, member, member_slot, path, depth + 1);
      path.resize(length);  // member_path only appends
    }
  }

  // Models send null for an option that they do not use. Where null means something, the schema
  // accepts it and it stays.
  void drop_empty_options(const ObjectRule& rule, json::Object& object) const {
    std::vector<std::string> unused;
    for (const auto& [name, member] : object) {
      if (!member.is_null()) continue;
      const CheckIndex index = find_property(rule, name);
      if (index == kNoCheck || (checks_[index].types & kNull) != 0) continue;
      if (std::ranges::find(rule.required, name) == rule.required.end()) unused.push_back(name);
    }
    for (const std::string& name : unused) object.erase(name);
  }

  static std::string member_path(const std::string& path, std::string_view name) {
    const std::string_view shown = cut_utf8(name, 64);
    return path.empty() ? std::string(shown) : path + "." + std::string(shown);
  }

  void report_unknown(const ObjectRule& rule, const std::string& path, const std::string& name) {
    std::string message = "is not known here";
    const std::vector<std::string> near = nearest(name, rule.names, 3);
    if (!near.empty()) {
      message += "; did you mean " + join(near, " or ") + "?";
    } else if (rule.names.size() <= 12) {
      message += rule.names.empty() ? "; nothing is" : "; known: " + join(rule.names);
    }
    report(member_path(path, name), "additionalProperties", std::move(message));
  }

  // A trial run on its own list of violations, on a copy if it may mend.
  std::vector<Violation> attempt(CheckIndex index, json::Value& copy, bool mend, std::string& path,
                                 std::size_t depth) {
    Walk walk(checks_, visits_);
    walk.visit(index, copy, mend ? &copy : nullptr, path, depth + 1);
    exhausted_ = exhausted_ || walk.exhausted_;
    return walk.take();
  }

  bool fits(CheckIndex index, const json::Value& value, std::string& path, std::size_t depth) {
    Walk walk(checks_, visits_);
    walk.visit(index, value, nullptr, path, depth + 1);
    exhausted_ = exhausted_ || walk.exhausted_;
    return walk.clean();
  }

  void check_branches(const BranchRule& rule, const json::Value& value, json::Value* slot,
                      std::string& path, std::size_t depth) {
    for (const CheckIndex index : rule.all) visit(index, value, slot, path, depth + 1);
    if (!rule.any.empty()) check_any(rule.any, value, slot, path, depth);
    if (!rule.one.empty()) check_one(rule.one, value, slot, path, depth);
    if (rule.negated != kNoCheck && fits(rule.negated, value, path, depth)) {
      report(path, "not", "has a form that is not accepted; got " + describe_value(value));
    }
    if (rule.condition != kNoCheck) {
      const CheckIndex next = fits(rule.condition, value, path, depth) ? rule.then : rule.otherwise;
      if (next != kNoCheck) visit(next, value, slot, path, depth + 1);
    }
  }

  void check_any(const std::vector<CheckIndex>& branches, const json::Value& value,
                 json::Value* slot, std::string& path, std::size_t depth) {
    for (const CheckIndex index : branches) {
      if (fits(index, value, path, depth)) return;
      if (exhausted_) return;
    }
    mend_or_report(branches, "anyOf", value, slot, path, depth);
  }

  void check_one(const std::vector<CheckIndex>& branches, const json::Value& value,
                 json::Value* slot, std::string& path, std::size_t depth) {
    std::size_t fitting = 0;
    for (const CheckIndex index : branches) {
      fitting += fits(index, value, path, depth) ? 1U : 0U;
      if (exhausted_) return;
    }
    if (fitting == 1) return;
    if (fitting > 1) {
      return report(
          path, "oneOf",
          "fits " + std::to_string(fitting) + " of the accepted forms, and must fit exactly one");
    }
    mend_or_report(branches, "oneOf", value, slot, path, depth);
  }

  // No form fits as it is. If one fits mended, that; else what the nearest form lacks.
  void mend_or_report(const std::vector<CheckIndex>& branches, std::string_view keyword,
                      const json::Value& value, json::Value* slot, std::string& path,
                      std::size_t depth) {
    std::vector<Violation> fewest;
    for (const CheckIndex index : branches) {
      json::Value copy = value;
      std::vector<Violation> found = attempt(index, copy, slot != nullptr, path, depth);
      if (found.empty() && !exhausted_ && slot != nullptr) {
        *slot = std::move(copy);
        return;
      }
      if (!found.empty() && (fewest.empty() || found.size() < fewest.size())) {
        fewest = std::move(found);
      }
    }
    report(path, std::string(keyword), "fits none of the accepted forms; the nearest says:");
    for (Violation& violation : fewest) {
      if (violations_.size() < kMaxViolations) violations_.push_back(std::move(violation));
    }
  }

  const std::vector<Check>& checks_;
  std::size_t& visits_;
  std::vector<Violation> violations_;
  bool exhausted_ = false;
};

std::vector<Violation> run(const std::vector<Check>& checks, const json::Value& value,
                           json::Value* slot) {
  std::size_t visits = 0;
  Walk walk(checks, visits);
  std::string path;
  walk.visit(0, value, slot, path, 0);
  return walk.take();
}

}  // namespace

Types types_of(const json::Value& value) {
  if (value.is_null()) return kNull;
  if (value.is_bool()) return kBoolean;
  if (value.is_string()) return kString;
  if (value.is_array()) return kArray;
  if (value.is_object()) return kObject;
  const json::Number& number = *value.if_number();
  // Nearly all numbers are plain integers, which need no arithmetic to see.
  if (number.token().find_first_of(".eE") == std::string::npos) return kInteger | kNumber;
  return Decimal(number.token()).is_integer() ? (kInteger | kNumber) : kNumber;
}

std::string canonical(const json::Value& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

std::vector<Violation> Validator::check(json::Value& value, const CoerceOptions& options) const {
  return run(plan_->checks, value, options.mend_harmless_misfits ? &value : nullptr);
}

std::vector<Violation> Validator::check(const json::Value& value) const {
  return run(plan_->checks, value, nullptr);
}

}  // namespace patchbay::schema
