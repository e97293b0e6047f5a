// The OpenAPI 3.1 document of this API: paths from the table of endpoints, schemas written by hand.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace patchbay::admin {

// Compact JSON.
std::string openapi_document();

// Its components/schemas, as JSON text (openapi_schemas.cpp).
std::string_view openapi_schemas();

}  // namespace patchbay::admin
