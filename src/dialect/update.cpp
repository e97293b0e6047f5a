#include "dialect/update.h"

namespace patchbay::dialect {

namespace {

// RFC 6902. References and arrays go as wholes: paths into them are read differently by different
// versions of the APIs that speak this.
class JsonPatch final : public UpdateDialect {
 public:
  json::Value write(const json::Object& changes) const override {
    json::Array operations;
    for (const auto& [field, value] : changes) {
      json::Object operation;
      operation.append("op", value.is_null() ? "remove" : "replace");
      operation.append("path", field);
      if (!value.is_null()) operation.append("value", value);
      operations.push_back(std::move(operation));
    }
    return operations;
  }
};

// RFC 7396: the object itself, null meaning "clear".
class MergePatch final : public UpdateDialect {
 public:
  json::Value write(const json::Object& changes) const override { return changes; }
};

}  // namespace

std::vector<std::string> update_dialects() {
  return {"json_patch", "merge"};
}

const UpdateDialect* find_update_dialect(std::string_view name) {
  static const JsonPatch json_patch;
  static const MergePatch merge;
  if (name == "json_patch") return &json_patch;
  if (name == "merge") return &merge;
  return nullptr;
}

}  // namespace patchbay::dialect
