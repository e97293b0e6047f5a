// Calls that never came to the gateway, as events of the audit log: of a tool that is not there,
// over a quota, before a yes. What came to the gateway it records itself.
#pragma once

#include <string_view>

#include "audit/event.h"
#include "base/clock.h"
#include "gateway/gateway.h"
#include "mcp/server/conversation.h"

namespace patchbay::servers {

inline constexpr std::string_view kUnknownTool = "unknown_tool";

class UnrunCall {
 public:
  // All outlive it. `tool`: as the caller named it.
  UnrunCall(const gateway::Gateway& gateway, const Clock& clock,
            const mcp::Conversation& conversation, std::string_view tool)
      : gateway_(gateway), clock_(clock), conversation_(conversation), tool_(tool) {}

  // Nothing happened. `code` lives for ever.
  void refused(const audit::Caller& by, audit::Kind kind, std::string_view code) const {
    note(by, kind, {.outcome = audit::Outcome::failed, .error_code = code});
  }
  void answered(const audit::Caller& by) const { note(by, audit::Kind::read, {}); }

 private:
  void note(const audit::Caller& by, audit::Kind kind, const audit::Ending& ending) const;

  const gateway::Gateway& gateway_;
  const Clock& clock_;
  const mcp::Conversation& conversation_;
  const std::string_view tool_;
};

}  // namespace patchbay::servers
