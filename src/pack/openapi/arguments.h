// The arguments of one tool as they are collected: each has a name of its own that clients accept,
// and says where it goes if that is another.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "json/value.h"

namespace patchbay::openapi {

class Arguments {
 public:
  // `reserved`: what Patchbay's own arguments are called.
  explicit Arguments(std::set<std::string, std::less<>> reserved) : taken_(std::move(reserved)) {}

  // `place`: "path", "query" or "body". A placeholder has its name already.
  void add_placeholder(const std::string& name, json::Value schema);
  void add(std::string_view place, std::string_view name, json::Value schema, bool required);
  // The whole body is this one value.
  void add_whole_body(std::string_view name, json::Value schema, bool required);
  // A field of the body that the resource describes: `body` instead of a schema.
  void add_field(const std::string& name, bool required);
  bool has(std::string_view name) const { return taken_.contains(name); }
  // Those of its body that may be emptied.
  void add_clearable(std::string_view name);

  // Adds `query_schema`, `body_schema`, `binding`, `body`, `required` and `clear` to the method.
  void write(json::Object& method) &&;

 private:
  std::string free_name(std::string_view place, std::string_view name);

  std::set<std::string, std::less<>> taken_;
  json::Object query_;
  json::Object body_;
  json::Object binding_;
  json::Array query_required_;
  json::Array body_required_;
  json::Array fields_;
  json::Array fields_required_;
  json::Array clearable_;
};

}  // namespace patchbay::openapi
