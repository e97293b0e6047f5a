// Which calls of an MCP server wait for a person's yes: members of its `config`.
//
//   require_approval     a list of: "delete" (what deletes, or cannot be undone), "write" (whatever
//                        changes something), names of tools, and rules on an amount:
//                        {"tool": "…", "argument": "unitPrice", "times": "quantity", "over": 500}
//   approve_by           "operator" (default: who has an admin token), or "client": also the person
//                        at an AI program that can ask
//   approval_expires_in  seconds: 10 to 604,800. Default: 86,400, a day
//
// Amounts are compared exactly. Where an amount is not given, or is no number, a yes is needed:
// what cannot be compared is not below anything. A rule looks at what will be sent, after names and
// numbers written as texts were read.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/tool.h"
#include "json/value.h"

namespace patchbay::control {

struct ApprovalRules {
  struct Amount {
    std::string tool;
    std::string argument;
    std::string times;  // another argument that it is multiplied by; empty: none
    std::string over;   // a JSON number
    bool operator==(const Amount&) const = default;
  };
  bool deletes = false;
  bool writes = false;
  std::vector<std::string> tools;
  std::vector<Amount> amounts;
  bool by_client = false;
  std::chrono::seconds lifetime{86'400};

  bool any() const { return deletes || writes || !tools.empty() || !amounts.empty(); }
  bool operator==(const ApprovalRules&) const = default;
};

// Everything but whether tools and arguments exist. Error invalid_argument.
Result<ApprovalRules> read_approval_rules(const json::Value& config);

// Whether they do. Error invalid_argument naming those that do. Apart from the reading, since a
// definition may lose a tool that a server's rules name, and the server goes on: with every write
// waiting, since the tool may have got another name.
Result<> check_approval_rules(const ApprovalRules& rules, const catalog::Toolset& toolset);

// The tools that they name, by the names that these are known by.
void name_as_known(ApprovalRules& rules, const catalog::Toolset& toolset);

enum class ApprovalNeed : std::uint8_t { never, by_amount, always };

// What can be said of all calls of a tool.
ApprovalNeed approval_need(const ApprovalRules& rules, const catalog::Tool& tool);
// Whether this one needs a yes. Arguments as they will be sent.
bool amount_needs_approval(const ApprovalRules& rules, const catalog::Tool& tool,
                           const json::Object& arguments);

}  // namespace patchbay::control
