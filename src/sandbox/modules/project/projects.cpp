// Projects, their phases, tickets and notes: /project. Rules: rules_*.cpp.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource project_statuses() {
  Resource made =
      resource("projectStatuses", "project/statuses", "ProjectStatus", "Project Status", "status",
               {text("name").at_most(30).is_required(), boolean("defaultFlag").or_else(false),
                boolean("inactiveFlag").or_else(false), boolean("noTimeFlag").or_else(false),
                boolean("closedFlag").or_else(false), text("customStatusIndicatorName").at_most(30),
                text("connectWiseId")});
  return made;
}

Resource project_types() {
  Resource made =
      resource("projectTypes", "project/projectTypes", "ProjectType", "Project Type", "type",
               {text("name").at_most(30).is_required(), boolean("defaultFlag").or_else(false),
                boolean("inactiveFlag").or_else(false), text("integrationXref").at_most(50),
                text("connectWiseId")});
  return made;
}

Resource phase_statuses() {
  Resource made =
      resource("phaseStatuses", "project/phaseStatuses", "PhaseStatus", "Phase Status", "status",
               {text("name").at_most(30).is_required(), boolean("defaultFlag").or_else(false),
                boolean("inactiveFlag").or_else(false), boolean("collapsedFlag").or_else(false),
                boolean("closedFlag").or_else(false), integers("boardAssociationIds"),
                text("customStatusIndicatorName").at_most(30)});
  return made;
}

