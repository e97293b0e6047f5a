// HTTP in, HTTP out: everything about a request that is the same for all operations.
#pragma once

#include "admin/endpoint.h"
#include "http/message.h"
#include "http/router.h"

namespace patchbay::admin {

// The token of "Authorization: Bearer <token>"; empty if there is not exactly one such header.
std::string_view bearer_token(const http::Request& request);

// Checks path, query and body against the endpoint, runs its action, and writes what comes of it.
// Blocks: for the pool.
http::Response answer(const Endpoint& endpoint, Context& context, control::Principal principal,
                      const http::Request& request, const http::PathParameters& path);

// {"statusCode", "error", "message", "details"}
http::Response error_response(const Error& error);
http::Response error_response(int status, const Error& error);

// Headers of every answer: nothing here is for caches or for a browser to guess at.
void add_common_headers(http::Response& response);

}  // namespace patchbay::admin
