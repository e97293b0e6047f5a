// The `config` of an MCP server: what an operator may say about it.
//
//   methods                 read, write, custom, or names of methods; ORed. Left out: all
//   tags                    ORed among each other, ANDed with methods. Left out: all
//   allow_tools             names of tools, of those that methods and tags leave. Left out: all
//   deny_tools              names of tools that it has in no case. Left out: none
//   ip_allow                addresses and ranges that it opens from (base/ip_address.h). Left out:
//                           any
//   quota                   calls and writes per minute and per day (quota.h). Left out: no bound
//   paused                  nothing is served, and what runs ends, until it is taken back.
//                           Default: false
//   require_api_token_auth  the token URL alone opens nothing. Default: false
//   tool_exposure           "all" (default), or "discovery": four tools that find and call the
//                           others are listed in their place (catalog/discovery.h)
//   tool_names              "long" (default), or "short": what is shown of a tool's two names
//   max_result_bytes        2,000 to 10,000,000. Default: 30,000, which every program that we know
//                           shows a model whole or nearly so (docs/connect-clients.md)
//   on_rate_limit           "pass_through" (default), or "wait": bounded, for reads only
//   structured_output       adds outputSchema and structuredContent. Default: false
//   confirm_writes          deleting asks first, and what has data sent out. Default: false
//   require_approval, approve_by, approval_expires_in
//                           what waits for a person's yes (approval_rules.h). Default: nothing
//   argument_limits         the only values that arguments may have: {"companyId": 21}. That of
//                           the owner holds the server to that owner's records (reach/reach.h)
//   unheld_tools            what becomes of tools that cannot be held so: "refuse" (default: the
//                           config is refused, with their names), or "leave_out"
//
// It is stored as given, without members that are null.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/ip_address.h"
#include "catalog/tool.h"
#include "control/approval_rules.h"
#include "control/quota.h"
#include "json/value.h"

namespace patchbay::control {

struct ServerConfig {
  catalog::ToolFilter filter;
  std::vector<IpRange> ip_allow;  // empty: any
  QuotaLimits quota;
  bool paused = false;
  bool require_api_token_auth = false;
  bool wait_on_rate_limit = false;
  bool structured_output = false;
  bool confirm_writes = false;
  ApprovalRules approvals;
  json::Object argument_limits = {};  // of the owner's argument and any other; empty: none
  bool leave_out_unheld = false;
  static constexpr std::size_t kUsualResultBytes = 30'000;
  static constexpr std::size_t kUsualFileBytes = 100'000;
  std::size_t max_result_bytes = kUsualResultBytes;
  // Of a file that is no text, in base64. It fills nobody's window: programs keep it, or show it to
  // the model as an image. Where results are set to less than usual, so is it; else it is no less
  // than usual.
  std::size_t max_file_bytes = kUsualFileBytes;
};

// Checks everything but whether methods, tags and tools exist, which the toolset's selection does.
// Error invalid_argument.
Result<ServerConfig> read_server_config(const json::Value& config);

// Of a change of one: error invalid_argument where it names what no config has, also to take it
// out.
Result<> refuse_unknown_members(const json::Object& change);

// Error invalid_argument: a member says how, and the one that says what is not there. Apart from
// the reading, as what follows.
Result<> refuse_what_does_nothing(const json::Value& config);

// What null says in place of a list: a change takes the member out by it, a new config has no
// reason to name what it leaves out.
enum class NullChoice : std::uint8_t { left_out, refused };

// Error invalid_argument: a list is empty, which would choose nothing and be taken for everything.
// Apart from the reading, since servers of earlier versions have such configs and go on as they
// were.
Result<> refuse_empty_choices(const json::Value& config, NullChoice null);

}  // namespace patchbay::control
