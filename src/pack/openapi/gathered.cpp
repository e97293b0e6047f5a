#include "pack/openapi/gathered.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace patchbay::openapi {
namespace {

constexpr std::size_t kMaxCombinationDepth = 24;  // one within another
constexpr std::size_t kMaxProperties = 2'000;
constexpr std::size_t kMaxGatheredValues = 5'000;
constexpr std::size_t kMaxAlternatives = 200;

constexpr std::array<std::string_view, 10> kLimits = {
    "minimum",   "maximum",  "exclusiveMinimum", "exclusiveMaximum", "minLength",
    "maxLength", "minItems", "maxItems",         "uniqueItems",      "multipleOf"};

bool is_limit(std::string_view key) {
  return std::ranges::find(kLimits, key) != kLimits.end();
}

bool is_type(std::string_view name) {
  constexpr std::array<std::string_view, 6> kTypes = {"string",  "integer", "number",
                                                      "boolean", "object",  "array"};
  return std::ranges::find(kTypes, name) != kTypes.end();
}

std::string_view type_of(const Gathered& one) {
  if (!one.type.empty()) return one.type;
  if (!one.properties.empty()) return "object";
  if (one.items != nullptr) return "array";
  if (one.has_values && !one.values.empty()) {
    const json::Value& first = *one.values.front();
    if (first.is_string()) return "string";
    if (first.is_bool()) return "boolean";
    if (first.is_number()) return first.as_int64() ? "integer" : "number";
  }
  return {};
}

// What a caller can write with the least to get wrong comes first.
int preference(std::string_view type, bool want_object) {
  if (type == "object") return want_object ? 0 : 6;
  if (type == "string") return 1;
  if (type == "number") return 2;
  if (type == "integer") return 3;
  if (type == "boolean") return 4;
  if (type == "array") return 5;
  return 7;
}

}  // namespace

Gathered Gatherer::gather(const json::Value& schema, bool want_object) {
  want_object_ = want_object;
  Gathered out;
  add(schema, out, 0);
  out.type = type_of(out);
  return out;
}

void Gatherer::add(const json::Value& schema, Gathered& out, std::size_t depth) {
  const auto* object = schema.if_object();
  if (object == nullptr) return;
  if (depth > kMaxCombinationDepth || !work_.spend()) {
    out.cut = true;
    return;
  }
  const json::Value* reference = object->find("$ref");
  const std::string* text = reference != nullptr ? reference->if_string() : nullptr;
  if (text != nullptr) {
    const json::Value* target = document_.find(*text);
    if (target == nullptr || std::ranges::find(following_, *text) != following_.end()) {
      out.cut = true;
    } else {
      if (out.component.empty())
        out.component = std::string_view(*text).substr(text->rfind('/') + 1);
      following_.push_back(*text);
      add(*target, out, depth + 1);
      following_.pop_back();
    }
  }
  add_words(*object, out);
  add_properties(*object, out);
  for (const std::string_view key : {"allOf", "oneOf", "anyOf"}) {
    const json::Value* parts = object->find(key);
    const auto* list = parts != nullptr ? parts->if_array() : nullptr;
    if (list == nullptr) continue;
    if (key == "allOf") {
      for (const json::Value& part : *list) add(part, out, depth + 1);
    } else {
      add_alternatives(*list, out, depth + 1);
    }
  }
}

void Gatherer::add_type(const json::Value& type, Gathered& out) {
  const auto take = [&](std::string_view name) {
    if (name == "null") out.nullable = true;
    if (!is_type(name)) return;
    const bool better =
        out.type.empty() || preference(name, want_object_) < preference(out.type, want_object_);
    if (better) out.type = name;
  };
  if (const auto* name = type.if_string()) {
    if (*name == "file") {
      out.type = "string";
      out.format = "binary";
    } else if (out.type.empty() || out.type == "object") {
      take(*name);
    }
  }
  const auto* names = type.if_array();
  if (names == nullptr) return;
  for (const json::Value& each : *names) {
    if (const auto* name = each.if_string()) take(*name);
  }
}

