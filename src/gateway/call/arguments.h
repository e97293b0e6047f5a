// What the caller said, as it is after mending; and what was wrong with it, gathered so that all of
// it is told at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/tool.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

class Arguments {
 public:
  explicit Arguments(const catalog::Tool& tool, json::Object values = {})
      : method_(tool.method), values_(std::move(values)) {}

  // Null: not given.
  const json::Value* find(std::string_view name) const { return values_.find(name); }
  json::Value* find(std::string_view name) { return values_.find(name); }
  void set(json::Object values) { values_ = std::move(values); }
  // The field is to be emptied.
  void set_null(std::string_view name) { values_[name] = nullptr; }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  const json::Object& values() const { return values_; }

  // Whether the caller has set one of Patchbay's own switches.
  bool flag(std::string_view name) const;
  bool verbose() const { return flag("verbose"); }
  // The caller's text for that argument; null if it is not given or no text.
  const std::string* text(std::string_view name) const;

  // The argument that sets or compares that upstream field ("status/name" → status): the one that
  // was given, where several would. Null: none does.
  const integration::Argument* of_field(std::string_view field_path) const;

  std::vector<FieldError> violations;

 private:
  const integration::Method* method_;
  json::Object values_;
};

}  // namespace patchbay::gateway
