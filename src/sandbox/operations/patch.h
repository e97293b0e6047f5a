// JSON Patch as the API takes it: "summary" and "/summary", whole references and paths into them
// ("status", "status/name"), replace, add and remove.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "sandbox/records/api_error.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// One field's new value, in the form in which a whole object would give it.
struct Assignment {
  std::size_t column = 0;
  json::Value value;
};

// The operations, with paths into one reference gathered into one value.
ApiResult<std::vector<Assignment>> read_patch(const json::Value& body, const Table& table);

}  // namespace patchbay::sandbox
