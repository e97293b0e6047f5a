// Writing, the same for every resource: create, patch, replace, delete.
#pragma once

#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/api_call.h"
#include "sandbox/operations/api_response.h"

namespace patchbay::json {
class Value;
}

namespace patchbay::sandbox {

ApiResult<ApiResponse> create(const ApiCall& call, Table& table, Parent parent);
ApiResult<ApiResponse> patch(const ApiCall& call, Table& table, const Record& record);
ApiResult<ApiResponse> replace(const ApiCall& call, Table& table, const Record& record);
ApiResult<ApiResponse> remove(const ApiCall& call, Table& table, const Record& record);

// Writes a new record by the rules of its resource, as POST does with `body`.
ApiResult<const Record*> create_record(const ApiCall& call, Table& table, Parent parent,
                                       const json::Value& body);

}  // namespace patchbay::sandbox
