#include "pack/openapi/write_method.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "pack/openapi/arguments.h"
#include "pack/openapi/words.h"
#include "pack/openapi/write_body.h"

namespace patchbay::openapi {
namespace {

using integration::MethodKind;
using integration::Verb;

constexpr std::size_t kDefaultFields = 12;  // of a list: what a reader needs

// What Patchbay's own arguments of such a method are called, whatever the API has.
std::set<std::string, std::less<>> reserved(const MethodOutline& method) {
  if (method.kind == MethodKind::list) {
    return {"limit", "next_cursor", "verbose", "fields", "orderBy", "conditions"};
  }
  if (method.kind == MethodKind::get) return {"verbose", "fields"};
  return {};
}

// Facts of a document's query parameters: those of pages, orders and filters are Patchbay's own
// work where a list is asked for, and say nothing of a single record.
bool is_hidden(const Parameter& parameter, const MethodOutline& method,
               const Conventions& conventions) {
  const std::string name(parameter.name);
  const bool divides = conventions.pages.hidden.contains(name);
  if (!conventions.family) return divides && method.kind == MethodKind::list;
  const bool speaks = conventions.family->has_expression(name);
  const auto& pagination = conventions.family->integration->pagination;
  const bool gives_list = method.shape->is_list || method.action == kCountAction;
  // A list that no page divides, and a count, take what narrows them.
  if (method.kind == MethodKind::custom && gives_list) {
    return divides && name != pagination.filter_parameter;
  }
  return divides || speaks;
}

json::Value parameter_schema(const Parameter& parameter, PlainSchemas& schemas) {
  json::Value schema = schemas.plain(*parameter.schema, Use::sent);
  if (schema.find("description") == nullptr || !parameter.description.empty()) {
    std::string text = one_line(parameter.description, 240);
    if (!text.empty()) schema["description"] = json::Value(std::move(text));
  }
  return schema;
}

void add_placeholders(const MethodOutline& method, PlainSchemas& schemas, Arguments& arguments) {
  for (const auto& [original, name] : method.path.placeholders) {
    const Parameter* parameter = method.operation->parameter(original, Place::path);
    json::Value schema;
    if (parameter != nullptr) schema = parameter_schema(*parameter, schemas);
    const bool plain = schema.find("type") != nullptr && schema.string_or("type", "") != "object" &&
                       schema.string_or("type", "") != "array";
    if (!plain) schema = json::Object{{"type", "string"}};
    arguments.add_placeholder(name, std::move(schema));
  }
}

void add_parameters(const MethodOutline& method, const Conventions& conventions,
                    PlainSchemas& schemas, Arguments& arguments) {
  for (const bool required : {true, false}) {
    for (const Parameter& each : method.operation->parameters) {
      if (each.place != Place::query || each.required != required) continue;
      if (is_hidden(each, method, conventions)) continue;
      json::Value schema = parameter_schema(each, schemas);
      if (schema.string_or("type", "") == "object") continue;
      arguments.add("query", each.name, std::move(schema), required);
    }
  }
}

// Ids and names first, then what must be given of a new one, then the first others.
json::Array default_fields(const RecordFields& record, const integration::Integration& family) {
  std::vector<std::string> chosen;
  const auto take = [&](const std::string& name) {
    const bool known = std::ranges::find(record.plain, name) != record.plain.end();
    const bool fresh = std::ranges::find(chosen, name) == chosen.end();
    if (known && fresh && chosen.size() < kDefaultFields) chosen.push_back(name);
  };
  take(family.pagination.id_field);
  for (const std::string& name : family.label_fields) take(name);
  take("status");
  for (const std::string& name : record.required) take(name);
  for (const std::string& name : record.plain) take(name);
  json::Array out;
  for (std::string& name : chosen) out.emplace_back(std::move(name));
  return out;
}

void add_list_keys(const ResourceOutline& resource, const RecordFields& record,
                   const MethodOutline& method, const Conventions& conventions, json::Object& out) {
  if (!method.shape->records_path.empty()) out.append("records_path", method.shape->records_path);
  if (!conventions.family) return;
  const auto& pagination = conventions.family->integration->pagination;
  if (!pagination.fields_parameter.empty()) {
    if (auto fields = default_fields(record, *conventions.family->integration); !fields.empty()) {
      out.append("default_fields", std::move(fields));
    }
  }
  if (!pagination.order_parameter.empty() && record.fields.contains(pagination.id_field)) {
    out.append("default_order", pagination.id_field + " desc");
  }
  json::Array expressions;
  for (const Parameter& each : method.operation->parameters) {
    const bool own = each.name != pagination.filter_parameter;
    if (each.place == Place::query && own && conventions.family->has_expression(each.name)) {
      expressions.emplace_back(each.name);
    }
  }
  if (!expressions.empty()) out.append("expressions", std::move(expressions));
  // What counts a list stands beside it.
  const MethodOutline* count = resource.find(kCountAction);
  const bool beside = count != nullptr && count->path.text == method.path.text + "/count";
  if (beside) out.append("count", true);
}

bool only_reads(const MethodOutline& method) {
  for (const std::string_view word : {"search", "query", "find", "lookup"}) {
    if (method.action == word) return true;
  }
  return false;
}

void add_annotations(const MethodOutline& method, json::Object& out) {
  if (method.kind != MethodKind::custom) return;
  const Verb verb = method.operation->verb;
  if (verb == Verb::post && only_reads(method)) {
    out.append("annotations",
               json::Object{{"read_only", true}, {"destructive", false}, {"idempotent", true}});
  } else if (verb == Verb::put || verb == Verb::delete_) {
    out.append("annotations", json::Object{{"idempotent", true}});
  }
  if (verb == Verb::delete_) out.append("tags", json::Array{"destructive"});
}

}  // namespace

json::Value MethodWriter::write(const ResourceOutline& resource, const RecordFields& record,
                                const MethodOutline& method) {
  schemas_.begin_tool();
  json::Object out;
  out.append("description", words_.of(resource, record, method));
  out.append("verb", verb_name(method.operation->verb));
  out.append("path", method.path.text);
  add_annotations(method, out);
  if (method.operation->answer.is_file && method.operation->verb == Verb::get) {
    out.append("answer", "file");
  }
  Arguments arguments(reserved(method));
  add_placeholders(method, schemas_, arguments);
  add_parameters(method, conventions_, schemas_, arguments);
  write_body(resource, record, method, conventions_, schemas_, arguments);
  std::move(arguments).write(out);
  write_form(method, schemas_, out);
  if (method.kind == MethodKind::list) add_list_keys(resource, record, method, conventions_, out);
  return out;
}

}  // namespace patchbay::openapi
