#include "mcp/error_mapping.h"

namespace patchbay::mcp {

int json_rpc_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::too_large:
    case ErrorCode::unsupported:
      return kInvalidParams;
    case ErrorCode::unauthenticated:
    case ErrorCode::permission_denied:
      return kInvalidRequest;
    case ErrorCode::rate_limited:
    case ErrorCode::timeout:
    case ErrorCode::cancelled:
    case ErrorCode::unavailable:
    case ErrorCode::upstream:
    case ErrorCode::internal:
      return kInternalError;
  }
  return kInternalError;
}

Fault to_fault(const Error& error) {
  Fault fault;
  fault.code = json_rpc_code(error.code);
  if (error.code == ErrorCode::internal) {
    fault.message = "Internal error. Try again; if it persists, tell the operator the request id.";
    return fault;
  }
  fault.message = error.message;
  if (!error.hint.empty()) {
    if (!fault.message.empty()) fault.message += ' ';
    fault.message += error.hint;
  }
  return fault;
}

}  // namespace patchbay::mcp
