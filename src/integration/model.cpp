#include "integration/model.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::integration {

const Method* Resource::find_method(std::string_view method_name) const {
  const auto found = std::ranges::find(methods, method_name, &Method::name);
  return found == methods.end() ? nullptr : &*found;
}

const Field* Resource::find_field(std::string_view field_path) const {
  return find_field_in(fields, field_path);
}

bool Resource::in_array(std::string_view field_path) const {
  const auto slash = field_path.find('/');
  const Field* head = find_field(field_path.substr(0, slash));
  return slash != std::string_view::npos && head != nullptr && head->type == FieldType::array;
}

const Resource* Integration::find_resource(std::string_view resource_name) const {
  // They are sorted, once all of them are there.
  const auto near = std::ranges::lower_bound(resources, resource_name, {}, &Resource::name);
  if (near != resources.end() && near->name == resource_name) return &*near;
  const auto found = std::ranges::find(resources, resource_name, &Resource::name);
  return found == resources.end() ? nullptr : &*found;
}

const Field* find_field_in(const std::vector<Field>& fields, std::string_view path) {
  const auto slash = path.find('/');
  const std::string_view head = path.substr(0, slash);
  const auto found = std::ranges::find_if(fields, [&](const Field& field) {
    return field.name.size() == head.size() && equal_ignoring_case(field.name, head);
  });
  if (found == fields.end()) return nullptr;
  if (slash == std::string_view::npos) return &*found;
  return find_field_in(found->children, path.substr(slash + 1));
}

bool is_personal(const std::vector<Field>& fields, std::string_view path) {
  const auto slash = path.find('/');
  const Field* const field = find_field_in(fields, path.substr(0, slash));
  if (field == nullptr) return false;
  const bool is_leaf = slash == std::string_view::npos;
  if (field->personal.value_or(false) && (is_leaf || field->type != FieldType::reference)) {
    return true;
  }
  return !is_leaf && is_personal(field->children, path.substr(slash + 1));
}

std::vector<std::string> field_paths(const std::vector<Field>& fields) {
  std::vector<std::string> out;
  for (const Field& field : fields) {
    out.push_back(field.name);
    for (const std::string& child : field_paths(field.children)) {
      out.push_back(field.name + "/" + child);
    }
  }
  return out;
}

bool makes_tool(const Method& method) {
  return !method.description.empty();
}

}  // namespace patchbay::integration
