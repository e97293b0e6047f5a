#include "reach/pointers.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::reach {

using integration::Argument;
using integration::ArgumentPlace;
using integration::Field;
using integration::FieldType;
using integration::Method;
using integration::Ownership;
using integration::PointsTo;
using integration::Resource;

namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::optional<PointsTo> inherited_by(const Resource& resource, std::string_view name) {
  for (const auto& inherited : resource.inherits) {
    if (inherited.from != name) continue;
    return PointsTo{inherited.resource, inherited.by, inherited.resources};
  }
  return std::nullopt;
}

std::optional<PointsTo> looked_at(const Method& method, std::string_view name) {
  for (const auto& looked : method.looks_at) {
    if (!has(looked.ids, name)) continue;
    return PointsTo{looked.resource, looked.by, looked.resources};
  }
  return std::nullopt;
}

std::optional<PointsTo> of_field(const Field& field) {
  if (!field.reference.empty()) return PointsTo{.resource = field.reference};
  if (field.lookup) return PointsTo{.resource = field.lookup->resource};
  return std::nullopt;
}

// Whether an argument or a field is called as what holds an id is.
bool is_called_id(std::string_view name) {
  return name == "id" || name.ends_with("Id") || name.ends_with("Ids") || name.ends_with("_id") ||
         name.ends_with("_ids") || name.ends_with("Recid") || name.ends_with("RecId");
}

// Whether whatever stands in it may be a reference: then it must be said whose.
bool may_point(const Resource& resource, const Argument& argument) {
  const Field* field = resource.find_field(argument.field());
  if (argument.reference || argument.type == FieldType::reference) return true;
  if (field != nullptr && field->type == FieldType::reference) return true;
  const bool number = argument.type == FieldType::integer;
  if (number) return is_called_id(argument.name) || is_called_id(argument.field());
  if (argument.type == FieldType::array || argument.type == FieldType::object) {
    // What a definition describes no further might hold anything.
    return field == nullptr || field->children.empty() ||
           std::ranges::any_of(field->children, [](const Field& child) {
             return child.type == FieldType::reference || child.type == FieldType::object;
           });
  }
  return false;
}

// Custom fields are texts and numbers, whatever stands in them.
bool is_custom(const Ways& ways, const Argument& argument) {
  return argument.field() == ways.integration().custom_fields.field ||
         argument.name == integration::kClear;
}

std::optional<std::string> why_not_of(const Resource& resource) {
  if (resource.owned_by.kind == Ownership::Kind::untold) {
    return "the definition does not say whose " + to_lower(resource.label) + " are";
  }
  if (resource.owned_by.kind == Ownership::Kind::several) return resource.owned_by.reason;
  return std::nullopt;
}

std::optional<std::string> why_not_along(const Way& way, const Resource& resource) {
  if (way.leads == Leads::nowhere) return "its address is not among the definition's";
  for (const auto& named : way.past) {
    if (auto why = why_not_of(*named.resource)) return why;
    const auto& owned = named.resource->owned_by;
    if (owned.kind == Ownership::Kind::parent && owned.field.empty()) {
      return to_lower(named.resource->label) + " do not say whose they are";
    }
  }
  if (way.leads == Leads::part && way.past.empty() &&
      resource.owned_by.kind != Ownership::Kind::nobody) {
    return "its address names no record";
  }
  return why_not_of(*way.resource);
}

std::optional<std::string> why_not_written(const Ways& ways, const Resource& resource,
                                           const Method& method, const Way& way) {
  if (resource.owned_by.kind == Ownership::Kind::nobody) return "all owners share what it changes";
  bool says_owner = method.kind != integration::MethodKind::create ||
                    resource.owned_by.kind != Ownership::Kind::field || !way.past.empty();
  if (!says_owner && resource.owned_by.field == ways.integration().pagination.id_field) {
    return "it makes another owner";
  }
  for (const auto& argument : method.arguments) {
    if (argument.place == ArgumentPlace::query && argument.type == FieldType::integer) {
      return "it names a record by " + argument.name + " beside its address";
    }
    if (argument.place != ArgumentPlace::body) continue;
    says_owner = says_owner || argument.field() == owner_member(resource) ||
                 inherited_by(resource, argument.field()).has_value();
    if (is_custom(ways, argument) || !may_point(resource, argument)) continue;
    const auto pointer = pointer_of(resource, method, argument.field());
    if (!pointer) return "the definition does not say whose ids " + argument.name + " takes";
    const Resource* target = ways.find(pointer->resource);
    if (target == nullptr) continue;  // by another field: known when it is called
    if (auto why = why_not_of(*target)) return why;
  }
  if (!says_owner) return "it does not say for whom";
  return std::nullopt;
}

}  // namespace

std::string_view owner_member(const Resource& resource) {
  const std::string_view field = resource.owned_by.field;
  return resource.owned_by.kind == Ownership::Kind::field ? field.substr(0, field.find('/'))
                                                          : std::string_view();
}

std::optional<PointsTo> pointer_of(const Resource& resource, const Method& method,
                                   std::string_view field) {
  if (const auto said = resource.points_to.find(std::string(field));
      said != resource.points_to.end()) {
    return said->second;
  }
  if (auto inherited = inherited_by(resource, field)) return inherited;
  for (const auto& argument : method.arguments) {
    if (argument.place != ArgumentPlace::body || argument.field() != field) continue;
    if (argument.reference) return PointsTo{.resource = argument.reference->resource};
    if (auto looked = looked_at(method, argument.name)) return looked;
  }
  const Field* known = resource.find_field(field);
  return known != nullptr ? of_field(*known) : std::nullopt;
}

bool points_to_shared(const PointsTo& pointer) {
  return pointer.resource == "nobody";
}

std::optional<std::string> why_not_held(const Ways& ways, const Resource& resource,
                                        const Method& method) {
  if (method.composite) return std::nullopt;
  if (auto why = why_not_of(resource)) return why;
  const Way way = ways.of(method.path);
  if (auto why = why_not_along(way, resource)) return why;
  for (const auto* path : {&method.count_path, &method.record_path}) {
    if (path->empty()) continue;
    if (auto why = why_not_along(ways.of(*path), resource)) return why;
  }
  for (const auto& expansion : method.expansions) {
    if (auto why = why_not_along(ways.of(expansion.path), resource)) return why;
  }
  const bool filtered = resource.owned_by.kind == Ownership::Kind::field &&
                        (way.leads == Leads::list || way.leads == Leads::count);
  if (!method.writes() && filtered && ways.integration().dialects.filter.empty()) {
    return "its lists take no conditions";
  }
  if (method.answer == integration::AnswerKind::file && way.past.empty()) {
    return "a file does not say whose it is";
  }
  return method.writes() ? why_not_written(ways, resource, method, way) : std::nullopt;
}

}  // namespace patchbay::reach
