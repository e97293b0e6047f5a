#include "sandbox/operations/api_response.h"

#include "json/value.h"
#include "json/write.h"

namespace patchbay::sandbox {

ApiResponse ApiResponse::json(int status, std::string body) {
  return {status, std::move(body), "application/json", {}};
}

ApiResponse to_response(const ApiError& error) {
  json::Object body{{"code", error.code}, {"message", error.message}};
  if (!error.errors.empty()) {
    json::Array errors;
    for (const InvalidField& one : error.errors) {
      errors.emplace_back(json::Object{{"code", one.code},
                                       {"message", one.message},
                                       {"resource", one.resource},
                                       {"field", one.field}});
    }
    body.append("errors", std::move(errors));
  }
  return ApiResponse::json(error.status,
                           json::to_pretty_string(json::Value(std::move(body)), "\r\n"));
}

}  // namespace patchbay::sandbox
