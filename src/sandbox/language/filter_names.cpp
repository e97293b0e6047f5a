#include "sandbox/language/filter_names.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace patchbay::sandbox {
namespace {

// The field of a reference's target that `name` means where `field` refers to it.
std::optional<std::size_t> column_behind(const Table& target, const FieldSpec& field,
                                         std::string_view name) {
  for (const ReferenceMember& member : target.resource().reference_form) {
    if (equal_ignoring_case(member.shown, name)) return target.find_column(member.field);
  }
  for (const auto* more : {&field.shows, &field.filters}) {
    for (const std::string_view one : *more) {
      if (equal_ignoring_case(one, name)) return target.find_column(one);
    }
  }
  return std::nullopt;
}

bool is_collection(const FieldSpec& field) {
  return field.kind == FieldKind::references || field.kind == FieldKind::rows ||
         field.kind == FieldKind::integers;
}

}  // namespace

std::optional<FieldPath> find_filterable(const Database& db, const Table& table,
                                         std::string_view name) {
  const std::size_t slash = name.find('/');
  const std::optional<std::size_t> column = table.find_column(name.substr(0, slash));
  if (!column) return std::nullopt;
  const FieldSpec& field = table.fields()[*column];
  if (!field.filterable || is_collection(field)) return std::nullopt;
  const bool goes_on = slash != std::string_view::npos;
  // A reference as a whole has no value to compare; a plain field has nothing behind it.
  if (goes_on != (field.kind == FieldKind::reference)) return std::nullopt;
  std::vector<FieldPath::Step> steps = {{&table, *column, &field}};
  if (goes_on) {
    const Table* target = db.find_table(field.target);
    const auto behind = column_behind(*target, field, name.substr(slash + 1));
    if (!behind) return std::nullopt;
    steps.push_back({target, *behind, &target->fields()[*behind]});
  }
  return FieldPath(std::move(steps));
}

std::optional<ChildPath> find_in_children(const Database& db, const Table& table,
                                          std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<std::size_t> column = table.find_column(name.substr(0, slash));
  if (!column) return std::nullopt;
  const FieldSpec& collection = table.fields()[*column];
  std::string_view rest = name.substr(slash + 1);
  std::vector<FieldPath::Step> steps;
  if (collection.kind == FieldKind::references) {
    const Table* target = db.find_table(collection.target);
    const auto behind = column_behind(*target, collection, rest);
    if (!behind) return std::nullopt;
    steps.push_back({target, *behind, &target->fields()[*behind]});
  } else if (collection.kind == FieldKind::rows) {
    const std::size_t next = rest.find('/');
    const auto& fields = collection.row_fields;
    const auto found = std::ranges::find_if(fields, [&](const FieldSpec& field) {
      return equal_ignoring_case(field.name, rest.substr(0, next));
    });
    if (found == fields.end()) return std::nullopt;
    if ((found->kind == FieldKind::reference) != (next != std::string_view::npos))
      return std::nullopt;
    steps.push_back({nullptr, static_cast<std::size_t>(found - fields.begin()), &*found});
    if (found->kind == FieldKind::reference) {
      const Table* target = db.find_table(found->target);
      const auto behind = column_behind(*target, *found, rest.substr(next + 1));
      if (!behind) return std::nullopt;
      steps.push_back({target, *behind, &target->fields()[*behind]});
    }
  } else {
    return std::nullopt;
  }
  return ChildPath{*column, &collection, FieldPath(std::move(steps))};
}

}  // namespace patchbay::sandbox
