#include "mcp/wire/fault.h"

#include <utility>

#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::mcp {
namespace {

// What a caller sent comes back at most this long: enough to recognise, too little to abuse.
constexpr std::size_t kMaxEcho = 120;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  out += cut_utf8(text, kMaxEcho);
  if (text.size() > kMaxEcho) out += "…";
  out += '"';
  return out;
}

json::Value echo(std::string_view text) {
  return json::Value(cut_utf8(text, kMaxEcho));
}

constexpr std::string_view kLegacyVersions = "2025-11-25, 2025-06-18, 2025-03-26 and 2024-11-05";

}  // namespace

Fault malformed_json(std::string_view detail) {
  return {
      .code = kParseError, .http_status = 400, .message = "Parse error: " + std::string(detail)};
}

Fault not_a_message(std::string_view detail) {
  return {.code = kInvalidRequest,
          .http_status = 400,
          .message = "Invalid request: " + std::string(detail)};
}

Fault invalid_params(std::string message) {
  return {.code = kInvalidParams, .http_status = 200, .message = std::move(message)};
}

Fault unknown_method(Era era, std::string_view method) {
  return {.code = kMethodNotFound,
          .http_status = era == Era::modern ? 404 : 200,
          .message = "Method not found: " + quoted(method)};
}

Fault unknown_name(std::string_view what, std::string_view name,
                   const std::vector<std::string>& known) {
  std::string message =
      "Unknown " + std::string(what) + ": " + std::string(cut_utf8(name, kMaxEcho));
  const std::vector<std::string> near = nearest(name, known, 3);
  if (!near.empty()) {
    message += ". Did you mean " + join(near, " or ") + "?";
  } else {
    message += ". List the " + std::string(what) + "s to see what this server offers.";
  }
  return invalid_params(std::move(message));
}

Fault resource_not_found(Era era, std::string_view uri) {
  Fault fault = invalid_params("Resource not found: " + quoted(uri));
  if (era == Era::legacy) fault.code = kResourceNotFoundLegacy;
  fault.data["uri"] = echo(uri);
  return fault;
}

Fault bad_envelope(std::string message) {
  return {.code = kInvalidParams, .http_status = 400, .message = std::move(message)};
}

Fault header_mismatch(std::string_view header, std::string message) {
  Fault fault{.code = kHeaderMismatch, .http_status = 400, .message = std::move(message)};
  fault.data["header"] = json::Value(header);
  return fault;
}

Fault header_mismatch(std::string_view header, std::string_view header_value,
                      std::string_view body_value) {
  Fault fault =
      header_mismatch(header, "Header " + std::string(header) + " says " + quoted(header_value) +
                                  ", but the body says " + quoted(body_value) + ".");
  fault.data["mismatch"]["header"] = echo(header_value);
  fault.data["mismatch"]["body"] = echo(body_value);
  return fault;
}

Fault unsupported_version(std::string_view requested) {
  Fault fault{.code = kUnsupportedVersion, .http_status = 400};
  fault.message = "Unsupported protocol version " + quoted(requested) +
                  ". With an envelope this server speaks 2026-07-28; after initialize also " +
                  std::string(kLegacyVersions) + ".";
  fault.data["supported"].push_back(json::Value(to_string(kModern)));
  fault.data["requested"] = echo(requested);
  return fault;
}

Fault missing_capability(json::Value required) {
  Fault fault{.code = kMissingCapability,
              .http_status = 400,
              .message = "This request needs a capability that the client did not declare."};
  fault.data["requiredCapabilities"] = std::move(required);
  return fault;
}

Fault unknown_legacy_version(std::string_view requested) {
  return {.code = kInvalidRequest,
          .http_status = 400,
          .message = "Bad Request: unsupported MCP-Protocol-Version " + quoted(requested) +
                     ". This server speaks 2026-07-28, " + std::string(kLegacyVersions) + "."};
}

}  // namespace patchbay::mcp
