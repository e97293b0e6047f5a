// Who may speak at all: the checks that come before a body is read (steps 1 to 4 of the ladder).
//
// A URL with a token in its path is a password. Unknown, revoked, expired and malformed tokens get
// one and the same 404, and so does a right one from an address that its server does not allow:
// whoever stole a URL must not learn that it opens elsewhere. It comes with a hint for the person
// who reads it in a client's error; never 401, which starts an OAuth dance in every client. A
// missing second factor is 401: the door is right and a credential is missing. It names no resource
// metadata, so that clients that look for OAuth find none (decision: docs/mcp-conformance.md). A
// paused server is 403 to whoever has both keys: no client takes that for a reason to sign in or to
// try again at once, and all show its words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "http/message.h"
#include "http/origin_policy.h"
#include "mcp/server/server_registry.h"

namespace patchbay::mcp {

// 403 if an Origin or Host header names a place that is not allowed, or two Origins do not agree.
// An absent Origin is allowed: only browsers send one, and only they can be led astray by DNS
// rebinding.
std::optional<http::Response> check_origin(const http::Headers& headers,
                                           const http::OriginPolicy& places);

struct NotAdmitted {
  http::Response response;
  std::string elsewhere = {};  // ServerRegistry::Found's
};
using Admitted = std::variant<ServerRegistry::Found, NotAdmitted>;
// The server behind the token of the path, or (where that is empty) of the Authorization header;
// else the response that refuses.
Admitted admit(const ServerRegistry& registry, std::string_view path_token,
               const http::Request& request);

// What admit() looks for.
Credentials credentials_in(std::string_view path_token, const http::Request& request);

// 503: it cannot be told now who may come in.
http::Response try_again_soon();

// 415 unless the body is said to be application/json.
std::optional<http::Response> check_content_type(const http::Headers& headers);

// What the client can read. Neither: 406.
struct Acceptable {
  bool json = true;
  bool event_stream = false;
};
Acceptable read_accept(const http::Headers& headers);

// Refusals in the form that clients show to people: {"error":…,"error_description":…}.
http::Response refusal(int status, std::string_view error, std::string_view description);
http::Response unknown_url();
http::Response nothing_here();  // for the paths that clients probe
http::Response wrong_method(std::string_view allowed);

// What every answer of the endpoint carries: no caching, no Referer, CORS where an origin asked.
void add_common_headers(http::Response& response, const http::Headers& request_headers);
// `methods`: what a page of another origin may send there.
http::Response preflight(const http::Headers& request_headers, std::string_view methods);

}  // namespace patchbay::mcp
