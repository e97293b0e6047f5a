#include "sandbox/records/resource.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::sandbox {
namespace {

Field make(std::string name, Kind kind) {
  Field field;
  field.name = std::move(name);
  field.kind = kind;
  return field;
}

}  // namespace

Field Field::is_required() && {
  required = true;
  return std::move(*this);
}
Field Field::is_required_on_replace() && {
  required_on_replace = true;
  return std::move(*this);
}
Field Field::is_read_only() && {
  read_only = true;
  return std::move(*this);
}
Field Field::is_input_only() && {
  input_only = true;
  filterable = false;
  return std::move(*this);
}
Field Field::is_in_info() && {
  in_info = true;
  read_only = true;
  return std::move(*this);
}
Field Field::is_hidden() && {
  hidden = true;
  filterable = false;
  read_only = true;
  return std::move(*this);
}
Field Field::not_filterable() && {
  filterable = false;
  return std::move(*this);
}
Field Field::at_most(std::size_t length) && {
  max_length = length;
  return std::move(*this);
}
Field Field::between(std::int64_t low, std::int64_t high) && {
  range.emplace(low, high);
  return std::move(*this);
}
Field Field::within(std::string scope_field) && {
  scope = std::move(scope_field);
  return std::move(*this);
}
Field Field::showing(std::vector<std::string> names) && {
  shows = std::move(names);
  return std::move(*this);
}
Field Field::filtered_by(std::vector<std::string> names) && {
  filters = std::move(names);
  return std::move(*this);
}
Field Field::or_else(Cell value) && {
  fallback = std::move(value);
  return std::move(*this);
}
Field Field::or_else_from(std::function<Cell(const Database&)> function) && {
  fallback_from = std::move(function);
  return std::move(*this);
}
Field Field::read_via(std::string path) && {
  via = std::move(path);
  read_only = true;
  return std::move(*this);
}
Field Field::read_by(std::function<Cell(const Database&, const Record&)> function) && {
  computed = std::move(function);
  read_only = true;
  return std::move(*this);
}

Field text(std::string name) {
  return make(std::move(name), Kind::text);
}
Field integer(std::string name) {
  return make(std::move(name), Kind::integer);
}
Field decimal(std::string name) {
  return make(std::move(name), Kind::decimal);
}
Field boolean(std::string name) {
  return make(std::move(name), Kind::boolean);
}
Field date_time(std::string name) {
  return make(std::move(name), Kind::date_time);
}
Field integers(std::string name) {
  return make(std::move(name), Kind::integers);
}
Field any(std::string name) {
  return make(std::move(name), Kind::any).not_filterable();
}
Field custom_field_values() {
  return make("customFields", Kind::custom_fields).not_filterable();
}

Field choice(std::string name, std::vector<std::string> choices) {
  Field field = make(std::move(name), Kind::choice);
  field.choices = std::move(choices);
  return field;
}

Field reference(std::string name, std::string target) {
  Field field = make(std::move(name), Kind::reference);
  field.target = std::move(target);
  return field;
}

Field references(std::string name, std::string target) {
  Field field = make(std::move(name), Kind::references);
  field.target = std::move(target);
  return field;
}

Field rows(std::string name, std::vector<Field> fields) {
  Field field = make(std::move(name), Kind::rows);
  field.row_fields = std::move(fields);
  return field;
}

std::vector<Field> change_stamps() {
  std::vector<Field> stamps;
  stamps.push_back(date_time("lastUpdated").is_in_info());
  stamps.push_back(text("updatedBy").is_in_info());
  stamps.push_back(date_time("dateEntered").is_in_info());
  stamps.push_back(text("enteredBy").is_in_info());
  return stamps;
}

bool WriteContext::was_given(std::string_view field) const {
  return std::ranges::find(given, to_lower(field)) != given.end();
}

std::string object_name(const Resource& resource) {
  std::string name = resource.type;
  if (!name.empty()) name[0] = static_cast<char>(name[0] | 0x20);
  return name;
}

}  // namespace patchbay::sandbox
