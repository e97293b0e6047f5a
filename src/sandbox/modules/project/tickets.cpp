// Tickets of projects, their notes and tasks: /project/tickets.
#include "sandbox/modules/project/tickets.h"

#include "sandbox/modules/project/tickets_rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kProjectTicketFields[] = {
    text("name").is_hidden().read_via("summary"),
    reference("project", "projects"),
    reference("phase", "projectPhases").is_required(),
    reference("board", "boards"),
    reference("company", "companies"),
    text("summary").at_most(100).is_required(),
    boolean("isIssueFlag").or_else(false),
    reference("status", "boardStatuses"),
    reference("workRole", "workRoles"),
    reference("workType", "workTypes"),
    text("wbsCode").is_read_only(),
    reference("site", "companySites").within("company"),
    text("siteName").at_most(156),
    text("addressLine1").at_most(50),
    text("addressLine2").at_most(50),
    text("city").at_most(50),
    text("stateIdentifier").at_most(50),
    text("zip").at_most(12),
    reference("country", "countries"),
    reference("contact", "contacts"),
    text("contactName").at_most(62),
    text("contactPhoneNumber").at_most(20),
    text("contactPhoneExtension").at_most(15),
    text("contactEmailAddress").at_most(250),
    reference("type", "boardTypes"),
    reference("subType", "boardSubTypes"),
    reference("item", "boardItems"),
    reference("owner", "members"),
    reference("priority", "priorities").or_else_default(),
    reference("serviceLocation", "serviceLocations").or_else_default(),
    reference("source", "sources").or_else_default(),
    date_time("requiredDate"),
    decimal("budgetHours").or_else(0.0),
    reference("opportunity", "opportunities"),
    reference("agreement", "agreements"),
    text("agreementType").read_via("agreement/agreementTypeName"),
    integer("knowledgeBaseCategoryId"),
    integer("knowledgeBaseSubCategoryId"),
    integer("knowledgeBaseLinkId"),
    choice("knowledgeBaseLinkType",
           "Activity, ProjectIssue, KnowledgeBaseArticle, ProjectTicket, "
           "ServiceTicket, Time"),
    boolean("allowAllClientsPortalView").or_else(false),
    boolean("customerUpdatedFlag").or_else(false),
    boolean("automaticEmailContactFlag").or_else(false),
    boolean("automaticEmailResourceFlag").or_else(false),
    boolean("automaticEmailCcFlag").or_else(false),
    text("automaticEmailCc").at_most(1000),
    date_time("closedDate").is_read_only(),
    text("closedBy").is_read_only(),
    boolean("closedFlag").read_via("status/closedStatus"),
    decimal("actualHours").or_else(0.0).is_read_only(),
    boolean("approved").or_else(false),
    choice("subBillingMethod", kBillingMethods),
    decimal("subBillingAmount"),
    text("subDateAccepted"),
    text("resources"),
    choice("billTime", kBillableOptions).or_else("NoDefault"),
    choice("billExpenses", kBillableOptions).or_else("NoDefault"),
    choice("billProducts", kBillableOptions).or_else("NoDefault"),
    choice("predecessorType", "Ticket, Phase"),
    integer("predecessorId"),
    boolean("predecessorClosedFlag").or_else(false),
    integer("lagDays"),
    boolean("lagNonworkingDaysFlag").or_else(false),
    date_time("estimatedStartDate"),
    reference("location", "locations"),
    reference("department", "departments"),
    integer("duration"),
    date_time("scheduleStartDate"),
    date_time("scheduleEndDate"),
    text("mobileGuid").is_read_only(),
    reference("currency", "currencies"),
    text("initialDescription").is_input_only(),
    text("initialInternalAnalysis").is_input_only(),
    text("initialResolution").is_input_only(),
    text("contactEmailLookup").is_input_only(),
    boolean("processNotifications").is_input_only(),
    boolean("skipCallback").is_input_only(),
    custom_field_values(),
};

constexpr ReferenceMember kProjectTicketForm[] = {{"id", "id"}, {"summary", "summary"}};

constexpr InfoMember kProjectTicketInfo[] = {
    {"notes_href", "project/tickets/{id}/notes"},
    {"documents_href", "system/documents?recordType=Ticket&recordId={id}"},
    {"timeentries_href",
     "time/entries?conditions=(chargeToType='ProjectTicket' AND chargeToId={id})"}};

constexpr CustomFieldDefinition kProjectTicketCustomFields[] = {
    {53, "Acceptance signed", "Checkbox", "EntryField"}};

constexpr FieldSpec kTicketNoteFields[] = {
    reference("ticket", "projectTickets").is_hidden(),
    integer("ticketId").id_of("ticket"),
    text("text"),
    boolean("detailDescriptionFlag").or_else(false),
    boolean("internalAnalysisFlag").or_else(false),
    boolean("resolutionFlag").or_else(false),
    boolean("issueFlag").or_else(false),
    reference("member", "members"),
    reference("contact", "contacts"),
    boolean("customerUpdatedFlag").or_else(false),
    boolean("processNotifications").is_input_only(),
    boolean("internalFlag").or_else(false).is_read_only(),
    boolean("externalFlag").or_else(false).is_read_only(),
};

constexpr FieldSpec kTicketTaskFields[] = {
    reference("ticket", "projectTickets").is_hidden(),
    integer("ticketId").id_of("ticket"),
    text("notes"),
    boolean("closedFlag").or_else(false),
    integer("priority"),
    reference("member", "members"),
    text("resolution"),
    text("summary"),
    choice("childScheduleAction", "Transfer, Delete, Done"),
    integer("childTicketId").is_read_only(),
};

constexpr ResourceSpec kProjectTicketResources[] = {
    {
        .name = "projectTickets",
        .path = "project/tickets",
        .type = "ProjectTicket",
        .label = "Ticket",
        .href = "ticket",
        .fields = kProjectTicketFields,
        .reference_form = kProjectTicketForm,
        .info = kProjectTicketInfo,
        .custom_fields = kProjectTicketCustomFields,
        .rules = &kProjectTicketRules,
    },
    {
        .name = "projectTicketNotes",
        .path = "project/tickets/{ticket}/notes",
        .type = "TicketNote",
        .label = "Ticket Note",
        .fields = kTicketNoteFields,
        .rules = &kProjectTicketNoteRules,
    },
    {
        .name = "projectTicketTasks",
        .path = "project/tickets/{ticket}/tasks",
        .type = "TicketTask",
        .label = "Task",
        .href = "task",
        .fields = kTicketTaskFields,
    },
};

}  // namespace

std::span<const ResourceSpec> project_ticket_resources() {
  return kProjectTicketResources;
}

}  // namespace patchbay::sandbox
