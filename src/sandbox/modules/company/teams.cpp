// Who looks after a company, and as what: /company/companies/{}/teams, /company/teamRoles.
#include "sandbox/modules/company/teams.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kTeamRoleFields[] = {
    text("name").is_required(),
    boolean("accountManagerFlag").or_else(false),
    boolean("techFlag").or_else(false),
    boolean("salesFlag").or_else(false),
};

constexpr FieldSpec kTeamFields[] = {
    reference("company", "companies").is_read_only(),
    reference("teamRole", "teamRoles").is_required(),
    reference("location", "locations"),
    reference("department", "departments"),
    reference("contact", "contacts"),
    reference("member", "members"),
    boolean("accountManagerFlag").or_else(false),
    boolean("techFlag").or_else(false),
    boolean("salesFlag").or_else(false),
};

constexpr ResourceSpec kCompanyTeamResources[] = {
    {
        .name = "teamRoles",
        .path = "company/teamRoles",
        .type = "TeamRole",
        .label = "Team Role",
        .href = "teamRole",
        .fields = kTeamRoleFields,
    },
    {
        .name = "companyTeams",
        .path = "company/companies/{company}/teams",
        .type = "CompanyTeam",
        .label = "Company Team",
        .href = "companyTeam",
        .fields = kTeamFields,
    },
};

}  // namespace

std::span<const ResourceSpec> company_team_resources() {
  return kCompanyTeamResources;
}

}  // namespace patchbay::sandbox
