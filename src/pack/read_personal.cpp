#include "pack/read_personal.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/text.h"

namespace patchbay::pack {

using integration::Personal;

namespace {

using Names = std::unordered_set<std::string_view>;

void add_names(const std::vector<Field>& fields, Names& names) {
  for (const Field& field : fields) {
    names.insert(field.name);
    add_names(field.children, names);
  }
}

// Of all fields and arguments that there are.
Names names_of(const Integration& integration) {
  Names names;
  for (const Resource& resource : integration.resources) {
    add_names(resource.fields, names);
    for (const Method& method : resource.methods) {
      for (const Argument& argument : method.arguments) names.insert(argument.name);
    }
  }
  return names;
}

void mark_named(std::vector<Field>& fields, const Names& names) {
  for (Field& field : fields) {
    if (!field.personal && names.contains(field.name)) field.personal = true;
    mark_named(field.children, names);
  }
}

// What stays unsaid of somebody who is named by such a reference.
Personal named_by(const Reference& reference, const Integration& integration) {
  const Resource* const target = integration.find_resource(reference.resource);
  if (target == nullptr) return Personal::nothing;
  for (const std::string& match : reference.match) {
    for (const std::string_view field : split(match, ' ')) {
      if (integration::is_personal(target->fields, field)) return Personal::texts;
    }
  }
  const bool by_mark = std::ranges::any_of(reference.known_by, [&](const auto& known) {
    return integration::is_personal(target->fields, known.field);
  });
  return by_mark ? Personal::marks : Personal::nothing;
}

// Records are shown by their label, wherever they are named.
bool names_people(const Field& field, const Integration& integration) {
  if (field.lookup) return named_by(*field.lookup, integration) == Personal::texts;
  const Resource* const target = integration.find_resource(field.reference);
  if (target == nullptr) return false;
  Reference by_label{.resource = field.reference, .match = integration.label_fields};
  return named_by(by_label, integration) == Personal::texts;
}

void mark_people(std::vector<Field>& fields, const Integration& integration) {
  for (Field& field : fields) {
    if (field.type != FieldType::reference) {
      mark_people(field.children, integration);
    } else if (field.personal.value_or(names_people(field, integration))) {
      for (Field& child : field.children) {
        if (child.type == FieldType::string && !child.personal) child.personal = true;
      }
    }
  }
}

// A schema that an import brought along says it of itself.
bool schema_is_personal(const json::Value& schema) {
  const std::string_view format = schema.string_or("format", "");
  return format == "email" || format == "password" || schema.bool_or("writeOnly", false);
}

Personal personal_of(const Argument& argument, const Resource& resource,
                     const Names& personal_fields, const Definition& definition) {
  const bool named =
      (personal_fields.contains(argument.name) || personal_fields.contains(argument.field())) &&
      integration::find_field_in(resource.fields, argument.field()) == nullptr;
  const bool of_field = argument.place != ArgumentPlace::path &&
                        integration::is_personal(resource.fields, argument.field());
  if (named || of_field || schema_is_personal(argument.schema)) {
    // An id says nothing that the log must not have: it has the ids of records anyway.
    return argument.type == FieldType::reference ? Personal::texts : Personal::all;
  }
  return argument.reference ? named_by(*argument.reference, definition.integration)
                            : Personal::nothing;
}

Argument* argument_named(Method& method, std::string_view name) {
  const auto found = std::ranges::find(method.arguments, name, &Argument::name);
  return found == method.arguments.end() ? nullptr : &*found;
}

// What a composite takes is what its steps are given of it: as personal, and sent out as well.
void mark_composite(Method& method, Integration& integration) {
  for (const CompositeStep& step : method.composite->steps) {
    Resource* target = nullptr;
    for (Resource& each : integration.resources) {
      if (each.name == step.resource) target = &each;
    }
    if (target == nullptr) continue;
    const auto called = std::ranges::find(target->methods, step.method, &Method::name);
    if (called == target->methods.end()) continue;
    for (const auto& [name, value] : step.with) {
      if (value.from != StepValue::From::argument) continue;
      const Argument* const taken = argument_named(*called, name);
      Argument* const given = argument_named(method, value.name);
      if (taken == nullptr || given == nullptr) continue;
      given->personal = std::max(given->personal, taken->personal);
      given->outbound = given->outbound || taken->outbound;
    }
  }
}

}  // namespace

void read_personal_fields(MappingReader& reader, Definition& definition) {
  const Node* const node = reader.find("personal_fields");
  definition.integration.tells_personal = node != nullptr;
  definition.personal_fields = reader.texts("personal_fields");
  if (node == nullptr || definition.is_known_sound) return;
  definition.later([&definition, line = node->line] {
    const auto known = names_of(definition.integration);
    for (const std::string& name : definition.personal_fields) {
      if (known.contains(name)) continue;
      definition.problems.error(line, "personal_fields: no field or argument is '" + name + "'",
                                "leave it out");
    }
  });
}

void link_personal(Definition& definition) {
  Integration& integration = definition.integration;
  const Names names(definition.personal_fields.begin(), definition.personal_fields.end());
  for (Resource& resource : integration.resources) mark_named(resource.fields, names);
  for (Resource& resource : integration.resources) mark_people(resource.fields, integration);
  for (Resource& resource : integration.resources) {
    for (Method& method : resource.methods) {
      for (Argument& argument : method.arguments) {
        argument.personal = personal_of(argument, resource, names, definition);
      }
    }
  }
  for (Resource& resource : integration.resources) {
    for (Method& method : resource.methods) {
      if (method.composite) mark_composite(method, integration);
    }
  }
}

}  // namespace patchbay::pack
