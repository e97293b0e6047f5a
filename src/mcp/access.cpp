#include "mcp/access.h"

#include <algorithm>

#include "base/text.h"
#include "json/write.h"
#include "mcp/wire/fault.h"
#include "mcp/wire/result.h"

namespace patchbay::mcp {
namespace {

http::Response json_rpc_refusal(int status, std::string_view message) {
  http::Response response = fault_response(not_a_message(message));
  response.status = status;
  return response;
}

// A field that says one thing. Given twice with different values it says nothing: who looked at one
// of them before us (a proxy, a browser's rules) may have seen the other.
std::string_view only_value(const http::Headers& headers, std::string_view name) {
  const std::vector<std::string_view> fields = headers.find_all(name);
  if (fields.empty()) return {};
  const bool same =
      std::ranges::all_of(fields, [&](std::string_view field) { return field == fields.front(); });
  return same ? fields.front() : std::string_view();
}

std::string_view bearer(const http::Headers& headers) {
  const std::string_view value = only_value(headers, "Authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (value.size() < kScheme.size() ||
      !equal_ignoring_case(value.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  return trim(value.substr(kScheme.size()));
}

// The second factor. On a token URL it may be the bearer; where the bearer is the server's token
// already, it has a header of its own.
std::string_view api_token(const http::Headers& headers, bool token_in_path) {
  if (headers.find("X-Api-Token")) return only_value(headers, "X-Api-Token");
  return token_in_path ? bearer(headers) : std::string_view();
}

http::Response second_factor_missing(bool given) {
  http::Response response = refusal(
      401, "unauthorized",
      given ? "This MCP server needs a valid API token of its environment beside its URL; the one "
              "that was sent is unknown, expired, or of another environment, scope or server."
            : "This MCP server needs an API token of its environment beside its URL. Send it as "
              "\"Authorization: Bearer <API token>\", or as \"X-Api-Token\" where Authorization "
              "carries the server's token.");
  response.headers.add("WWW-Authenticate", "Bearer realm=\"Patchbay API token\"");
  return response;
}

void let_page_read(http::Response& response, std::string_view origin) {
  response.headers.add("Access-Control-Allow-Origin", std::string(origin));
  response.headers.add("Access-Control-Expose-Headers",
                       "WWW-Authenticate, Mcp-Session-Id, ratelimit-limit, ratelimit-remaining, "
                       "ratelimit-reset, retry-after");
  response.headers.add("Vary", "Origin");
}

// Behind the check of the origin, unlike other 403s: its page may read why.
http::Response server_paused(const http::Headers& request_headers) {
  http::Response response =
      refusal(403, "paused",
              "This MCP server is paused by its operator. Its URL works again once they take that "
              "back; ask them when.");
  if (const auto origin = request_headers.find("Origin")) let_page_read(response, *origin);
  return response;
}

}  // namespace

std::optional<http::Response> check_origin(const http::Headers& headers,
                                           const http::OriginPolicy& places) {
  const std::vector<std::string_view> origins = headers.find_all("Origin");
  const bool all_allowed = std::ranges::all_of(
      origins, [&](std::string_view origin) { return places.allows_origin(origin); });
  if (!all_allowed || (!origins.empty() && only_value(headers, "Origin").empty())) {
    return json_rpc_refusal(403, "requests from this Origin are not allowed.");
  }
  if (!places.allows_host(headers.find("Host").value_or(""))) {
    return json_rpc_refusal(403, "this Host is not served here.");
  }
  return std::nullopt;
}

Admitted admit(const ServerRegistry& registry, std::string_view path_token,
               const http::Request& request) {
  const Credentials given = credentials_in(path_token, request);
  std::optional<ServerRegistry::Found> found = registry.find(given);
  if (!found) return NotAdmitted{unknown_url()};
  if (!found->elsewhere.empty()) return NotAdmitted{unknown_url(), std::move(found->elsewhere)};
  if (found->lacks_api_token) return NotAdmitted{second_factor_missing(!given.api_token.empty())};
  if (found->paused) return NotAdmitted{server_paused(request.headers)};
  return std::move(*found);
}

Credentials credentials_in(std::string_view path_token, const http::Request& request) {
  const bool in_path = !path_token.empty();
  return {.token = in_path ? path_token : bearer(request.headers),
          .api_token = api_token(request.headers, in_path),
          .address = request.peer};
}

http::Response try_again_soon() {
  http::Response response =
      refusal(503, "temporarily_unavailable",
              "It cannot be told at this moment whether this MCP URL opens: the database does not "
              "answer. Try again shortly.");
  response.headers.add("Retry-After", "2");
  return response;
}

std::optional<http::Response> check_content_type(const http::Headers& headers) {
  for (const std::string_view field : headers.find_all("Content-Encoding")) {
    for (const std::string_view coding : split(field, ',')) {
      if (trim(coding).empty() || equal_ignoring_case(trim(coding), "identity")) continue;
      http::Response refused = json_rpc_refusal(
          415, "bodies are taken as they are only: leave Content-Encoding out (here: " +
                   std::string(cut_utf8(trim(coding), 40)) + ").");
      refused.headers.add("Accept-Encoding", "identity");
      return refused;
    }
  }
  const std::string_view value = only_value(headers, "Content-Type");
  if (equal_ignoring_case(trim(value.substr(0, value.find(';'))), "application/json")) {
    return std::nullopt;
  }
  return json_rpc_refusal(415, "Content-Type must be application/json.");
}

Acceptable read_accept(const http::Headers& headers) {
  const std::vector<std::string_view> fields = headers.find_all("Accept");
  if (fields.empty()) return {};
  Acceptable out{.json = false, .event_stream = false};
  for (const std::string_view field : fields) {
    for (const std::string_view range : split(field, ',')) {
      const std::string_view type = trim(range.substr(0, range.find(';')));
      if (type == "*/*") out.json = true;  // a stream is for those who name it
      if (equal_ignoring_case(type, "application/json") || type == "application/*") out.json = true;
      if (equal_ignoring_case(type, "text/event-stream")) out.event_stream = true;
    }
  }
  return out;
}

http::Response refusal(int status, std::string_view error, std::string_view description) {
  std::string body = R"({"error":)";
  json::append_string(body, error);
  body += R"(,"error_description":)";
  json::append_string(body, description);
  body += '}';
  return http::Response::json(status, std::move(body));
}

http::Response unknown_url() {
  return refusal(
      404, "not_found",
      "Unknown, revoked or expired MCP URL, or one that does not open from where you are. "
      "Ask the operator of this Patchbay for a current one.");
}

http::Response nothing_here() {
  return refusal(404, "not_found",
                 "There is nothing here. This server has no OAuth: the MCP URL itself is the key.");
}

http::Response wrong_method(std::string_view allowed) {
  http::Response response =
      json_rpc_refusal(405, "this URL takes " + std::string(allowed) + " only.");
  response.headers.add("Allow", allowed);
  return response;
}

void add_common_headers(http::Response& response, const http::Headers& request_headers) {
  if (!response.stream) response.headers.add("Cache-Control", "no-store");
  response.headers.add("Referrer-Policy", "no-referrer");
  // An origin that came this far is allowed, or asks where there is nothing to read; those that are
  // not allowed got their 403 without this.
  if (const auto origin = request_headers.find("Origin"); origin && response.status != 403) {
    let_page_read(response, *origin);
  }
}

http::Response preflight(const http::Headers& request_headers, std::string_view methods) {
  http::Response response{.status = 204};
  std::string allowed =
      "authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, "
      "mcp-session-id, last-event-id, x-api-token, traceparent, tracestate";
  // Headers that mirror arguments have names that only the client and the tool know.
  for (const std::string_view field : request_headers.find_all("Access-Control-Request-Headers")) {
    for (const std::string_view name : split(field, ',')) {
      const std::string lower = to_lower(trim(name));
      if (lower.starts_with("mcp-param-")) allowed += ", " + lower;
    }
  }
  response.headers.add("Access-Control-Allow-Methods", std::string(methods));
  response.headers.add("Access-Control-Allow-Headers", std::move(allowed));
  response.headers.add("Access-Control-Max-Age", "86400");
  return response;
}

}  // namespace patchbay::mcp
