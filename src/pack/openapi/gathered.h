// What a schema says once its `$ref`s are followed and its combinations are put together: the one
// object or value that a client can be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "json/value.h"
#include "pack/openapi/document.h"

namespace patchbay::openapi {

// Bounds the work on one document, however its schemas multiply each other.
class Work {
 public:
  explicit Work(std::size_t steps) : left_(steps) {}
  bool spend() {
    if (left_ == 0) return false;
    --left_;
    return true;
  }
  bool is_spent() const { return left_ == 0; }

 private:
  std::size_t left_;
};

struct Gathered {
  struct Property {
    std::string_view name;
    const json::Value* schema = nullptr;
  };

  std::string_view type;  // "" where nothing says it
  std::string_view format;
  std::string_view description;
  std::string_view component;             // the last part of its `$ref`, if it is one
  const json::Value* fallback = nullptr;  // `default`
  const json::Value* items = nullptr;
  std::vector<const json::Value*> values;  // of an enumeration, without null
  bool has_values = false;
  std::vector<Property> properties;
  std::unordered_map<std::string_view, std::size_t> places;  // in `properties`
  std::unordered_set<std::string_view> required;
  std::unordered_map<std::string_view, const json::Value*> limits;  // minimum, maxLength, …
  bool nullable = false;
  bool read_only = false;
  bool write_only = false;
  bool cut = false;  // there is more: a circle, or more than is looked at
};

class Gatherer {
 public:
  Gatherer(const Document& document, Work& work) : document_(document), work_(work) {}

  // Of several kinds that a value may have, `want_object` prefers the object, else what is simplest
  // is taken.
  Gathered gather(const json::Value& schema, bool want_object = false);

 private:
  void add(const json::Value& schema, Gathered& out, std::size_t depth);
  void add_words(const json::Object& schema, Gathered& out);
  void add_type(const json::Value& type, Gathered& out);
  void add_properties(const json::Object& schema, Gathered& out);
  void add_alternatives(const json::Array& alternatives, Gathered& out, std::size_t depth);
  void merge_alternatives(std::vector<Gathered>& kinds, Gathered& out);

  const Document& document_;
  Work& work_;
  bool want_object_ = false;
  std::vector<std::string_view> following_;  // the `$ref`s that are being followed
};

}  // namespace patchbay::openapi
