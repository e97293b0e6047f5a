#include "pack/openapi/arguments.h"

#include <utility>

#include "integration/whole_body.h"
#include "pack/openapi/plain_schema.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

json::Value object_schema(json::Object properties, json::Array required) {
  json::Value schema;
  schema["type"] = json::Value("object");
  schema["properties"] = json::Value(std::move(properties));
  if (!required.empty()) schema["required"] = json::Value(std::move(required));
  return schema;
}

}  // namespace

std::string Arguments::free_name(std::string_view place, std::string_view name) {
  std::string usual(name);
  if (!is_usable_name(name)) usual = camel_name(snake_name(name)).substr(0, kMaxArgumentNameBytes);
  if (usual.empty()) usual = "value";
  if (taken_.insert(usual).second) return usual;
  usual = std::string(place) + "_" + usual.substr(0, kMaxArgumentNameBytes);
  std::string free = usual;
  for (int number = 2; !taken_.insert(free).second; ++number) {
    free = usual + std::to_string(number);
  }
  return free;
}

void Arguments::add_placeholder(const std::string& name, json::Value schema) {
  taken_.insert(name);
  query_.append(name, std::move(schema));
}

void Arguments::add(std::string_view place, std::string_view name, json::Value schema,
                    bool required) {
  const bool body = place == "body";
  std::string own = free_name(place, name);
  if (own != name) {
    binding_.append(own, json::Object{{"place", place}, {"target", name}});
  }
  if (required) (body ? body_required_ : query_required_).emplace_back(own);
  (body ? body_ : query_).append(std::move(own), std::move(schema));
}

void Arguments::add_whole_body(std::string_view name, json::Value schema, bool required) {
  std::string own = free_name("body", name);
  binding_.append(own, json::Object{{"target", integration::kWholeBody}});
  if (required) body_required_.emplace_back(own);
  body_.append(std::move(own), std::move(schema));
}

void Arguments::add_field(const std::string& name, bool required) {
  // A parameter of the same name goes first; then the field has another, and says which it is.
  const std::string own = free_name("body", name);
  if (own == name) {
    fields_.emplace_back(name);
  } else {
    fields_.emplace_back(json::Object{{own, json::Object{{"field", name}}}});
  }
  if (required) fields_required_.emplace_back(own);
}

void Arguments::add_clearable(std::string_view name) {
  clearable_.emplace_back(name);
}

void Arguments::write(json::Object& method) && {
  if (!query_.empty()) {
    method.append("query_schema", object_schema(std::move(query_), std::move(query_required_)));
  }
  if (!body_.empty()) {
    method.append("body_schema", object_schema(std::move(body_), std::move(body_required_)));
  }
  if (!binding_.empty()) method.append("binding", std::move(binding_));
  if (!fields_.empty()) method.append("body", std::move(fields_));
  if (!fields_required_.empty()) method.append("required", std::move(fields_required_));
  if (!clearable_.empty()) method.append("clear", std::move(clearable_));
}

}  // namespace patchbay::openapi
