// Custom fields by caption, on the way in: read from a record that has them, checked by type, and
// written whole, since an update takes the whole array.
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// What captions became.
struct CustomFieldValues {
  json::Object body;  // of a write: what its body has beside the arguments
  std::string query;  // of a list: a further parameter, encoded
};

// Errors: invalid_argument with the captions that there are; else the upstream's refusal.
io::Task<Outcome<CustomFieldValues>> resolve_custom_fields(Call& call, const Arguments& arguments,
                                                           const Names& names);

}  // namespace patchbay::gateway
