#include "sandbox/operations/patch.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

ApiError bad_path(const Table& table, std::string_view path) {
  const std::string resource = object_name(table.resource());
  return invalid_object(resource, {{"InvalidPath", fmt::format("path {} is not valid", path),
                                    resource, std::string(path)}});
}

Assignment& assignment_of(std::vector<Assignment>& all, std::size_t column) {
  const auto found = std::ranges::find(all, column, &Assignment::column);
  if (found != all.end()) return *found;
  return all.emplace_back(Assignment{column, {}});
}

// A member that an operation names, without regard to case.
const json::Value* member(const json::Value& operation, std::string_view name) {
  const json::Object* object = operation.if_object();
  if (object == nullptr) return nullptr;
  for (const auto& [key, value] : *object) {
    if (equal_ignoring_case(key, name)) return &value;
  }
  return nullptr;
}

bool is_known_operation(std::string_view name) {
  return equal_ignoring_case(name, "replace") || equal_ignoring_case(name, "add") ||
         equal_ignoring_case(name, "remove");
}

ApiResult<void> apply(const json::Value& operation, const Table& table,
                      std::vector<Assignment>& assignments) {
  const json::Value* op = member(operation, "op");
  const json::Value* path = member(operation, "path");
  if (op == nullptr || !op->is_string() || !is_known_operation(*op->if_string())) {
    return std::unexpected(
        ApiError{400, "ConnectWiseApi", "op must be one of replace, add, remove.", {}});
  }
  if (path == nullptr || !path->is_string()) return std::unexpected(bad_path(table, ""));
  std::string_view name = *path->if_string();
  if (name.starts_with('/')) name.remove_prefix(1);
  const std::size_t slash = name.find('/');
  const auto column = table.find_column(name.substr(0, slash));
  if (!column || table.fields()[*column].hidden) return std::unexpected(bad_path(table, name));
  const FieldSpec& field = table.fields()[*column];
  const json::Value* given = member(operation, "value");
  const bool removes = equal_ignoring_case(*op->if_string(), "remove");
  const json::Value value = removes || given == nullptr ? json::Value() : *given;
  if (slash == std::string_view::npos) {
    assignment_of(assignments, *column).value = value;
    return {};
  }
  const std::string_view inside = name.substr(slash + 1);
  if (field.kind != FieldKind::reference || inside.empty() || inside.find('/') != inside.npos) {
    return std::unexpected(bad_path(table, name));
  }
  json::Value& whole = assignment_of(assignments, *column).value;
  if (value.is_null()) {
    whole = json::Value();
  } else {
    if (!whole.is_object()) whole = json::Value(json::Object());
    whole[inside] = value;
  }
  return {};
}

}  // namespace

ApiResult<std::vector<Assignment>> read_patch(const json::Value& body, const Table& table) {
  const json::Array* operations = body.if_array();
  if (operations == nullptr) {
    return std::unexpected(unreadable(
        "Cannot deserialize the current JSON object (e.g. {\"name\":\"value\"}) into type "
        "'System.Collections.Generic.List`1[PatchOperation]' because the type requires a JSON "
        "array (e.g. [1,2,3]) to deserialize correctly. Path '', line 1, position 1."));
  }
  std::vector<Assignment> assignments;
  for (const json::Value& operation : *operations) {
    if (auto done = apply(operation, table, assignments); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  return assignments;
}

}  // namespace patchbay::sandbox
