// Whose an MCP server is, as its row has it.
#pragma once

#include <memory>

#include "json/value.h"
#include "store/records.h"
#include "upstream/member.h"

namespace patchbay::control {

// Null: nobody's.
std::shared_ptr<const upstream::Member> member_of(const store::McpServerRow& row);

// Whether its calls are made with that member's own credentials, and with no others: also where
// these were dropped since, or do not open.
bool signs_in_as_member(const store::McpServerRow& row);

json::Value to_json(const upstream::Member& member, bool own_credentials);

}  // namespace patchbay::control
