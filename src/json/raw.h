// Single values of a large text, without a tree of the rest.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::json {

// The first three read up to kPadding bytes beyond the end (json/shape.h). `path` is a JSON pointer
// (RFC 6901) that begins with "/". What the path does not lead through is only skipped over, not
// checked.

// The array there, byte for byte, as a part of the source. Errors: upstream (no JSON, nothing
// there, or no array).
Result<std::string_view> raw_array_at(std::string_view padded_source, std::string_view path);

// The text, number or boolean there. Nothing: null, something else, or nothing at all.
std::optional<Value> scalar_at(std::string_view padded_source, std::string_view path);

// What stands there, byte for byte; "" if nothing does. For a value that parse() can take.
std::string_view raw_value_at(std::string_view padded_source, std::string_view path);

// The same in a text that shape_record or shape_list wrote, which needs no padding and whose
// records are strict JSON without white space. `path` as find_at takes it: "status/name".
std::string_view shaped_value_at(std::string_view shaped, std::string_view path);

}  // namespace patchbay::json
