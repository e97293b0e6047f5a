#include "sandbox/http_response.h"

#include <utility>

namespace patchbay::sandbox {

http::Response to_http(ApiResponse response) {
  http::Response made;
  made.status = response.status;
  made.head = std::move(response.body);
  if (!response.content_type.empty()) made.headers.add("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) made.headers.add(name, value);
  return made;
}

http::Response to_http(const ApiError& error) {
  return to_http(to_response(error));
}

}  // namespace patchbay::sandbox
