// The admin REST API: JSON over HTTP, Bearer API token, paths and fields of DESIGN 9.
// For users: docs/admin-api.md, and /openapi.json of a running server.
#pragma once

#include <memory>
#include <string>

#include "control/control_plane.h"
#include "http/router.h"
#include "io/runtime.h"

namespace patchbay::admin {

struct ApiOptions {
  std::string public_url;  // what stands before "/mcp/<token>" in a server's url
};

// What answers where no route matches, and where one does but not with this method.
io::Task<http::Response> not_found(http::Request& request);
io::Task<http::Response> method_not_allowed(http::Request& request);

// 401 in this API's form.
http::Response unauthenticated(std::string message);

class Api {
 public:
  Api(io::Runtime& runtime, control::ControlPlane& control, ApiOptions options);
  ~Api();
  void add_routes(http::Router& router);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace patchbay::admin