void Gatherer::add_words(const json::Object& schema, Gathered& out) {
  for (const auto& [key, value] : schema) {
    const auto* text = value.if_string();
    if (key == "type") add_type(value, out);
    if (key == "nullable" || key == "x-nullable") out.nullable |= value == json::Value(true);
    if (key == "readOnly") out.read_only |= value == json::Value(true);
    if (key == "writeOnly") out.write_only |= value == json::Value(true);
    if (key == "format" && text != nullptr && out.format.empty()) out.format = *text;
    // What stands nearest to its use is about it: a `$ref`'s own description came before.
    if (key == "description" && text != nullptr && !text->empty()) out.description = *text;
    if (key == "default") out.fallback = &value;
    if (key == "items" && out.items == nullptr && value.is_object()) out.items = &value;
    if (is_limit(key)) out.limits.emplace(key, &value);
    if (key == "const" && !out.has_values && !value.is_null()) {
      out.has_values = true;
      out.values.push_back(&value);
    }
    const auto* list = value.if_array();
    if (key == "enum" && list != nullptr && !out.has_values) {
      out.has_values = true;
      for (const json::Value& each : *list) {
        if (each.is_null()) {
          out.nullable = true;
        } else if (out.values.size() < kMaxGatheredValues) {
          out.values.push_back(&each);
        } else {
          out.cut = true;
          break;
        }
      }
    }
  }
}

void Gatherer::add_properties(const json::Object& schema, Gathered& out) {
  const json::Value* required = schema.find("required");
  if (const auto* names = required != nullptr ? required->if_array() : nullptr) {
    for (const json::Value& each : *names) {
      if (const auto* name = each.if_string(); name != nullptr && work_.spend()) {
        out.required.insert(*name);
      }
    }
  }
  const json::Value* properties = schema.find("properties");
  const auto* members = properties != nullptr ? properties->if_object() : nullptr;
  if (members == nullptr) return;
  for (const auto& [name, property] : *members) {
    if (out.properties.size() >= kMaxProperties || !work_.spend()) {
      out.cut = true;
      return;
    }
    // Where parts of a whole describe a member twice, the first that has a type tells more.
    const auto [place, fresh] = out.places.emplace(name, out.properties.size());
    if (fresh) {
      out.properties.push_back({name, &property});
    } else if (out.properties[place->second].schema->find("type") == nullptr &&
               property.find("type") != nullptr) {
      out.properties[place->second].schema = &property;
    }
  }
}

void Gatherer::add_alternatives(const json::Array& alternatives, Gathered& out, std::size_t depth) {
  std::vector<Gathered> kinds;
  for (const json::Value& each : alternatives) {
    if (kinds.size() >= kMaxAlternatives || work_.is_spent()) {
      out.cut = true;
      break;
    }
    Gathered one;
    add(each, one, depth);
    one.type = type_of(one);
    out.nullable |= one.nullable;
    const bool only_null = one.type.empty() && one.nullable && !one.has_values;
    if (!only_null) kinds.push_back(std::move(one));
  }
  if (!kinds.empty()) merge_alternatives(kinds, out);
}

// Of one kind, all that any of them takes; of several kinds, the one that is preferred.
void Gatherer::merge_alternatives(std::vector<Gathered>& kinds, Gathered& out) {
  const bool already_object = out.type == "object" || !out.properties.empty();
  std::string_view best = already_object ? "object" : kinds.front().type;
  for (const Gathered& one : kinds) {
    const bool better = preference(one.type, want_object_) < preference(best, want_object_);
    if (!already_object && better) best = one.type;
  }
  std::erase_if(kinds, [&](const Gathered& one) {
    return one.type != best && !(already_object && one.type.empty());
  });
  if (kinds.empty()) return;
  const bool all_have_values = std::ranges::all_of(kinds, &Gathered::has_values);
  std::unordered_set<std::string_view> required = kinds.front().required;
  for (Gathered& one : kinds) {
    std::erase_if(required, [&](std::string_view name) { return !one.required.contains(name); });
    for (const auto& property : one.properties) {
      const auto [place, fresh] = out.places.emplace(property.name, out.properties.size());
      if (fresh) out.properties.push_back(property);
    }
    if (all_have_values) {
      out.has_values = true;
      std::ranges::move(one.values, std::back_inserter(out.values));
    }
    if (out.description.empty()) out.description = one.description;
    if (out.items == nullptr) out.items = one.items;
    out.cut |= one.cut;
  }
  if (kinds.size() == 1) {
    if (out.format.empty()) out.format = kinds.front().format;
    if (out.component.empty()) out.component = kinds.front().component;
    out.read_only |= kinds.front().read_only;
    out.limits.insert(kinds.front().limits.begin(), kinds.front().limits.end());
  }
  if (out.type.empty()) out.type = best;
  out.required.insert(required.begin(), required.end());
}

}  // namespace patchbay::openapi
