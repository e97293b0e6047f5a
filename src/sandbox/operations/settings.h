// What can be switched while the sandbox runs: by flags at start, then by PATCH /_sandbox/config.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/error.h"

namespace patchbay::json {
class Value;
}

namespace patchbay::sandbox {

struct Settings {
  int rate_limit = 0;  // requests per window; 0: none
  std::chrono::seconds rate_window{60};
  bool rate_retry_after = true;  // send Retry-After with 429
  bool rate_body_text = false;   // plain text instead of JSON (the sources saw both)
  std::chrono::milliseconds latency{0};
  int fault_percent = 0;               // share of requests that get a 500
  bool reject_unknown_fields = false;  // `fields` with an unknown name: 400 instead of ignored
  bool require_client_id = true;       // no clientId header: refuse
  int missing_client_id_status = 401;  // or 403, as some versions answer
};

json::Value to_json(const Settings& settings);
// Changes what the object names. Errors invalid_argument: an unknown name or a wrong type; then
// nothing has changed.
Result<> apply_json(Settings& settings, const json::Value& changes);

}  // namespace patchbay::sandbox
