// The member whose keys are used: /system/myMembers, /system/myAccount.
#include "sandbox/modules/system/my_account.h"

#include <algorithm>

#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// Both are members that know a little less than /system/members does.
constexpr std::string_view kNotOfMyMember[] = {"primaryEmail", "signature", "teams"};

constexpr std::string_view kNotOfMyAccount[] = {
    "securityRole", "adminFlag", "hourlyCost", "hourlyRate", "teams", "restrictScheduleFlag"};

template <std::size_t N>
ApiResult<ApiResponse> show(const ApiCall& call, const std::string_view (&without)[N]) {
  const Table& members = call.db.table("members");
  const Record* member = members.find(call.member);
  if (member == nullptr) {
    return std::unexpected(record_not_found("Member", std::to_string(call.member)));
  }
  ApiCall shown = call;
  if (call.query.get("fields").empty()) {
    std::string fields = "_info";
    for (const FieldSpec& field : members.fields()) {
      if (std::ranges::find(without, field.name) == std::end(without))
        (fields += ',') += field.name;
    }
    shown.query.set("fields", std::move(fields));
  }
  return get(shown, members, *member);
}

ApiResult<ApiResponse> my_account(const ApiCall& call) {
  if (!call.ids.empty() && call.ids.front() != call.member) {
    return std::unexpected(record_not_found("MyAccount", std::to_string(call.ids.front())));
  }
  return show(call, kNotOfMyAccount);
}

}  // namespace

void add_account_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::get, "system/myMembers",
                 [](const ApiCall& call) { return show(call, kNotOfMyMember); }});
  out.push_back({http::Method::get, "system/myAccount", my_account});
  out.push_back({http::Method::get, "system/myAccount/{}", my_account});
}

}  // namespace patchbay::sandbox
