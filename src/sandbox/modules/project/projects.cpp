// Projects with their notes and teams: /project/projects.
#include "sandbox/modules/project/projects.h"

#include "sandbox/modules/project/projects_rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kProjectStatusFields[] = {
    text("name").at_most(30).is_required(),
    boolean("defaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),
    boolean("noTimeFlag").or_else(false),
    boolean("closedFlag").or_else(false),
    text("customStatusIndicatorName").at_most(30),
    text("connectWiseId"),
};

constexpr FieldSpec kProjectTypeFields[] = {
    text("name").at_most(30).is_required(),
    boolean("defaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),
    text("integrationXref").at_most(50),
    text("connectWiseId"),
};

constexpr FieldSpec kProjectFields[] = {
    reference("company", "companies").is_required(),
    reference("board", "boards").is_required(),
    date_time("actualEnd").is_read_only(),
    decimal("actualHours").or_else(0.0).is_read_only(),
    date_time("actualStart").is_read_only(),
    reference("agreement", "agreements"),
    choice("billExpenses", kBillableOptions).or_else("NoDefault"),
    decimal("billingAmount").or_else(0.0),
    text("billingAttention").at_most(50),
    choice("billingMethod", kBillingMethods).is_required(),
    choice("billingRateType", "StaffMember, WorkRole").or_else("WorkRole"),
    reference("billingTerms", "billingTerms"),
    choice("billProducts", kBillableOptions).or_else("NoDefault"),
    boolean("billProjectAfterClosedFlag").or_else(false),
    choice("billTime", kBillableOptions).or_else("NoDefault"),
    reference("billToCompany", "companies"),
    reference("billToContact", "contacts"),
    reference("billToSite", "companySites"),
    boolean("billUnapprovedTimeAndExpense").or_else(false),
    choice("budgetAnalysis", "ActualHours, BillableHours").or_else("ActualHours"),
    boolean("budgetFlag").or_else(false),
    decimal("budgetHours").or_else(0.0),
    reference("contact", "contacts"),
    text("customerPO").at_most(50),
    text("description"),
    reference("currency", "currencies"),
    decimal("downpayment").or_else(0.0),
    date_time("estimatedEnd").is_required(),
    decimal("percentComplete").or_else(0.0),
    decimal("estimatedExpenseRevenue").or_else(0.0),
    decimal("estimatedHours").or_else(0.0),
    decimal("estimatedProductRevenue").or_else(0.0),
    date_time("estimatedStart").is_required(),
    decimal("estimatedTimeRevenue").or_else(0.0),
    reference("expenseApprover", "members"),
    boolean("includeDependenciesFlag").or_else(false),
    boolean("includeEstimatesFlag").or_else(false),
    reference("location", "locations"),
    reference("department", "departments"),
    reference("manager", "members"),
    text("name").at_most(100).is_required(),
    reference("opportunity", "opportunities"),
    integer("projectTemplateId"),
    boolean("restrictDownPaymentFlag").or_else(false),
    date_time("scheduledEnd"),
    decimal("scheduledHours").or_else(0.0).is_read_only(),
    date_time("scheduledStart"),
    reference("shipToCompany", "companies"),
    reference("shipToContact", "contacts"),
    reference("shipToSite", "companySites"),
    reference("site", "companySites").within("company"),
    reference("status", "projectStatuses").or_else_default(),
    boolean("closedFlag").read_via("status/closedFlag"),
    reference("timeApprover", "members"),
    reference("type", "projectTypes"),
    boolean("doNotDisplayInPortalFlag").or_else(false),
    date_time("billingStartDate"),
    decimal("poAmount"),
    decimal("estimatedTimeCost").or_else(0.0),
    decimal("estimatedExpenseCost").or_else(0.0),
    decimal("estimatedProductCost").or_else(0.0),
    reference("taxCode", "taxCodes"),
    reference("companyLocation", "locations"),
    boolean("overridePercentComplete").or_else(false),
    boolean("showOverridePercentFlag").or_else(false),
    custom_field_values(),
};

constexpr InfoMember kProjectReferenceInfo[] = {{"billingMethod", "", "billingMethod"},
                                                {"status", "", "status/name"}};

constexpr InfoMember kProjectInfo[] = {
    {"projecttickets_href", "project/tickets?conditions=project/id={id}"},
    {"phases_href", "project/projects/{id}/phases"},
    {"notes_href", "project/projects/{id}/notes"},
    {"documents_href", "system/documents?recordType=Project&recordId={id}"}};

constexpr CustomFieldDefinition kProjectCustomFields[] = {
    {51, "Go-live date", "Date", "Date"}, {52, "Steering committee", "Text", "EntryField"}};

constexpr FieldSpec kProjectNoteFields[] = {
    reference("project", "projects").is_hidden(),
    integer("projectId").id_of("project"),
    text("text").is_required(),
    reference("type", "noteTypes").or_else_default(),
    boolean("flagged").or_else(false),
};

// Seen through references only: the API has no path for them.
constexpr FieldSpec kProjectRoleFields[] = {
    text("identifier").is_required(),
    text("name").is_hidden(),
};

constexpr ReferenceMember kProjectRoleForm[] = {{"id", "id"}, {"identifier", "identifier"}};

constexpr FieldSpec kProjectTeamMemberFields[] = {
    reference("project", "projects").is_hidden(),
    integer("projectId").id_of("project"),
    decimal("hours").or_else(0.0),
    reference("member", "members").is_required(),
    reference("projectRole", "projectRoles").is_required(),
    reference("workRole", "workRoles"),
    date_time("startDate"),
    date_time("endDate"),
};

constexpr ResourceSpec kProjectResources[] = {
    {
        .name = "projectStatuses",
        .path = "project/statuses",
        .type = "ProjectStatus",
        .label = "Project Status",
        .href = "status",
        .fields = kProjectStatusFields,
    },
    {
        .name = "projectTypes",
        .path = "project/projectTypes",
        .type = "ProjectType",
        .label = "Project Type",
        .href = "type",
        .fields = kProjectTypeFields,
    },
    {
        .name = "projects",
        .path = "project/projects",
        .type = "Project",
        .label = "Project",
        .href = "project",
        .fields = kProjectFields,
        .reference_info = kProjectReferenceInfo,
        .info = kProjectInfo,
        .custom_fields = kProjectCustomFields,
        .rules = &kProjectRules,
    },
    {
        .name = "projectNotes",
        .path = "project/projects/{project}/notes",
        .type = "ProjectNote",
        .label = "Project Note",
        .fields = kProjectNoteFields,
    },
    {
        .name = "projectRoles",
        .path = "project/projectRoles",
        .type = "ProjectRole",
        .label = "Project role",
        .fields = kProjectRoleFields,
        .reference_form = kProjectRoleForm,
        .methods = kUnserved,
    },
    {
        .name = "projectTeamMembers",
        .path = "project/projects/{project}/teamMembers",
        .type = "ProjectTeamMember",
        .label = "Project team member",
        .fields = kProjectTeamMemberFields,
        .rules = &kProjectTeamMemberRules,
    },
};

}  // namespace

std::span<const ResourceSpec> project_resources() {
  return kProjectResources;
}

}  // namespace patchbay::sandbox
