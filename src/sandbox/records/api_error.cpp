#include "sandbox/records/api_error.h"

#include <utility>

#include <fmt/core.h>

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

ApiError invalid_object(std::string_view resource, std::vector<InvalidField> errors) {
  return {400, "InvalidObject", fmt::format("{} object is invalid", resource), std::move(errors)};
}

ApiError unreadable(std::string message) {
  return {500, "ConnectWiseApi", std::move(message), {}};
}

}  // namespace patchbay::sandbox
