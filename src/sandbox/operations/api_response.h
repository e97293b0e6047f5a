// What the API answers, before it becomes HTTP.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

struct ApiResponse {
  int status = 204;
  std::string body;
  std::string content_type;  // empty: there is no body
  std::vector<std::pair<std::string, std::string>> headers;

  static ApiResponse json(int status, std::string body);
};

ApiResponse to_response(const ApiError& error);

}  // namespace patchbay::sandbox
