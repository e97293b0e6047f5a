// An endpoint that a module answers itself, since it does not follow from a resource's declaration
// (ticket search, forecasts, system info, …).
#pragma once

#include <functional>
#include <string>

#include "http/method.h"
#include "sandbox/operations/api_call.h"
#include "sandbox/operations/api_response.h"

namespace patchbay::sandbox {

struct ModuleEndpoint {
  http::Method method;
  std::string path;  // "service/tickets/{}/allNotes"; a "{}" is a number, see ApiCall::ids
  std::function<ApiResult<ApiResponse>(const ApiCall&)> handler;
};

}  // namespace patchbay::sandbox
