#include "http/error_status.h"

namespace patchbay::http {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return 400;
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::permission_denied:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::rate_limited:
      return 429;
    case ErrorCode::timeout:
      return 504;
    case ErrorCode::cancelled:
      return 499;  // nobody reads it: the client has gone (nginx's number for it)
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::upstream:
      return 502;
    case ErrorCode::unsupported:
      return 501;
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

}  // namespace patchbay::http
