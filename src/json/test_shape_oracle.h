// What shaping (shape.h) should make of a document, for tests and fuzzing.
#pragma once

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/shape.h"
#include "json/value.h"
#include "json/write.h"

namespace patchbay::json {

// The rules once more, on a tree: slow, plain, and written without a look at the walk.
class ShapeOracle {
 public:
  explicit ShapeOracle(const ShapeRules& rules) : rules_(rules) {}

  Value document(const Value& value) const {
    const Array* array = value.if_array();
    if (array == nullptr) return record(value);
    Array out;
    for (const Value& element : *array) {
      if (!element.is_null()) out.push_back(record(element));
    }
    return out;
  }

 private:
  bool is_noise(std::string_view name) const {
    for (const auto& noise : rules_.noise_names) {
      if (noise == name) return true;
    }
    for (const auto& suffix : rules_.noise_suffixes) {
      if (name.ends_with(suffix)) return true;
    }
    return false;
  }
  static bool is_in(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  }
  bool is_empty(const Value& value) const {
    if (value.is_null()) return true;
    if (rules_.verbose) return false;
    return (value.if_object() && value.if_object()->empty()) ||
           (value.if_array() && value.if_array()->empty());
  }

  Value record(const Value& value) const {
    const Object* object = value.if_object();
    return object == nullptr ? nested(value) : Value(fields(*object, true));
  }

  Value nested(const Value& value) const {
    if (const Array* array = value.if_array()) {
      Array out;
      for (const Value& element : *array) {
        if (Value shaped = nested(element); !is_empty(shaped)) out.push_back(std::move(shaped));
      }
      return out;
    }
    if (const Object* object = value.if_object()) return fields(*object, false);
    return value;
  }

  Object fields(const Object& object, bool is_record) const {
    Object own, all;
    for (const auto& [name, value] : object) {
      if (!rules_.verbose && (is_noise(name) || name == rules_.info_name)) continue;
      const bool custom = is_custom(name, value);
      Value shaped = custom ? custom_fields(*value.if_array()) : nested(value);
      if (custom ? !shaped.is_null() : !is_empty(shaped)) own.append(name, std::move(shaped));
    }
    if (rules_.verbose) return own;
    const bool has_info = object.contains(rules_.info_name);
    if (!is_record && has_info && (own.contains("name") || own.contains("identifier"))) {
      for (const auto& [name, value] : own) {
        if (is_in(rules_.reference_kept, name)) all.append(name, value);
      }
      return all;
    }
    for (const auto& [name, value] : object) {
      if (own.contains(name)) all.append(name, *own.find(name));
      if (name != rules_.info_name || !value.is_object()) continue;
      for (const auto& [fact, fact_value] : *value.if_object()) {
        if (!is_in(rules_.info_kept, fact) || is_noise(fact) || own.contains(fact)) continue;
        if (Value shaped = nested(fact_value); !is_empty(shaped)) {
          all.append(fact, std::move(shaped));
        }
      }
    }
    return all;
  }

  bool is_custom(std::string_view name, const Value& value) const {
    return !rules_.verbose && !rules_.custom_fields.field.empty() &&
           name == rules_.custom_fields.field && value.is_array() && !in_custom_field_;
  }

  // Null: it goes.
  Value custom_fields(const Array& entries) const {
    const CustomFieldRules& names = rules_.custom_fields;
    Object out;
    std::set<std::string, std::less<>> taken;
    bool named = false;
    for (const Value& entry : entries) {
      std::string name(entry.string_or(names.caption, ""));
      if (name.empty()) continue;
      named = true;
      if (!taken.insert(name).second) {
        const Value* id = entry.find(names.id);
        name += " (" + (id != nullptr && id->is_number() ? to_string(*id) : "2") + ")";
        if (!taken.insert(name).second) continue;
      }
      in_custom_field_ = true;
      const Value* value = entry.find(names.value);
      Value shaped = value != nullptr ? nested(*value) : Value();
      in_custom_field_ = false;
      if (!is_empty(shaped)) out.append(name, std::move(shaped));
    }
    return named ? Value(std::move(out)) : Value();
  }

  const ShapeRules& rules_;
  mutable bool in_custom_field_ = false;
};

}  // namespace patchbay::json
