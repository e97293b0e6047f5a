// The records that are like the one that a write is to make.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dialect/filter.h"
#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// The argument's value as a filter compares it with the field that it sets. Nothing: it was not
// given, or no filter can compare it.
std::optional<dialect::FilterTerm> term_of(const Call& call, const Prepared& prepared,
                                           std::string_view argument_name);

// Of that resource so many at most, newest first, with `fields` (all if empty) of each. Nothing: it
// cannot be asked so. Errors: the API's.
io::Task<Outcome<std::optional<json::Array>>> list_alike(
    Call& call, const Prepared& prepared, const integration::Resource& resource,
    const std::vector<dialect::FilterTerm>& terms, std::string_view fields, std::int64_t most);

}  // namespace patchbay::gateway
