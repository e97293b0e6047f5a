// How a sandbox is started.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "http/server.h"

namespace patchbay::sandbox {

struct SandboxOptions {
  http::ServerOptions server;
  std::uint64_t seed = 1;  // the same seed and start time give the same data
  int scale = 1;           // multiplies companies, tickets, notes, time entries, …
  std::string company_id = "patchbay";
  std::string public_key = "demo-public-key";
  std::string private_key = "demo-private-key";
  std::string client_id = "00000000-0000-4000-8000-00000000d3a0";

  // Rate limit: at most this many requests per window; 0: none. Switchable at run time.
  int rate_limit = 0;
  std::chrono::seconds rate_window{60};
  bool rate_retry_after = true;  // send Retry-After with 429 (the body tells the seconds always)
  std::chrono::milliseconds latency{0};  // added to every answer
  int fault_percent = 0;                 // share of requests that get a 500 of the vendor's kind
  bool reject_unknown_fields = false;    // `fields` with an unknown name: 400 instead of ignored
  bool require_client_id = true;         // refuse calls without a clientId header
};

}  // namespace patchbay::sandbox
