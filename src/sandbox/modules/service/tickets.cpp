// Service tickets and their tasks: /service/tickets. What the API does beyond fields:
// tickets_rules.cpp.
#include "sandbox/modules/service/tickets.h"

#include "sandbox/modules/service/tickets_rules.h"
#include "sandbox/operations/api_call.h"

namespace patchbay::sandbox {
namespace {

constexpr std::string_view kLevels = "Low, Medium, High";

constexpr FieldSpec kWhatAndWhere[] = {
    text("summary").is_required().at_most(100),
    choice("recordType", "ServiceTicket, ProjectTicket, ProjectIssue").or_else("ServiceTicket"),
    reference("board", "boards").or_else_first(),
    reference("status", "boardStatuses").within("board"),
    reference("workRole", "workRoles"),
    reference("workType", "workTypes"),
    reference("company", "companies").is_required(),
    reference("site", "companySites").within("company"),
    text("siteName").at_most(50),
    text("addressLine1"),
    text("addressLine2"),
    text("city"),
    text("stateIdentifier"),
    text("zip"),
    reference("country", "countries"),
    reference("contact", "contacts"),
    text("contactName").at_most(62),
    text("contactPhoneNumber"),
    text("contactPhoneExtension"),
    text("contactEmailAddress"),
    reference("type", "boardTypes").within("board"),
    reference("subType", "boardSubTypes").within("board"),
    reference("item", "boardItems").within("board"),
    reference("team", "boardTeams").within("board"),
    reference("owner", "members"),
    reference("priority", "priorities").or_else_default(),
    reference("serviceLocation", "serviceLocations").or_else_default(),
    reference("source", "sources").or_else_default(),
    date_time("requiredDate"),
    decimal("budgetHours"),
    reference("opportunity", "opportunities"),
    reference("agreement", "agreements").showing(""),
    text("agreementType").read_via("agreement/agreementTypeName"),
    choice("severity", kLevels).or_else("Medium").is_required_on_replace(),
    choice("impact", kLevels).or_else("Medium").is_required_on_replace(),
    text("externalXRef").at_most(100),
    text("poNumber").at_most(50),
};

constexpr FieldSpec kHandling[] = {
    integer("knowledgeBaseCategoryId"),
    integer("knowledgeBaseSubCategoryId"),
    boolean("allowAllClientsPortalView").or_else(false),
    boolean("customerUpdatedFlag").or_else(false),
    boolean("automaticEmailContactFlag").or_else(false),
    boolean("automaticEmailResourceFlag").or_else(false),
    boolean("automaticEmailCcFlag").or_else(false),
    text("automaticEmailCc"),
    text("initialDescription").is_input_only(),
    text("initialInternalAnalysis").is_input_only(),
    text("initialResolution").is_input_only(),
    text("initialDescriptionFrom").is_input_only(),
    text("contactEmailLookup").is_input_only(),
    boolean("processNotifications").is_input_only(),
    boolean("skipCallback").is_input_only(),
    date_time("closedDate").is_read_only(),
    text("closedBy").is_read_only(),
    boolean("closedFlag").read_via("status/closedStatus"),
    decimal("actualHours").is_read_only(),
    boolean("approved").or_else(true),
    decimal("estimatedExpenseCost").or_else(0.0),
    decimal("estimatedExpenseRevenue").or_else(0.0),
    decimal("estimatedProductCost").or_else(0.0),
    decimal("estimatedProductRevenue").or_else(0.0),
    decimal("estimatedTimeCost").or_else(0.0),
    decimal("estimatedTimeRevenue").or_else(0.0),
    choice("billingMethod", kBillingMethods).or_else("ActualRates"),
    decimal("billingAmount"),
    decimal("hourlyRate"),
    choice("subBillingMethod", kBillingMethods).or_else("ActualRates"),
    decimal("subBillingAmount"),
    date_time("subDateAccepted"),
    date_time("dateResolved").is_read_only(),
    date_time("dateResplan").is_read_only(),
    date_time("dateResponded").is_read_only(),
    integer("resolveMinutes").is_read_only(),
    integer("resPlanMinutes").is_read_only(),
    integer("respondMinutes").is_read_only(),
    date_time("respondByGoalUTC").is_read_only(),
    date_time("resplanGoalUTC").is_read_only(),
    date_time("resolutionGoalUTC").is_read_only(),
    integer("escalationLastUpdateMinutes").is_read_only(),
    boolean("isInSla").is_read_only(),
    integer("knowledgeBaseLinkId"),
    text("resources").is_read_only(),
    integer("parentTicketId"),
    boolean("hasChildTicket").or_else(false).is_read_only(),
    boolean("hasMergedChildTicketFlag").or_else(false).is_read_only(),
    reference("mergedParentTicket", "tickets").is_read_only(),
    choice("knowledgeBaseLinkType",
           "Activity, ProjectIssue, KnowledgeBaseArticle, "
           "ProjectTicket, ServiceTicket, Time"),
    choice("billTime", kBillableOptions).or_else("NoDefault"),
    choice("billExpenses", kBillableOptions).or_else("NoDefault"),
    choice("billProducts", kBillableOptions).or_else("Billable"),
    choice("predecessorType", "Ticket, Phase"),
    integer("predecessorId"),
    boolean("predecessorClosedFlag"),
    integer("lagDays"),
    boolean("lagNonworkingDaysFlag"),
    date_time("estimatedStartDate"),
    integer("duration"),
    reference("location", "locations"),
    reference("department", "departments"),
    text("mobileGuid").is_read_only(),
    reference("sla", "slas").or_else_default(),
    text("slaStatus").is_read_only(),
    boolean("requestForChangeFlag").or_else(false),
    reference("currency", "currencies").or_else_first(),
    reference("mergedParentTicket", "tickets"),
    any("integratorTags"),
    date_time("escalationStartDateUTC").is_read_only(),
    integer("escalationLevel").is_read_only(),
    integer("minutesBeforeWaiting").is_read_only(),
    integer("respondedSkippedMinutes").is_read_only(),
    integer("resplanSkippedMinutes").is_read_only(),
    decimal("respondedHours").is_read_only(),
    text("respondedBy").is_read_only(),
    decimal("resplanHours").is_read_only(),
    text("resplanBy").is_read_only(),
    decimal("resolutionHours").is_read_only(),
    text("resolvedBy").is_read_only(),
    integer("minutesWaiting").is_read_only(),
    custom_field_values(),
};

constexpr ReferenceMember kTicketForm[] = {{"id", "id"}, {"summary", "summary"}};

constexpr InfoMember kTicketReferenceInfo[] = {{"billingMethod", "", "billingMethod"},
                                               {"status", "", "status/name"}};

constexpr InfoMember kTicketInfo[] = {
    {"activities_href", "sales/activities?conditions=ticket/id={id}"},
    {"scheduleentries_href", "schedule/entries?conditions=type/id=4 AND objectId={id}"},
    {"documents_href", "system/documents?recordType=Ticket&recordId={id}"},
    {"configurations_href", "service/tickets/{id}/configurations"},
    {"tasks_href", "service/tickets/{id}/tasks"},
    {"notes_href", "service/tickets/{id}/notes"},
    {"products_href", "procurement/products?conditions=ticket/id={id}"},
    {"timeentries_href",
     "time/entries?conditions=(chargeToType='ServiceTicket' OR "
     "chargeToType='ProjectTicket') AND chargeToId={id}"},
    {"expenseEntries_href",
     "expense/entries?conditions=(chargeToType='ServiceTicket' OR "
     "chargeToType='ProjectTicket') AND chargeToId={id}"},
};

constexpr CustomFieldDefinition kTicketCustomFields[] = {
    {12, "Affected users", "Number", "EntryField"},
    {13, "Vendor case", "Text", "EntryField"},
    {16, "Runbook", "Hyperlink", "EntryField"},
    {17, "Change window", "Text", "List"},
    {24, "After hours", "Checkbox", "EntryField"}};

constexpr FieldSpec kServiceTaskFields[] = {
    reference("ticket", "tickets").is_hidden(),
    integer("ticketId").id_of("ticket"),
    text("notes"),
    boolean("closedFlag").or_else(false),
    integer("priority"),
    reference("member", "members"),
    text("resolution"),
    choice("childScheduleAction", "Transfer, Delete, Done"),
    integer("childTicketId").is_read_only(),
    text("summary"),
};

constexpr ResourceSpec kTicketResources[] = {
    {
        .name = "tickets",
        .path = "service/tickets",
        .type = "Ticket",
        .label = "Ticket",
        .href = "ticket",
        .fields = kWhatAndWhere,
        .more_fields = kHandling,
        .reference_form = kTicketForm,
        .reference_info = kTicketReferenceInfo,
        .info = kTicketInfo,
        .custom_fields = kTicketCustomFields,
        .rules = &kTicketRules,
    },
    {
        .name = "ticketTasks",
        .path = "service/tickets/{ticket}/tasks",
        .type = "ServiceTask",
        .label = "Task",
        .href = "task",
        .fields = kServiceTaskFields,
    },
};

}  // namespace

std::span<const ResourceSpec> ticket_resources() {
  return kTicketResources;
}

std::optional<ApiError> missing_ticket(const ApiCall& call, std::string_view table) {
  const Table& tickets = call.db.table(table);
  const std::int64_t id = call.ids.front();
  if (tickets.find(id) != nullptr) return std::nullopt;
  return record_not_found(tickets.resource().label, std::to_string(id));
}

}  // namespace patchbay::sandbox
