// What went wrong with a call, said for a model (DESIGN 7). One of the mappings of ErrorCode that
// base/error.h names.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace patchbay::gateway {

// Whether a write took place, as far as we can know.
enum class Applied : std::uint8_t { no, yes, unknown };

struct FieldError {
  std::string field;    // the argument as the caller named it
  std::string message;  // what was received, what is accepted
};

struct ToolError {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string hint;
  std::vector<FieldError> field_errors;
  int status = 0;  // HTTP's; 0: what belongs to the code
  std::optional<std::int64_t> retry_after_seconds;
  Applied was_applied = Applied::no;
};

// What a stage returns: nothing, or why the call ends here.
template <class T = void>
using Step = std::expected<T, ToolError>;

inline std::unexpected<ToolError> stop(ErrorCode code, std::string message, std::string hint = {}) {
  return std::unexpected(ToolError{code, std::move(message), std::move(hint), {}, 0, {}, {}});
}
inline std::unexpected<ToolError> stop(Error error) {
  return stop(error.code, std::move(error.message), std::move(error.hint));
}

// The HTTP status that says the same as the code.
int http_status(ErrorCode code);

// {"error": {…}, "request_id": "…"}
std::string to_json(const ToolError& error, std::string_view request_id);

}  // namespace patchbay::gateway
