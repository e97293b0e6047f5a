// The admin REST API: JSON over HTTP, Bearer API token, paths and fields of DESIGN 9.
// For users: docs/admin-api.md, and /openapi.json of a running server.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "admin/operation.h"
#include "control/control_plane.h"
#include "http/router.h"
#include "http/server.h"
#include "io/runtime.h"
#include "json/value.h"
#include "telemetry/trace.h"

namespace patchbay::definitions {
class Definitions;
}

namespace patchbay::admin {

struct ApiOptions {
  std::string public_url;  // what stands before "/mcp/<token>" in a server's url
  AuditLog log = {};       // of every change that is asked for
  // Told of each change that was made: which operation, by which token, on what. May be empty.
  std::function<void(std::string_view operation, std::string_view token_id, std::string_view path)>
      changed = nullptr;
  // Told of who was not let in (401) or may not do it (403), by address or token. May be empty.
  std::function<void(int status, std::string_view who, std::string_view operation)> refused =
      nullptr;
  // Reads the server's configuration again, and says what came of it as the schema Reloaded does.
  // Blocks. Empty: there is nothing to read.
  Reload reload = nullptr;
  // What clients of an MCP server list. Empty: the catalog's listing.
  Listing listing = nullptr;
  // Calls tools for whoever tries them. Null: nobody does. Outlives the Api.
  control::ToolTrials* trials = nullptr;
  // Reads integrations again, and keeps what is uploaded and imported. Null: they are as they are.
  // Outlives the Api.
  definitions::Definitions* definitions = nullptr;
  std::string version = {};
  bool sandbox = false;  // all that is connected is this program's own sandbox
  // Records each request; null: nothing does. Outlives the Api.
  const telemetry::Tracer* tracer = nullptr;
};

// A document of an API and the files of a definition are larger than other bodies: whether the path
// is of an operation that takes them.
bool takes_large_body(std::string_view path);
inline constexpr std::size_t kMostDefinitionBytes = std::size_t{32} << 20;

// What answers where no route matches, and where one does but not with this method.
io::Task<http::Response> not_found(http::Request& request);
io::Task<http::Response> method_not_allowed(http::Request& request);

// An error in this API's form.
http::Response refused(const Error& error);

class Api {
 public:
  Api(io::Runtime& runtime, control::ControlPlane& control, ApiOptions options);
  ~Api();
  void add_routes(http::Router& router);
  // What can be said of a request before its body has come.
  http::BodyVerdict judge_body(const http::Request& request) const;

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace patchbay::admin
