// The scripts that make and change the tables, in their order (schema.h).
#pragma once

#include <cstdint>
#include <span>

#include "store/sql.h"

namespace patchbay::store::postgres {

struct Migration {
  std::int64_t to_version;
  Sql script;
};

// As many as kSchemaVersion says.
std::span<const Migration> migrations();

}  // namespace patchbay::store::postgres
