// An account's tools for an operator, by the gateway: called, and their arguments completed.
//
// A call is an event of the audit log as any other, of the API token that asked for it and of no
// MCP server. What a config holds an MCP server to (quotas, approvals, limits) does not hold here:
// it is the operator who calls, with the account's own credentials.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/shares.h"
#include "control/control_plane.h"
#include "control/tool_trials.h"
#include "gateway/gateway.h"
#include "io/runtime.h"
#include "servers/minted_server.h"

namespace patchbay::servers {

class AccountTools final : public control::ToolTrials {
 public:
  // At the same time, each with a thread of the blocking pool; an environment takes half of what is
  // free.
  static constexpr std::size_t kMost = 8;

  // All outlive it. `credentials_refused` may be empty.
  AccountTools(io::Runtime& runtime, gateway::Gateway& gateway,
               CredentialsRefused credentials_refused);

  Result<control::Tried> run(control::ToolTrial trial) override;
  Result<control::CompletedNames> complete(control::ToolTrial trial, std::string argument,
                                           std::string typed) override;

 private:
  io::Loop& next_loop();

  io::Runtime& runtime_;
  gateway::Gateway& gateway_;
  const CredentialsRefused credentials_refused_;
  const std::shared_ptr<Shares> running_ = Shares::make(kMost);
  std::atomic<std::size_t> next_loop_ = 0;
};

}  // namespace patchbay::servers
