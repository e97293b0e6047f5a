// The OpenAPI 3.1 document of this API. Its head and its schemas are written by hand
// (openapi.json); paths, and the lists that they answer with, come from the table of operations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace patchbay::admin {

// Compact JSON.
std::string openapi_document();

// The members that a schema of the document has, in its order. Empty: there is no such schema. The
// names live as long as the program.
std::vector<std::string_view> members_of(std::string_view schema);

// The member of `schema` whose own members include `member`; empty if there is none.
std::string_view owner_of(std::string_view member, std::string_view schema);

}  // namespace patchbay::admin
