#include "json/path.h"

namespace patchbay::json {

const Value* find_at(const Value& value, std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return &value;
  const auto* object = value.if_object();
  return object != nullptr ? find_at(*object, path) : nullptr;
}

const Value* find_at(const Object& object, std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const auto slash = path.find('/');
  const auto* member = object.find(path.substr(0, slash));
  if (member == nullptr || slash == std::string_view::npos) return member;
  return find_at(*member, path.substr(slash + 1));
}

}  // namespace patchbay::json
