// Patchbay's own arguments. They stand in every listing dozens of times: each word counts. What
// they do is told once, in a server's instructions (catalog/instructions.h).
#include "pack/platform_arguments.h"

#include <algorithm>

#include "catalog/argument_schema.h"
#include "catalog/limits.h"

namespace patchbay::pack {
namespace {

void add(Method& method, std::string name, FieldType type, std::string_view description,
         ArgumentPlace place = ArgumentPlace::platform) {
  Argument argument;
  argument.name = argument.target = std::move(name);
  argument.place = place;
  argument.type = type;
  argument.schema = catalog::argument_schema(type, {}, description, false);
  method.arguments.push_back(std::move(argument));
}

// No more than the API gives at once.
void add_list_arguments(const Pagination& pagination, Method& method) {
  add(method, "limit", FieldType::integer, "");
  json::Value& limit = method.arguments.back().schema;
  limit["minimum"] = json::Value(1);
  limit["maximum"] = json::Value(std::min(catalog::kMaxLimit, pagination.max_size));
  limit["default"] = json::Value(std::min(catalog::kDefaultLimit, pagination.max_size));
  add(method, "next_cursor", FieldType::string, "");
}

void add_fields(Method& method) {
  add(method, "fields", FieldType::array, "");
  method.arguments.back().schema["items"]["type"] = json::Value("string");
}

// An API's own argument of the same name stands; then ours is not to be had.
void add_unless_taken(Method& method, std::string name, FieldType type,
                      std::string_view description) {
  if (std::ranges::find(method.arguments, name, &Argument::name) != method.arguments.end()) return;
  add(method, std::move(name), type, description);
}

void add_unlisted(Method& method, std::string name, FieldType type) {
  if (std::ranges::find(method.arguments, name, &Argument::name) != method.arguments.end()) return;
  add(method, std::move(name), type, "");
  Argument& argument = method.arguments.back();
  argument.listed = false;
  if (type == FieldType::array) argument.schema["items"]["type"] = json::Value("string");
}

// Custom fields by caption: an object to whoever reads them, and listed as texts, which is a closed
// form (gateway/arguments/captions.h). How they are written the instructions say.
void add_captions(Method& method, const std::string& name) {
  if (std::ranges::find(method.arguments, name, &Argument::name) != method.arguments.end()) return;
  add(method, name, FieldType::object, "");
  json::Value& schema = method.arguments.back().schema;
  schema["type"] = "array";
  schema["items"]["type"] = "string";
}

void add_write_arguments(const Resource& resource, const Integration& integration, Method& method) {
  const bool creates = method.kind == MethodKind::create;
  const std::string& custom = integration.custom_fields.field;
  if ((creates || method.kind == MethodKind::update) && !custom.empty() &&
      resource.find_field(custom) != nullptr) {
    add_captions(method, custom);
  }
  add_unless_taken(method, "idempotency_key", FieldType::string, "");
  // What its steps make is guarded as theirs is.
  if (!method.duplicate_guards.empty() || method.composite) {
    add_unless_taken(method, "allow_duplicate", FieldType::boolean, "");
  }
  for (const integration::LookedAt& looked : method.looks_at) {
    for (const std::string& field : looked.agree) {
      add_unless_taken(method, "allow_other_" + field, FieldType::boolean, "If it is meant");
    }
    for (const integration::Holds& holds : looked.holds) {
      add_unless_taken(method, holds.unless, FieldType::boolean, "If it is meant");
    }
  }
  add_unless_taken(method, "dry_run", FieldType::boolean, "");
}

}  // namespace

void add_platform_arguments(const Resource& resource, const std::vector<std::string>& expressions,
                            std::size_t line, Method& method, Definition& definition) {
  const Integration& integration = definition.integration;
  const bool list = method.kind == MethodKind::list;
  if (method.writes()) add_write_arguments(resource, integration, method);
  if (method.answer == AnswerKind::file) {
    add_unless_taken(method, "offset", FieldType::integer, "Byte of a long text to go on from");
  }
  const bool is_brief = method.writes() && !resource.fields.empty() &&
                        (method.kind == MethodKind::create || method.kind == MethodKind::update);
  if (is_brief) {
    // What a write answers is short (gateway/answers/brief.h); who wants more of it is rare.
    if (!integration.pagination.fields_parameter.empty()) {
      add_unlisted(method, "fields", FieldType::array);
    }
    add_unlisted(method, "verbose", FieldType::boolean);
  }
  if (!list && method.kind != MethodKind::get) return;
  if (list) add_list_arguments(integration.pagination, method);
  if (!resource.fields.empty() && !integration.pagination.fields_parameter.empty()) {
    add_fields(method);
  }
  // Seldom of use, and of nearly every tool: listed, it would cost a thousand tokens.
  add(method, "verbose", FieldType::boolean, "");
  method.arguments.back().listed = false;
  if (!list) return;
  if (!method.count_path.empty()) {
    add_unless_taken(method, "count", FieldType::boolean, "");
  }
  if (!integration.pagination.order_parameter.empty()) {
    add(method, "orderBy", FieldType::string, "");
    const std::string& order = method.default_order;
    if (!order.empty()) {
      method.arguments.back().schema["default"] = json::Value(order);
    }
  }
  const CustomFields& custom = integration.custom_fields;
  if (!custom.filter_parameter.empty() && resource.find_field(custom.field) != nullptr) {
    add_captions(method, std::string(kCustomFieldFilter));
  }
  if (!integration.dialects.filter.empty()) {
    const auto found = definition.expressions.find("conditions");
    add(method, "conditions", FieldType::string,
        found != definition.expressions.end() ? found->second.description : "");
  }
  for (const std::string& name : expressions) {
    const auto found = definition.expressions.find(name);
    if (found == definition.expressions.end() || name == "conditions") {
      std::vector<std::string> known;
      for (const auto& entry : definition.expressions) known.push_back(entry.first);
      definition.problems.error(line, "method '" + method.name + "': no expression '" + name + "'",
                                suggest(name, known));
      continue;
    }
    add(method, name, FieldType::string, found->second.description, ArgumentPlace::query);
  }
}

}  // namespace patchbay::pack
