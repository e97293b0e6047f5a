// What is said of a call that waits for a person's yes: to the model, and to a person who is asked
// at the client.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/tool.h"
#include "control/approvals.h"
#include "json/value.h"
#include "mcp/server/outcome.h"

namespace patchbay::servers {

inline constexpr std::string_view kApprovalStatusTool = "get_approval_status";

// The tool's entry in tools/list.
json::Value approval_status_tool(bool structured_output);

// "POST /finance/agreements/3/additions": what is approved, in a line.
std::string say_request(const json::Value& shown);

// In place of the call's own result. `request_id`: HTTP's.
mcp::TextOutcome tell_of(const control::Approval& approval, std::string_view request_id);
// The answer of get_approval_status.
mcp::TextOutcome tell_status(const control::Approval& approval);
// Neither: `error` in the form of the gateway's errors.
mcp::TextOutcome tell_error(const Error& error, std::string_view request_id);

// The code of the error that a call is told; "": it was done, and is told its result.
std::string_view code_of(const control::Approval& approval);

// What elicitation/create is asked with. Nothing: it is too long to be shown whole, and what cannot
// be read cannot be agreed to.
std::optional<json::Value> approval_form(const control::Approval& approval);
enum class Answered : std::uint8_t { yes, no, later };
Answered read_answer(const json::Value& answer);

// To the result of a dry run: that the call, made in earnest, waits for a person. Left out where
// the result has no room.
void add_would_wait(std::string& result, std::size_t max_bytes);

}  // namespace patchbay::servers
