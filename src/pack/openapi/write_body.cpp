#include "pack/openapi/write_body.h"

#include <algorithm>

#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

using integration::MethodKind;
using integration::Verb;

constexpr std::size_t kMaxMembers = 300;  // of one body

json::Value text_schema(std::string_view description) {
  return json::Object{{"type", "string"}, {"description", description}};
}

// RFC 6902, of a body whose record nobody describes.
json::Value changes_schema() {
  json::Object change{
      {"op", json::Object{{"type", "string"}, {"enum", json::Array{"add", "replace", "remove"}}}},
      {"path", text_schema("Such as /name")},
      {"value", text_schema("The new value")}};
  json::Object items{{"type", "object"},
                     {"properties", std::move(change)},
                     {"required", json::Array{"op", "path"}}};
  return json::Object{
      {"type", "array"}, {"description", "Changes by JSON Patch"}, {"items", std::move(items)}};
}

class BodyWriter {
 public:
  BodyWriter(const RecordFields& record, const MethodOutline& method,
             const Conventions& conventions, PlainSchemas& schemas, Arguments& arguments)
      : record_(record), method_(method), schemas_(schemas), arguments_(arguments) {
    if (conventions.family) custom_fields_ = conventions.family->integration->custom_fields.field;
  }

  void write(const json::Value& schema, bool required) {
    const Gathered body = schemas_.gatherer().gather(schema, true);
    if (body.type == "object" && !body.properties.empty()) return write_members(body);
    if (body.type.empty() && method_.kind == MethodKind::update) return;
    const bool many = body.type == "array";
    const bool object = body.type == "object" || body.type.empty();
    json::Value whole = schemas_.plain(body, Use::sent);
    if (body.type.empty()) whole["type"] = json::Value("object");
    arguments_.add_whole_body(many ? "items" : (object ? "record" : "value"), std::move(whole),
                              required);
  }

 private:
  void write_members(const Gathered& body) {
    std::size_t count = 0;
    for (const bool required : {true, false}) {
      for (const auto& [name, schema] : body.properties) {
        if (body.required.contains(name) != required || count >= kMaxMembers) continue;
        if (write_member(std::string(name), schemas_.gatherer().gather(*schema), required)) ++count;
      }
    }
  }

  // An update asks for nothing but its record: what it leaves out stays.
  bool is_required(bool said) const {
    return said && !(method_.kind == MethodKind::update && method_.operation->verb == Verb::patch);
  }

  bool write_member(const std::string& name, const Gathered& member, bool said) {
    const bool required = is_required(said);
    // The path says it already, and a body that says otherwise would be refused.
    if (member.read_only || name.contains('/') || (arguments_.has(name) && name == "id")) {
      return false;
    }
    // The API gives a record its id.
    const bool makes_id =
        name == "id" && (method_.kind == MethodKind::create || method_.kind == MethodKind::update);
    if ((name.starts_with('_') || makes_id) && !required) return false;
    // Those that users define are an argument of Patchbay's own, by caption.
    const bool makes = method_.kind == MethodKind::create || method_.kind == MethodKind::update;
    if (!custom_fields_.empty() && name == custom_fields_ && makes &&
        record_.fields.contains(name)) {
      return false;
    }
    if (record_.references.contains(name)) {
      arguments_.add_field(name, required);
      return true;
    }
    const bool is_free = !arguments_.has(name) && is_usable_name(name);
    arguments_.add("body", name, schemas_.plain(member, Use::sent), required);
    const bool may_clear = method_.kind == MethodKind::update && member.nullable && is_free &&
                           method_.operation->verb == Verb::patch && !said;
    if (may_clear) arguments_.add_clearable(name);
    return true;
  }

  const RecordFields& record_;
  const MethodOutline& method_;
  PlainSchemas& schemas_;
  Arguments& arguments_;
  std::string custom_fields_;  // the field of those that users define; empty: none
};

std::string_view part_type(const Gathered& part) {
  const bool plain = part.type == "integer" || part.type == "number" || part.type == "boolean";
  return plain ? part.type : std::string_view("string");
}

}  // namespace

void write_body(const ResourceOutline& resource, const RecordFields& record,
                const MethodOutline& method, const Conventions& conventions, PlainSchemas& schemas,
                Arguments& arguments) {
  const Operation& operation = *method.operation;
  const Body& body = operation.body;
  if (operation.verb == Verb::get || operation.verb == Verb::delete_ ||
      body.form == BodyForm::multipart) {
    return;
  }
  BodyWriter writer(record, method, conventions, schemas, arguments);
  const bool updates = method.kind == MethodKind::update && conventions.writes(operation);
  const json::Value* known = written_schema(resource);
  if (body.form == BodyForm::json && body.schema != nullptr) {
    writer.write(*body.schema, body.required);
  } else if (updates && known != nullptr) {
    writer.write(*known, false);
  } else if (operation.verb == Verb::patch &&
             (body.form == BodyForm::json_patch || conventions.update == "json_patch")) {
    arguments.add_whole_body("operations", changes_schema(), true);
  }
}

void write_form(const MethodOutline& method, PlainSchemas& schemas, json::Object& out) {
  const Body& body = method.operation->body;
  if (body.form != BodyForm::multipart || body.schema == nullptr) return;
  Gatherer& gatherer = schemas.gatherer();
  const Gathered form = gatherer.gather(*body.schema, true);
  json::Object parts;
  std::string file;
  for (const auto& [name, schema] : form.properties) {
    const Gathered part = gatherer.gather(*schema);
    if (part.format == "binary") {
      if (file.empty()) file = std::string(name);
      continue;
    }
    // The file's own arguments are called so; parts of several values have no form.
    const bool own =
        name == "fileName" || name == "content" || name == "text" || name == "mimeType";
    if (own || !is_usable_name(name) || part.type == "array" || part.type == "object") continue;
    json::Object shown{{"type", part_type(part)}};
    if (auto text = description_of(part, 120); !text.empty()) {
      shown.append("description", std::move(text));
    }
    if (form.required.contains(name)) shown.append("required", true);
    parts.append(std::string(name), std::move(shown));
  }
  out.append("encoding", "multipart");
  out.append("file", file);
  if (!parts.empty()) out.append("parts", std::move(parts));
}

}  // namespace patchbay::openapi
