// Update formats: a flat object of changed fields to the body that the API takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace patchbay::dialect {

class UpdateDialect {
 public:
  virtual ~UpdateDialect() = default;
  // `changes`: field → new value (references as {"id": 7}); null clears.
  virtual json::Value write(const json::Object& changes) const = 0;
};

// The names that there are.
std::vector<std::string> update_dialects();
// "json_patch" (RFC 6902 array: replace, remove), "merge" (RFC 7396). Null if unknown.
const UpdateDialect* find_update_dialect(std::string_view name);

}  // namespace patchbay::dialect
