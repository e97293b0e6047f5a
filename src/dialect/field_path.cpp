#include "dialect/field_path.h"

#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::dialect {

using integration::Field;
using integration::FieldType;

std::optional<FoundField> find_path(const std::vector<Field>& fields, std::string_view path) {
  FoundField found;
  const std::vector<Field>* level = &fields;
  for (const auto segment : split(path, '/')) {
    if (segment.empty()) return std::nullopt;
    const Field* match = nullptr;
    if (level != nullptr) {
      for (const auto& field : *level) {
        if (equal_ignoring_case(field.name, segment)) {
          match = &field;
          break;
        }
      }
      if (match == nullptr) return std::nullopt;
    }
    if (!found.path.empty()) found.path += '/';
    if (match == nullptr) {
      found.path += segment;
      found.field = nullptr;
      continue;
    }
    found.path += match->name;
    found.field = match;
    const bool open = match->type == FieldType::reference || match->type == FieldType::object ||
                      match->type == FieldType::array;
    if (match->type == FieldType::array) found.within_array = true;
    static const std::vector<Field> kNone;
    level = !match->children.empty() ? &match->children : open ? nullptr : &kNone;
  }
  if (found.path.empty()) return std::nullopt;
  return found;
}

bool usable(const FoundField& found, FieldUse use) {
  if (found.field == nullptr) return use != FieldUse::filter || !found.within_array;
  const Field& field = *found.field;
  const bool scalar = field.type != FieldType::reference && field.type != FieldType::object &&
                      field.type != FieldType::array;
  switch (use) {
    case FieldUse::filter:
      return field.filterable && scalar && !found.within_array;
    case FieldUse::filter_children:
      return field.filterable && scalar && found.within_array;
    case FieldUse::sort:
      return field.sortable && scalar && !found.within_array;
    case FieldUse::response:
      return field.returned;
  }
  return false;
}

namespace {

void collect(const std::vector<Field>& fields, const std::string& prefix, bool within_array,
             FieldUse use, int depth, std::vector<std::string>& out) {
  for (const auto& field : fields) {
    FoundField found{prefix + field.name, &field, within_array || field.type == FieldType::array};
    if (usable(found, use)) out.push_back(found.path);
    if (depth < 4) {
      collect(field.children, found.path + '/', found.within_array, use, depth + 1, out);
    }
  }
}

}  // namespace

std::vector<std::string> nearest_paths(const std::vector<Field>& fields, std::string_view wanted,
                                       FieldUse use, std::size_t at_most) {
  std::vector<std::string> all;
  collect(fields, "", false, use, 0, all);
  // A reference named alone means one of its children; say so before anything far-fetched.
  std::vector<std::string> near;
  for (const auto& path : all) {
    if (near.size() < at_most && path.size() > wanted.size() && path[wanted.size()] == '/' &&
        equal_ignoring_case(std::string_view(path).substr(0, wanted.size()), wanted)) {
      near.push_back(path);
    }
  }
  if (!near.empty()) return near;
  // "name" of a record that has a first and a last one.
  for (const auto& path : all) {
    if (near.size() < at_most && wanted.size() >= 4 && path.size() > wanted.size() &&
        !path.contains('/') &&
        equal_ignoring_case(std::string_view(path).substr(path.size() - wanted.size()), wanted)) {
      near.push_back(path);
    }
  }
  if (!near.empty()) return near;
  return nearest(wanted, all, at_most);
}

std::string did_you_mean(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::string text = "Did you mean ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text + '?';
}

}  // namespace patchbay::dialect
