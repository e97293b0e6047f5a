#include "sandbox/records/api_error.h"

#include <fmt/format.h>

#include "json/value.h"
#include "json/write.h"
#include "sandbox/operations/body_position.h"

namespace patchbay::sandbox {

ApiError unknown_name(std::string_view name) {
  return bad_condition(fmt::format("{} is not a recognized name.", name));
}

ApiError bad_condition(std::string message) {
  return {400, "ApiFindCondition", std::move(message), {}};
}

ApiError record_not_found(std::string_view label, std::string_view id) {
  return {404, "NotFound", fmt::format("{} {} not found", label, id), {}};
}

ApiError no_such_endpoint() {
  return {404, "ConnectWiseApi", "The endpoint does not exist.", {}};
}

ApiError method_not_allowed(std::string_view method) {
  return {405,
          "ConnectWiseApi",
          fmt::format("The requested resource does not support http method '{}'.", method),
          {}};
}

ApiError invalid_object(std::string_view resource, std::vector<FieldError> errors) {
  return {400, "InvalidObject", fmt::format("{} object is invalid", resource), std::move(errors)};
}

ApiError unreadable(std::string message) {
  return {500, "ConnectWiseApi", std::move(message), {}};
}

ApiError unknown_member(std::string_view member, std::string_view type, std::string_view body) {
  // The missing blank before "Check" is the vendor's.
  return {400,
          "ConnectWiseApi",
          fmt::format("Could not find member '{}' on object of type '{}'. Path '{}', {}.Check your "
                      "accept header to make sure you are using the correct version.",
                      member, type, member, name_position(body, member)),
          {}};
}

http::Response to_response(const ApiError& error) {
  json::Object body{{"code", error.code}, {"message", error.message}};
  if (!error.errors.empty()) {
    json::Array errors;
    for (const FieldError& one : error.errors) {
      errors.emplace_back(json::Object{{"code", one.code},
                                       {"message", one.message},
                                       {"resource", one.resource},
                                       {"field", one.field}});
    }
    body.append("errors", std::move(errors));
  }
  return http::Response::json(error.status,
                              json::to_pretty_string(json::Value(std::move(body)), "\r\n"));
}

}  // namespace patchbay::sandbox
