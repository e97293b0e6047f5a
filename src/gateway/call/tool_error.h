// What went wrong with a call, said for a model (DESIGN 7).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::gateway {

// Whether a write took place, as far as we can know.
enum class Applied : std::uint8_t { no, yes, unknown };

// "no", "yes", "unknown".
std::string_view said(Applied applied);

struct FieldError {
  std::string field;    // the argument as the caller named it
  std::string message;  // what was received, what is accepted
};

// What a refusal leaves to be asked before it is told (explain.h). Set for the request that the
// call is about, and for no other.
struct Leads {
  // A field that names a record which the upstream does not know.
  struct UnknownReference {
    std::string field;            // in the upstream's words: "status/name"
    std::size_t field_error = 0;  // where the error tells it
  };
  bool record_not_found = false;  // the record that the path names
  std::vector<UnknownReference> unknown_references;
};

struct ToolError {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string hint;
  std::vector<FieldError> field_errors;
  int status = 0;  // HTTP's; 0: what belongs to the code
  std::optional<std::int64_t> retry_after_seconds;
  Applied was_applied = Applied::no;
  // Of an unknown outcome: the API may not be done with it yet.
  bool may_still_run = false;
  // Of what several writes were to make: what became of each. Empty: it was one.
  json::Array steps;
  Leads leads;
};

// What a stage returns: what it made, or why the call ends here.
template <class T = void>
using Outcome = std::expected<T, ToolError>;

inline std::unexpected<ToolError> refuse(ErrorCode code, std::string message,
                                         std::string hint = {}) {
  return std::unexpected(
      ToolError{.code = code, .message = std::move(message), .hint = std::move(hint)});
}
inline std::unexpected<ToolError> refuse(Error error) {
  return refuse(error.code, std::move(error.message), std::move(error.hint));
}
// What is wrong with one argument, told as the call's error and as that field's.
inline std::unexpected<ToolError> refuse_argument(std::string name, const Error& error) {
  return std::unexpected(ToolError{.code = error.code,
                                   .message = name + ": " + error.message,
                                   .hint = error.hint,
                                   .field_errors = {{name, error.message}}});
}

// {"error": {…}, "request_id": "…"}
std::string to_json(const ToolError& error, std::string_view request_id);

}  // namespace patchbay::gateway
