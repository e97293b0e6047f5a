// Records as the API shows them. Never a secret: neither hashes nor credentials' values.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "control/approvals.h"
#include "control/control_plane.h"
#include "json/value.h"

namespace patchbay::admin {

json::Value view(const store::EnvironmentRow& row);
json::Value view(const store::ApiTokenRow& row);
// With the API token that it is of.
json::Value view(const store::DashboardSessionRow& row, const store::ApiTokenRow& token);
// `usage`: of the servers that were ever used; null: not known at this moment.
json::Value view(const store::McpServerRow& row, const control::ControlPlane& control,
                 const std::map<std::string, control::ServerUsage, std::less<>>* usage);
json::Value view(const store::AccountRow& row, const control::ControlPlane& control);

json::Value view(const control::Approval& approval);           // for lists
json::Value detailed_view(const control::Approval& approval);  // with all that would be sent

// Without resources: for lists.
json::Value brief_view(const catalog::ToolCatalog& catalog);
json::Value view(const catalog::ToolCatalog& catalog);

// {"id": "..."}: what was deleted.
// `on_disk` false: it holds, but the database could not take it yet.
json::Value view_of_deleted(std::string_view id, bool on_disk);
void tell_unwritten(json::Value& answer);

// null or "2026-11-22T14:03:05.123Z"
json::Value view(const std::optional<WallTime>& time);

}  // namespace patchbay::admin
