// The `config` of an MCP server: what an operator may say about it.
//
//   methods                 read, write, custom, or names of methods; ORed. Left out: all
//   tags                    ORed among each other, ANDed with methods. Left out: all
//   require_api_token_auth  the token URL alone opens nothing. Default: false
//   tool_exposure           "all". ("discovery" is to come, and refused until then)
//   max_result_bytes        2,000 to 10,000,000. Default: 100,000
//   on_rate_limit           "pass_through" (default), or "wait": bounded, for reads only
//   structured_output       adds outputSchema and structuredContent. Default: false
//   confirm_writes          deleting asks first. Default: false
//
// It is stored as given, without members that are null.
#pragma once

#include "base/error.h"
#include "catalog/tool.h"
#include "json/value.h"

namespace patchbay::control {

struct ServerConfig {
  catalog::ToolFilter filter;
  bool require_api_token_auth = false;
  bool wait_on_rate_limit = false;
  bool structured_output = false;
  bool confirm_writes = false;
  std::size_t max_result_bytes = 100'000;
};

// Checks everything but whether methods and tags exist, which the toolset's selection does.
// Error invalid_argument.
Result<ServerConfig> read_server_config(const json::Value& config);

// Error invalid_argument: a list is empty, which would choose nothing and be taken for everything.
// Apart from the reading, since servers of earlier versions have such configs and go on as they
// were.
Result<> refuse_empty_choices(const json::Value& config);

}  // namespace patchbay::control
