// An operation of the API: where it is, what it takes and gives, and the function that does it.
//
// One table of these (endpoints.cpp) makes the routes, checks what comes in and writes the OpenAPI
// document, so that the three cannot disagree.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "control/control_plane.h"
#include "http/message.h"
#include "json/value.h"

namespace patchbay::admin {

// A request that has been checked: who asks, and for what.
struct Call {
  control::Principal principal;
  std::map<std::string, std::string, std::less<>> path;   // ":id" and the like
  std::map<std::string, std::string, std::less<>> query;  // only parameters that the endpoint has
  json::Object body;                                      // empty where there is none

  std::string_view parameter(std::string_view name) const { return path.find(name)->second; }
  std::string_view query_or(std::string_view name, std::string_view fallback) const {
    const auto found = query.find(name);
    return found == query.end() ? fallback : std::string_view(found->second);
  }
};

struct Reply {
  int status = 200;
  json::Value body;
};

struct QueryParameter {
  std::string_view name;
  std::string_view description;
};

// What an action works with. Lives as long as the API.
struct Context {
  control::ControlPlane& control;
  std::string public_url;
};

using Action = Result<Reply> (*)(Context&, const Call&);

struct Endpoint {
  http::Method method;
  std::string_view pattern;
  std::string_view operation_id;
  std::string_view tag;
  std::string_view summary;
  std::string_view request;   // name of the body's schema; empty: no body
  std::string_view response;  // name of the answer's schema
  int status;                 // of success
  std::vector<QueryParameter> query;
  Action action;
};

const std::vector<Endpoint>& endpoints();

}  // namespace patchbay::admin
