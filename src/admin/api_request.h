// A request that has been checked: who asks, and for what.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "control/control_plane.h"
#include "http/message.h"
#include "http/router.h"
#include "json/value.h"
#include "store/sign_in_rows.h"

namespace patchbay::admin {

struct Operation;

struct ApiRequest {
  control::Principal principal;
  std::map<std::string, std::string, std::less<>> path;   // ":id" and the like
  std::map<std::string, std::string, std::less<>> query;  // only parameters that the operation has
  std::string id;                                         // of the request
  json::Object body;  // empty where there is none; only members that the operation's schema has
  // Of an operation that takes one; as long as the request.
  std::string_view document = {};
  // What its action found wrong with a definition, beside the error that it gives.
  mutable json::Array faults = {};
  // Of whoever is in the dashboard; nothing: the request came with an API token.
  std::optional<store::DashboardSessionRow> session = {};

  std::string_view parameter(std::string_view name) const { return path.find(name)->second; }
  std::string_view query_or(std::string_view name, std::string_view fallback) const {
    const auto found = query.find(name);
    return found == query.end() ? fallback : std::string_view(found->second);
  }
};

// Why a request is not served, with a status of its own where no error code means the same.
struct Refusal {
  int status;
  Error error;
};

// The token of "Authorization: Bearer <token>"; empty if there is not exactly one such header.
std::string_view bearer_token(const http::Request& request);

// Checks path, query and body against what the operation takes.
std::expected<ApiRequest, Refusal> read_request(const Operation& operation,
                                                control::Principal principal,
                                                const http::Request& request,
                                                const http::PathParameters& path);

}  // namespace patchbay::admin
