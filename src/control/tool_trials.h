// An account's tools, called by an operator who looks at what they do, without an MCP server.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/tool.h"
#include "control/snapshot.h"
#include "json/value.h"

namespace patchbay::control {

struct ToolTrial {
  // What the call is made with, as ControlPlane::preview_mcp_server gives it: minted nowhere.
  std::shared_ptr<const McpServer> with;
  const catalog::Tool* tool = nullptr;  // of its toolset
  json::Object arguments = {};
  bool only_shown = false;  // a dry run, as the arguments say
  std::string api_token_id = {};
  std::string request_id = {};
  // Whether that token still stands; asked again and again while the call runs, on the blocking
  // pool. Empty: nobody asks.
  std::function<bool()> still_stands = {};
};

// What came of it. Secrets of the account are masked.
struct Tried {
  std::string text;  // as a model gets it
  bool is_error = false;
  json::Value request;  // {"method", "url", "body"}: of a dry run what would be sent; null: none
  int upstream_status = 0;  // 0: no answer came
  std::string raw;          // the beginning of the answer to that request, as it came
  std::size_t raw_bytes = 0;
  std::int64_t tokens_saved_estimate = 0;
  std::chrono::microseconds duration{0};
  std::chrono::microseconds upstream_duration{0};
  struct Stage {
    std::string name;
    std::chrono::microseconds duration{0};
  };
  std::vector<Stage> stages;  // of the call's way, in their order
};

struct CompletedNames {
  std::vector<std::string> values;  // kMost at most
  std::vector<std::int64_t> ids;    // of the records so called; 0: none, or several. Or empty
  bool has_more = false;
  static constexpr std::size_t kMost = 100;  // as MCP's completion/complete
};

// Both block until it is known what came of it: on the blocking pool. Thread-safe. Errors:
// rate_limited (as many run as may), unavailable (the server is being stopped), unauthenticated
// (the token went meanwhile, and the call was ended).
class ToolTrials {
 public:
  virtual ~ToolTrials() = default;
  virtual Result<Tried> run(ToolTrial trial) = 0;
  // `trial.arguments`: the others, as far as they are written. `argument` empty: the records that
  // the tool lists.
  virtual Result<CompletedNames> complete(ToolTrial trial, std::string argument,
                                          std::string typed) = 0;
};

}  // namespace patchbay::control
