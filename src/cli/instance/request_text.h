// What a call that waits would send, for the person who decides: the record as it is and as it
// would be side by side, and whatever else was stored of it, whole.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/terminal/side_by_side.h"
#include "json/value.h"

namespace patchbay::cli {

// Each field that the request gives or the record has: "before", and what `request` makes of it.
// `body` is a record, or a list of operations on one (RFC 6902: op, path, value).
std::vector<Compared> compared(const json::Value* before, const json::Value& request);

// An approval's parts under their titles, fit for a terminal of `width` columns. Nothing is cut.
std::string shown_parts(const json::Value& approval, std::optional<std::size_t> width);

}  // namespace patchbay::cli
