// What the API answers, as HTTP.
#pragma once

#include "http/message.h"
#include "sandbox/operations/api_response.h"

namespace patchbay::sandbox {

http::Response to_http(ApiResponse response);
http::Response to_http(const ApiError& error);

}  // namespace patchbay::sandbox