Resource projects() {
  Resource made = resource(
      "projects", "project/projects", "Project", "Project", "project",
      {reference("company", "companies").is_required(),
       reference("board", "boards").is_required(),
       date_time("actualEnd").is_read_only(),
       decimal("actualHours").or_else(0.0).is_read_only(),
       date_time("actualStart").is_read_only(),
       reference("agreement", "agreements"),
       choice("billExpenses", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("NoDefault"),
       decimal("billingAmount").or_else(0.0),
       text("billingAttention").at_most(50),
       choice("billingMethod", {"ActualRates", "FixedFee", "NotToExceed", "OverrideRate"})
           .is_required(),
       choice("billingRateType", {"StaffMember", "WorkRole"}).or_else("WorkRole"),
       reference("billingTerms", "billingTerms"),
       choice("billProducts", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("NoDefault"),
       boolean("billProjectAfterClosedFlag").or_else(false),
       choice("billTime", {"Billable", "DoNotBill", "NoCharge", "NoDefault"}).or_else("NoDefault"),
       reference("billToCompany", "companies"),
       reference("billToContact", "contacts"),
       reference("billToSite", "companySites"),
       boolean("billUnapprovedTimeAndExpense").or_else(false),
       choice("budgetAnalysis", {"ActualHours", "BillableHours"}).or_else("ActualHours"),
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
       reference("status", "projectStatuses").or_else_from([](const Database& db) {
         return first_flagged(db, "projectStatuses", "defaultFlag");
       }),
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
       custom_field_values()});
  made.info = {{"projecttickets_href", "project/tickets?conditions=project/id={id}", ""},
               {"phases_href", "project/projects/{id}/phases", ""},
               {"notes_href", "project/projects/{id}/notes", ""},
               {"documents_href", "system/documents?recordType=Project&recordId={id}", ""}};
  made.reference_info = {{"billingMethod", "", "billingMethod"}, {"status", "", "status/name"}};
  made.custom_fields = {{51, "Go-live date", "Date", "Date", 0},
                        {52, "Steering committee", "Text", "EntryField", 0}};
  made.rules = project_rules();
  return made;
}

Resource project_phases() {
  Resource made = resource(
      "projectPhases", "project/projects/{project}/phases", "ProjectPhase", "Project Phase",
      "phase",
      {reference("project", "projects").is_hidden(),
       text("name").is_hidden().read_via("description"),
       reference("board", "boards"),
       id_of_parent("projectId", "projectPhases", "project"),
       text("description").at_most(100).is_required(),
       reference("status", "phaseStatuses").or_else_from([](const Database& db) {
         return first_flagged(db, "phaseStatuses", "defaultFlag");
       }),
       reference("agreement", "agreements"),
       reference("opportunity", "opportunities"),
       reference("parentPhase", "projectPhases").within("project"),
       text("wbsCode").at_most(50),
       choice("billTime", {"Billable", "DoNotBill", "NoCharge", "NoDefault"}).or_else("NoDefault"),
       choice("billExpenses", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("NoDefault"),
       choice("billProducts", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("NoDefault"),
       boolean("markAsMilestoneFlag").or_else(false),
       text("notes"),
       date_time("deadlineDate"),
       boolean("billSeparatelyFlag").or_else(false),
       choice("billingMethod", {"ActualRates", "FixedFee", "NotToExceed", "OverrideRate"}),
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
       reference("taxCode", "taxCodes")});
  made.reference_form = {{"id", "id"}, {"name", "description"}};
  made.reference_info = {{"billingMethod", "", "billingMethod"}};
  made.rules = phase_rules();
  return made;
}

Resource project_tickets() {
  Resource made = resource(
      "projectTickets", "project/tickets", "ProjectTicket", "Ticket", "ticket",
      {text("name").is_hidden().read_via("summary"),
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
       reference("priority", "priorities").or_else_from([](const Database& db) {
         return first_flagged(db, "priorities", "defaultFlag");
       }),
       reference("serviceLocation", "serviceLocations").or_else_from([](const Database& db) {
         return first_flagged(db, "serviceLocations", "defaultFlag");
       }),
       reference("source", "sources").or_else_from([](const Database& db) {
         return first_flagged(db, "sources", "defaultFlag");
       }),
       date_time("requiredDate"),
       decimal("budgetHours").or_else(0.0),
       reference("opportunity", "opportunities"),
       reference("agreement", "agreements"),
       text("agreementType").read_via("agreement/agreementTypeName"),
       integer("knowledgeBaseCategoryId"),
       integer("knowledgeBaseSubCategoryId"),
       integer("knowledgeBaseLinkId"),
       choice("knowledgeBaseLinkType", {"Activity", "ProjectIssue", "KnowledgeBaseArticle",
                                        "ProjectTicket", "ServiceTicket", "Time"}),
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
       choice("subBillingMethod", {"ActualRates", "FixedFee", "NotToExceed", "OverrideRate"}),
       decimal("subBillingAmount"),
       text("subDateAccepted"),
       text("resources"),
       choice("billTime", {"Billable", "DoNotBill", "NoCharge", "NoDefault"}).or_else("NoDefault"),
       choice("billExpenses", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("NoDefault"),
       choice("billProducts", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("NoDefault"),
       choice("predecessorType", {"Ticket", "Phase"}),
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
       custom_field_values()});
  made.reference_form = {{"id", "id"}, {"summary", "summary"}};
  made.info = {{"notes_href", "project/tickets/{id}/notes", ""},
               {"documents_href", "system/documents?recordType=Ticket&recordId={id}", ""},
               {"timeentries_href",
                "time/entries?conditions=(chargeToType='ProjectTicket' AND chargeToId={id})", ""}};
  made.custom_fields = {{53, "Acceptance signed", "Checkbox", "EntryField", 0}};
  made.rules = project_ticket_rules();
  return made;
}

Resource project_ticket_notes() {
  Resource made = resource(
      "projectTicketNotes", "project/tickets/{ticket}/notes", "TicketNote", "Ticket Note", "",
      {reference("ticket", "projectTickets").is_hidden(),
       id_of_parent("ticketId", "projectTicketNotes", "ticket"), text("text"),
       boolean("detailDescriptionFlag").or_else(false),
       boolean("internalAnalysisFlag").or_else(false), boolean("resolutionFlag").or_else(false),
       boolean("issueFlag").or_else(false), reference("member", "members"),
       reference("contact", "contacts"), boolean("customerUpdatedFlag").or_else(false),
       boolean("processNotifications").is_input_only(),
       boolean("internalFlag").or_else(false).is_read_only(),
       boolean("externalFlag").or_else(false).is_read_only()});
  made.rules = project_ticket_note_rules();
  return made;
}

Resource project_notes() {
  Resource made = resource(
      "projectNotes", "project/projects/{project}/notes", "ProjectNote", "Project Note", "",
      {reference("project", "projects").is_hidden(),
       id_of_parent("projectId", "projectNotes", "project"), text("text").is_required(),
       reference("type", "noteTypes").or_else_from([](const Database& db) {
         return first_flagged(db, "noteTypes", "defaultFlag");
       }),
       boolean("flagged").or_else(false)});
  return made;
}

}  // namespace

void add_project_resources(std::vector<Resource>& out) {
  out.push_back(project_statuses());
  out.push_back(project_types());
  out.push_back(phase_statuses());
  out.push_back(projects());
  out.push_back(project_phases());
  out.push_back(project_tickets());
  out.push_back(project_ticket_notes());
  out.push_back(project_notes());
}

}  // namespace patchbay::sandbox
