// An answer that is not a success, in the vendor's words: JSON, pretty-printed with CRLF, with
// `errors` only where single fields are at fault.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::sandbox {

struct InvalidField {
  std::string code;  // "MissingRequiredField", "NotFound", "OutOfRange", …
  std::string message;
  std::string resource;  // "ticket"
  std::string field;     // "status/name"
};

struct ApiError {
  int status = 400;
  std::string code;
  std::string message;
  std::vector<InvalidField> errors;
};

template <class T>
using ApiResult = std::expected<T, ApiError>;

// "x is not a recognized name."
ApiError unknown_name(std::string_view name);
// Any other fault of conditions and orderBy.
ApiError bad_condition(std::string message);
// "Ticket 7 not found"
ApiError record_not_found(std::string_view label, std::string_view id);
ApiError no_such_endpoint();
ApiError method_not_allowed(std::string_view method);
// "ticket object is invalid", with what is wrong in it.
ApiError invalid_object(std::string_view resource, std::vector<InvalidField> errors);
// The body could not be read into the vendor's model: 500, as the API does.
ApiError unreadable(std::string message);
}  // namespace patchbay::sandbox
