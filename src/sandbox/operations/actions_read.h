// Reading, the same for every resource: list, count, get.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sandbox/operations/api_call.h"
#include "sandbox/operations/api_response.h"

namespace patchbay::sandbox {

// `parent`: for resources below another record; the record is known to exist.
using Parent = std::optional<std::int64_t>;

// The records that conditions, childConditions and customFieldConditions leave, in their order.
ApiResult<std::vector<const Record*>> select(const ApiCall& call, const Table& table,
                                             Parent parent);

ApiResult<ApiResponse> list(const ApiCall& call, const Table& table, Parent parent);
ApiResult<ApiResponse> count(const ApiCall& call, const Table& table, Parent parent);
ApiResult<ApiResponse> get(const ApiCall& call, const Table& table, const Record& record);

}  // namespace patchbay::sandbox
