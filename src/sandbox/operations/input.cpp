#include "sandbox/operations/input.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/core.h>

#include "base/text.h"
#include "json/value.h"
#include "json/write.h"
#include "sandbox/language/date_literal.h"
#include "sandbox/operations/body_position.h"
#include "sandbox/records/custom_fields.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

constexpr std::string_view kInt32 = "System.Nullable`1[System.Int32]";
constexpr std::string_view kDouble = "System.Nullable`1[System.Double]";

std::string type_of_reference(const Table& target) {
  return std::string(target.resource().type) + "Reference";
}

// Case-insensitive, as the vendor's reader matches members.
const json::Value* find_member(const json::Object& object, std::string_view name) {
  for (const auto& [key, value] : object) {
    if (equal_ignoring_case(key, name)) return &value;
  }
  return nullptr;
}

bool is_empty_text(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr && trim(*text).empty();
}

}  // namespace

ApiError Input::cannot_convert(const json::Value& value, std::string_view type,
                               std::string_view field) const {
  // The vendor's reader quotes what it could not convert.
  const std::string* text = value.if_string();
  return unreadable(
      fmt::format("Error converting value {} to type '{}'. Path '{}', {}.",
                  text != nullptr ? fmt::format("\"{}\"", *text) : json::to_string(value), type,
                  field, value_position(body, field)));
}

ApiResult<Cell> Input::read(const FieldSpec& field, const json::Value& value,
                            const Record& record) const {
  if (value.is_null()) return Cell();
  const std::string* text = value.if_string();
  switch (field.kind) {
    case FieldKind::text:
      if (text != nullptr) return Cell(*text);
      if (value.is_number() || value.is_bool()) return Cell(json::to_string(value));
      return std::unexpected(unreadable(fmt::format(
          "Unexpected character encountered while parsing value: {}. Path '{}', {}.",
          value.is_object() ? '{' : '[', field.name, value_position(body, field.name))));
    case FieldKind::integer: {
      const auto whole = text != nullptr ? parse_int64(*text) : value.as_int64();
      if (!whole) return std::unexpected(cannot_convert(value, kInt32, field.name));
      return Cell(*whole);
    }
    case FieldKind::decimal: {
      char* end = nullptr;
      std::optional<double> number = value.as_double();
      if (text != nullptr) {
        const double parsed = std::strtod(text->c_str(), &end);
        if (!text->empty() && *end == '\0') number = parsed;
      }
      if (!number) return std::unexpected(cannot_convert(value, kDouble, field.name));
      return Cell(*number);
    }
    case FieldKind::boolean: {
      if (const bool* flag = value.if_bool()) return Cell(*flag);
      if (const auto whole = value.as_int64()) return Cell(*whole != 0);
      if (text != nullptr && equal_ignoring_case(*text, "true")) return Cell(true);
      if (text != nullptr && equal_ignoring_case(*text, "false")) return Cell(false);
      return std::unexpected(unreadable("String was not recognized as a valid Boolean."));
    }
    case FieldKind::date_time: {
      if (text == nullptr) {
        return std::unexpected(
            cannot_convert(value, "System.Nullable`1[System.DateTime]", field.name));
      }
      if (const auto instant = parse_body_date(*text)) return Cell(*instant);
      errors.push_back({"InvalidFormat",
                        fmt::format("Unsupported format applied to {}", field.name),
                        object_name(table.resource()), std::string(field.name)});
      return Cell();
    }
    case FieldKind::choice: {
      for (const std::string_view one : field.choices) {
        if (text != nullptr && equal_ignoring_case(one, *text)) return Cell(one);
      }
      std::string type(field.name);
      type[0] = static_cast<char>(type[0] & ~0x20);
      return std::unexpected(cannot_convert(value, type, field.name));
    }
    case FieldKind::reference:
      return read_reference(field, value, record);
    case FieldKind::references:
    case FieldKind::integers:
    case FieldKind::rows:
      return read_list(field, value, record);
    case FieldKind::custom_fields:
      return read_custom_fields(table, value);
    case FieldKind::any:
      return Cell(AnyJson(value));
  }
  return Cell();
}

