// What tools/list shows of an argument. Token-lean, and in the narrowest JSON Schema that clients
// take: one plain type each. Gemini refuses a whole request for one type list, and clients that
// turn anyOf into type lists make it fail as well; so a reference is shown as a text, and an
// integer is accepted all the same (accepted_schema).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::catalog {

// `values`: an enumeration's, or none. `looked_up`: a reference that takes a name as well as an id.
json::Value argument_schema(integration::FieldType type, const std::vector<std::string>& values,
                            std::string_view description, bool looked_up);
// Of a field within an object that a body takes.
json::Value field_schema(const integration::Field& field);

// More than is shown: an id where a name or id is shown as a text, a list where several are.
json::Value accepted_schema(const integration::Argument& argument);
// An object of these and of nothing else.
json::Value object_schema(json::Object properties, const std::vector<std::string>& required);

}  // namespace patchbay::catalog
