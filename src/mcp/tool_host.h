// What stands behind a token, as the protocol sees it: tools as data, and a function that runs one.
// Two real implementations: served_tools.h (an MCP server of the control plane) and the fixtures of
// the conformance suite.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "io/cancel.h"
#include "io/task.h"
#include "json/value.h"
#include "mcp/envelope.h"
#include "mcp/fault.h"
#include "upstream/account.h"

namespace patchbay::mcp {

// One call on its way: who asks, and how it may be given up.
struct Exchange {
  Client client;
  std::string request_id;   // HTTP's, for logs and errors; not the JSON-RPC id
  std::string traceparent;  // to pass on; may be empty
  io::CancelToken cancel;
};

// The usual result of a tool: one text, which is JSON that a model reads.
struct TextOutcome {
  std::string text;
  bool is_error = false;
  std::optional<upstream::RateLimit> rate_limit;
};

using CallOutcome = std::variant<TextOutcome, Fault>;

class ToolHost {
 public:
  virtual ~ToolHost() = default;

  virtual std::string_view id() const = 0;     // the MCP server's
  virtual std::string_view title() const = 0;  // what a person called it
  // What a model should know before it calls anything; under 2 KB, most important first.
  virtual std::string instructions() const = 0;

  // A JSON array of MCP Tool objects, in its listing order. Shared by all requests.
  virtual const std::shared_ptr<const std::string>& tool_listing() const = 0;
  virtual bool has_tool(std::string_view name) const = 0;
  virtual std::vector<std::string> tool_names() const = 0;  // for "did you mean"
  // Only of tools that mirror arguments in headers ("x-mcp-header"); else null.
  virtual const json::Value* mirrored_schema(std::string_view) const { return nullptr; }
  // `arguments` is an object. Faults are for what no argument can mend.
  virtual io::Task<CallOutcome> call_tool(std::string name, json::Value arguments,
                                          const Exchange& exchange) const = 0;
};

// Who stands behind which token. Looked up on each request, so that what was revoked or has expired
// is refused at once.
class HostRegistry {
 public:
  virtual ~HostRegistry() = default;

  struct Found {
    std::shared_ptr<const ToolHost> host;
    bool needs_api_token = false;
    std::string environment_id;
  };
  // Nothing for a token that is malformed, unknown, revoked or expired: the caller must not be able
  // to tell these apart.
  virtual std::optional<Found> find(std::string_view token) const = 0;
  // Whether this text is a valid API token of that environment, or of the whole instance.
  virtual bool admits(std::string_view api_token, std::string_view environment_id) const = 0;
};

}  // namespace patchbay::mcp
