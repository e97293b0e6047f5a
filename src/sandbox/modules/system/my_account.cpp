// The member whose keys are used: /system/myMembers, /system/myAccount.
#include <algorithm>

#include <fmt/format.h>

#include "sandbox/operations/special_endpoints.h"

namespace patchbay::sandbox {
namespace {

// Both are members that know a little less than /system/members does.
constexpr std::string_view kNotOfMyMember[] = {"primaryEmail", "signature", "teams"};
constexpr std::string_view kNotOfMyAccount[] = {
    "securityRole", "adminFlag", "hourlyCost", "hourlyRate", "teams", "restrictScheduleFlag"};

template <std::size_t N>
Answer<http::Response> show(const Call& call, const std::string_view (&without)[N]) {
  const Table& members = call.db.table("members");
  const Record* member = members.find(call.member);
  if (member == nullptr) {
    return std::unexpected(record_not_found("Member", fmt::to_string(call.member)));
  }
  Call shown = call;
  if (call.query.get("fields").empty()) {
    std::string fields = "_info";
    for (const Field& field : members.fields()) {
      if (std::ranges::find(without, field.name) == std::end(without)) fields += "," + field.name;
    }
    shown.query.set("fields", std::move(fields));
  }
  return get(shown, members, *member);
}

Answer<http::Response> my_account(const Call& call) {
  if (!call.ids.empty() && call.ids.front() != call.member) {
    return std::unexpected(record_not_found("MyAccount", fmt::to_string(call.ids.front())));
  }
  return show(call, kNotOfMyAccount);
}

}  // namespace

void add_account_endpoints(std::vector<SpecialEndpoint>& out) {
  out.push_back({http::Method::get, "system/myMembers",
                 [](const Call& call) { return show(call, kNotOfMyMember); }});
  out.push_back({http::Method::get, "system/myAccount", my_account});
  out.push_back({http::Method::get, "system/myAccount/{}", my_account});
}

}  // namespace patchbay::sandbox