ApiResult<Cell> Input::read_reference(const FieldSpec& field, const json::Value& value,
                                      const Record& record) const {
  const Table& target = *db.find_table(field.target);
  const json::Object* object = value.if_object();
  if (object == nullptr) {
    return std::unexpected(cannot_convert(value, type_of_reference(target), field.name));
  }
  std::optional<std::int64_t> scope;
  if (!field.scope.empty()) {
    scope = reference_or(table.at(record, field.scope), 0);
  }
  const Record* found = nullptr;
  std::string_view given_by = "id";
  const json::Value* id = find_member(*object, "id");
  if (id != nullptr && !id->is_null()) {
    const auto wanted = id->is_string() ? parse_int64(*id->if_string()) : id->as_int64();
    if (!wanted)
      return std::unexpected(cannot_convert(*id, kInt32, fmt::format("{}.id", field.name)));
    found = target.find(*wanted);
    if (found != nullptr && scope && target.parent_of(*found) != scope) found = nullptr;
  } else {
    const json::Value* text = nullptr;
    for (const ReferenceMember& member : target.resource().reference_form) {
      if (member.shown == "id") continue;
      const json::Value* given = find_member(*object, member.shown);
      if (given == nullptr || !given->is_string()) continue;
      // An identifier is the better key where both are there.
      if (text == nullptr || member.shown == "identifier") {
        text = given;
        given_by = member.shown;
        found = target.find_by(member.field, *given->if_string(), scope);
      }
    }
    if (text == nullptr) return Cell();  // {}: no reference
  }
  if (found != nullptr) return Cell(RecordReference{found->id});
  std::string message = fmt::format("{} not found", target.resource().label);
  if (scope) {
    const Table* parent = target.parent();
    message += fmt::format(" for {} {}", parent->resource().label, *scope);
  }
  errors.push_back({"NotFound", std::move(message), object_name(table.resource()),
                    fmt::format("{}/{}", field.name, given_by)});
  return Cell();
}

ApiResult<Cell> Input::read_list(const FieldSpec& field, const json::Value& value,
                                 const Record& record) const {
  const json::Array* array = value.if_array();
  if (array == nullptr) {
    return std::unexpected(cannot_convert(value, "System.Collections.Generic.List`1", field.name));
  }
  Ids ids;
  Rows rows;
  for (const json::Value& element : *array) {
    if (field.kind == FieldKind::integers) {
      const auto whole = element.as_int64();
      if (!whole) return std::unexpected(cannot_convert(element, "System.Int32", field.name));
      ids.push_back(*whole);
    } else if (field.kind == FieldKind::references) {
      ApiResult<Cell> one = read_reference(field, element, record);
      if (!one) return one;
      if (const auto* to = std::get_if<RecordReference>(&*one)) ids.push_back(to->id);
    } else {
      const json::Object* object = element.if_object();
      if (object == nullptr) {
        return std::unexpected(cannot_convert(element, field.name, field.name));
      }
      Row row;
      for (std::size_t i = 0; i < field.row_fields.size(); ++i) {
        const json::Value* member = find_member(*object, field.row_fields[i].name);
        ApiResult<Cell> one = member == nullptr ? ApiResult<Cell>(Cell())
                                                : read(field.row_fields[i], *member, record);
        if (!one) return one;
        // Elements that come without an id get one that this record has not used.
        if (field.row_fields[i].name == "id" && int_or(*one, 0) == 0) {
          *one = static_cast<std::int64_t>(record.id * 100 +
                                           static_cast<std::int64_t>(rows.size()) + 1);
        }
        row.cells.push_back(std::move(*one));
      }
      rows.push_back(std::move(row));
    }
  }
  if (field.kind == FieldKind::rows) return Cell(std::move(rows));
  return Cell(std::move(ids));
}

void check_fields(const Table& table, const Record& record, bool replaces,
                  std::vector<InvalidField>& errors) {
  const std::string resource = object_name(table.resource());
  for (std::size_t i = 0; i < table.fields().size(); ++i) {
    const FieldSpec& field = table.fields()[i];
    const Cell& cell = record.cells[i];
    const bool needed = field.required || (replaces && field.required_on_replace);
    // Where the reference was given but not found, that error says more than "is required".
    const bool reported = std::ranges::any_of(
        errors, [&](const InvalidField& error) { return error.field.starts_with(field.name); });
    if (needed && !reported && (is_null(cell) || is_empty_text(cell))) {
      errors.push_back({"MissingRequiredField", fmt::format("{} is required.", field.name),
                        resource, std::string(field.name)});
    }
    if (const auto* text = std::get_if<std::string>(&cell);
        text != nullptr && field.max_length > 0 && count_characters(*text) > field.max_length) {
      errors.push_back({"OutOfRange",
                        fmt::format("The field {} must be a string with a maximum length of {}.",
                                    field.name, field.max_length),
                        resource, std::string(field.name)});
    }
    if (const auto* whole = std::get_if<std::int64_t>(&cell);
        whole != nullptr && field.most != 0 && (*whole < field.least || *whole > field.most)) {
      errors.push_back({"OutOfRange",
                        fmt::format("The field {} must be between {} and {}.", field.name,
                                    field.least, field.most),
                        resource, std::string(field.name)});
    }
  }
}

}  // namespace patchbay::sandbox
