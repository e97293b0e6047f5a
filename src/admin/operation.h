// An operation of the API: where it is, what it takes and gives, and the function that does it.
//
// One table of these (operations.cpp) makes the routes, checks what comes in and writes the paths
// of the OpenAPI document, so that the three cannot disagree.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin/api_request.h"
#include "audit/journal.h"
#include "base/error.h"
#include "control/control_plane.h"
#include "control/tool_trials.h"
#include "http/message.h"
#include "json/value.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::definitions {
class Definitions;
}

namespace patchbay::admin {

// The audit log. Without a journal nothing is recorded, and there is nothing to be read.
struct AuditLog {
  std::shared_ptr<audit::Journal> journal = {};
  store::EventRows* rows = nullptr;
  std::shared_ptr<const vault::Vault> vault = {};
};

// Reads the server's configuration again; asks, when it is its turn, whether it still may.
using Reload = std::function<Result<json::Value>(const std::function<Result<>()>& still_may)>;

// What clients of an MCP server list: a JSON array of MCP's tools.
using Listing = std::function<std::shared_ptr<const std::string>(const control::McpServer&)>;

// What an action works with. Lives as long as the API.
struct Context {
  control::ControlPlane& control;
  std::string public_url;
  Reload reload;  // empty: there is nothing to read again
  AuditLog log = {};
  Listing listing = {};                   // empty: the catalog's own, without what a config adds
  control::ToolTrials* trials = nullptr;  // null: no tool is called through this API
  // Null: the integrations are as they are.
  definitions::Definitions* definitions = nullptr;
  std::string version = {};  // of this program
  bool sandbox = false;      // what is connected is no customer's
};

// From a checked request to the body of the answer.
using Action = Result<json::Value> (*)(Context&, const ApiRequest&);

struct Route {
  http::Method method;
  std::string_view pattern;  // "/environment/:id"
};

// What the document says of it.
struct Words {
  std::string_view id;
  std::string_view tag;
  std::string_view summary;
};

struct QueryParameter {
  std::string_view name;
  std::string_view description;
  bool chooses = true;  // an empty one is refused: it would choose everything
};

// The least scope of an API token that may do it (control/token_scope.h). Those of scope admin may
// do everything, those of scope mcp nothing. What is for anybody asks for no token.
enum class Access : std::uint8_t { admin, read, mint, read_or_mint, anybody };

bool allows(Access access, control::Scope scope);

// A parameter of operations that can tell what they would do instead of doing it.
inline constexpr std::string_view kPreview = "preview";

// What comes of it if all goes well.
struct Success {
  int status;
  std::string_view schema;
  std::string_view records = {};  // a list: the schema of one of them
};

struct Operation {
  Route route;
  Words words;
  std::span<const QueryParameter> query = {};
  std::string_view body = {};  // name of its schema; empty: it takes none
  bool body_may_be_absent = false;
  bool takes_document = false;  // the body is JSON or YAML of a form of its own
  Success success;
  Action action;  // null: a file of the log (log_export.h), or what anybody may do (sign_in.h)
  Access access = Access::admin;
  // False of a POST that changes nothing here, and so is no change in the log.
  bool changes = true;

  bool gives_file() const { return action == nullptr && access != Access::anybody; }
};

const std::vector<Operation>& operations();

}  // namespace patchbay::admin
