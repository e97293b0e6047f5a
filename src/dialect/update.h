// Update formats: a flat object of changed fields to the body that the API takes.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace patchbay::dialect {

// What "put" would need (the record as it stands) is not here: an API without partial updates gets
// its dialect when the first one comes.
class UpdateDialect {
 public:
  virtual ~UpdateDialect() = default;
  // `changes`: field → new value (references as {"id": 7}); null clears.
  virtual json::Value write(const json::Object& changes) const = 0;
};

// "json_patch" (RFC 6902 array: replace, remove), "merge" (RFC 7396). Null if unknown.
const UpdateDialect* find_update_dialect(std::string_view name);

}  // namespace patchbay::dialect
