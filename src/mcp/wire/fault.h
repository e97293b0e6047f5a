// What goes wrong on the way to a method: a JSON-RPC error and the HTTP status that carries it.
//
// Each row of the protocol's failure table (docs/mcp-conformance.md) is one function here, so that
// nobody picks a code or a status anywhere else. What a model can mend is no fault but a result
// with isError, and is the gateway's to write.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "mcp/wire/protocol.h"

namespace patchbay::mcp {

struct Fault {
  int code = kInternalError;
  int http_status = 200;
  std::string message;  // one sentence, no secrets
  json::Value data;     // null: no `data` member
  std::string id;       // the request's id as JSON text; empty: unreadable, so no `id` member
};

// Both eras.
Fault malformed_json(std::string_view detail);
Fault not_a_message(std::string_view detail);
Fault invalid_params(std::string message);
Fault unknown_method(Era era, std::string_view method);
// The nearest names go into the message, since most clients hide `data`.
Fault unknown_name(std::string_view what, std::string_view name,
                   const std::vector<std::string>& known);
Fault resource_not_found(Era era, std::string_view uri);

// Modern only.
Fault bad_envelope(std::string message);
Fault header_mismatch(std::string_view header, std::string message);
Fault header_mismatch(std::string_view header, std::string_view header_value,
                      std::string_view body_value);
Fault unsupported_version(std::string_view requested);
// `required`: an object such as {"elicitation":{}}.
Fault missing_capability(json::Value required);

// Legacy only: an MCP-Protocol-Version that no revision has.
Fault unknown_legacy_version(std::string_view requested);

}  // namespace patchbay::mcp
