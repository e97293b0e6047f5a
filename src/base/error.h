// Errors are values. A function that can fail returns Result<T>; its Error has a code that programs
// switch on, a message for a person and, where there is one, a hint on what to do next.
//
// The codes know no protocol. What belongs to each as an HTTP status, which results with isError
// name as well, stands in http/status.cpp, and a new code means extending it.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay {

enum class ErrorCode : std::uint8_t {
  invalid_argument,   // the caller's input breaks a rule; the message names it
  unauthenticated,    // no credentials, or not the right ones
  permission_denied,  // known caller, but not allowed
  not_found,          // no such thing, or none that this caller may know of
  conflict,           // it exists already, or changed in the meantime
  too_large,          // over a configured limit
  rate_limited,       // too many requests; try later
  timeout,            // a deadline passed
  cancelled,          // the caller went away
  unavailable,        // temporarily not to be had (connection refused, shutting down)
  upstream,           // the other side answered with something unusable
  unsupported,        // understood, but not offered
  internal,           // a fault of ours
};

// The code's name as it stands in logs and JSON ("invalid_argument").
std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  // one sentence, no secrets
  std::string hint;     // what to do next; may be empty
};

template <class T = void>
using Result = std::expected<T, Error>;

// `return fail(ErrorCode::not_found, "No board 7.", "List boards first.");`
inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string hint = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(hint)});
}

}  // namespace patchbay
