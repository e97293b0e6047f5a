// Phases of projects: /project/projects/{}/phases.
#include "sandbox/modules/project/projects_phases.h"

#include "sandbox/modules/project/projects_rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kPhaseStatusFields[] = {
    text("name").at_most(30).is_required(),        boolean("defaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),        boolean("collapsedFlag").or_else(false),
    boolean("closedFlag").or_else(false),          integers("boardAssociationIds"),
    text("customStatusIndicatorName").at_most(30),
};

constexpr FieldSpec kProjectPhaseFields[] = {
    reference("project", "projects").is_hidden(),
    text("name").is_hidden().read_via("description"),
    reference("board", "boards"),
    integer("projectId").id_of("project"),
    text("description").at_most(100).is_required(),
    reference("status", "phaseStatuses").or_else_default(),
    reference("agreement", "agreements"),
    reference("opportunity", "opportunities"),
    reference("parentPhase", "projectPhases").within("project"),
    text("wbsCode").at_most(50),
    choice("billTime", kBillableOptions).or_else("NoDefault"),
    choice("billExpenses", kBillableOptions).or_else("NoDefault"),
    choice("billProducts", kBillableOptions).or_else("NoDefault"),
    boolean("markAsMilestoneFlag").or_else(false),
    text("notes"),
    date_time("deadlineDate"),
    boolean("billSeparatelyFlag").or_else(false),
    choice("billingMethod", kBillingMethods),
    decimal("scheduledHours").or_else(0.0).is_read_only(),
    date_time("scheduledStart"),
    date_time("scheduledEnd"),
    decimal("actualHours").or_else(0.0).is_read_only(),
    date_time("actualStart"),
    date_time("actualEnd"),
    decimal("budgetHours").or_else(0.0),
    date_time("startDate"),
    date_time("endDate"),
    integer("locationId"),
    integer("businessUnitId"),
    decimal("hourlyRate"),
    date_time("billingStartDate"),
    boolean("billPhaseClosedFlag").or_else(false),
    boolean("billProjectClosedFlag").or_else(false),
    decimal("downpayment"),
    text("poNumber").at_most(25),
    decimal("poAmount"),
    decimal("estimatedTimeCost"),
    decimal("estimatedExpenseCost"),
    decimal("estimatedProductCost"),
    decimal("estimatedTimeRevenue"),
    decimal("estimatedExpenseRevenue"),
    decimal("estimatedProductRevenue"),
    reference("currency", "currencies"),
    reference("billToCompany", "companies"),
    reference("billToContact", "contacts"),
    reference("billToSite", "companySites"),
    reference("shipToCompany", "companies"),
    reference("shipToContact", "contacts"),
    reference("shipToSite", "companySites"),
    reference("billingTerms", "billingTerms"),
    reference("taxCode", "taxCodes"),
};

constexpr InfoMember kProjectPhaseReferenceInfo[] = {{"billingMethod", "", "billingMethod"}};

constexpr ResourceSpec kProjectPhaseResources[] = {
    {
        .name = "phaseStatuses",
        .path = "project/phaseStatuses",
        .type = "PhaseStatus",
        .label = "Phase Status",
        .href = "status",
        .fields = kPhaseStatusFields,
    },
    {
        .name = "projectPhases",
        .path = "project/projects/{project}/phases",
        .type = "ProjectPhase",
        .label = "Project Phase",
        .href = "phase",
        .fields = kProjectPhaseFields,
        .reference_form = kIdAndDescriptionAsName,
        .reference_info = kProjectPhaseReferenceInfo,
        .rules = &kPhaseRules,
    },
};

}  // namespace

std::span<const ResourceSpec> project_phase_resources() {
  return kProjectPhaseResources;
}

}  // namespace patchbay::sandbox
