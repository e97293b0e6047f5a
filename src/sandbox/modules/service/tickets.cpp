// Service tickets and their notes: /service/tickets. Rules: ticket_rules.cpp.
#include "sandbox/modules/service/tickets_rules.h"
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"

namespace patchbay::sandbox {
namespace {

const std::vector<std::string> kLevels = {"Low", "Medium", "High"};
const std::vector<std::string> kBillingMethods = {"ActualRates", "FixedFee", "NotToExceed",
                                                  "OverrideRate"};
const std::vector<std::string> kLinkTypes = {
    "Activity", "ProjectIssue", "KnowledgeBaseArticle", "ProjectTicket", "ServiceTicket", "Time"};

std::vector<Field> what_and_where() {
  return {
      text("summary").is_required().at_most(100),
      choice("recordType", {"ServiceTicket", "ProjectTicket", "ProjectIssue"})
          .or_else("ServiceTicket"),
      reference("board", "boards").or_else_from([](const Database& db) {
        return first_of(db, "boards");
      }),
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
      decimal("budgetHours"),
      reference("opportunity", "opportunities"),
      reference("agreement", "agreements").showing({}),
      text("agreementType").read_via("agreement/agreementTypeName"),
      choice("severity", kLevels).or_else("Medium").is_required_on_replace(),
      choice("impact", kLevels).or_else("Medium").is_required_on_replace(),
      text("externalXRef").at_most(100),
      text("poNumber").at_most(50),
  };
}

std::vector<Field> handling() {
  return {
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
      choice("knowledgeBaseLinkType", kLinkTypes),
      choice("billTime", kBillableOptions).or_else("NoDefault"),
      choice("billExpenses", kBillableOptions).or_else("NoDefault"),
      choice("billProducts", kBillableOptions).or_else("Billable"),
      choice("predecessorType", {"Ticket", "Phase"}),
      integer("predecessorId"),
      boolean("predecessorClosedFlag"),
      integer("lagDays"),
      boolean("lagNonworkingDaysFlag"),
      date_time("estimatedStartDate"),
      integer("duration"),
      reference("location", "locations"),
      reference("department", "departments"),
      text("mobileGuid").is_read_only(),
      reference("sla", "slas").or_else_from([](const Database& db) {
        return first_flagged(db, "slas", "defaultFlag");
      }),
      text("slaStatus").is_read_only(),
      boolean("requestForChangeFlag").or_else(false),
      reference("currency", "currencies").or_else_from([](const Database& db) {
        return first_of(db, "currencies");
      }),
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
}

Resource tickets() {
  std::vector<Field> fields = what_and_where();
  append(fields, handling());
  Resource made =
      resource("tickets", "service/tickets", "Ticket", "Ticket", "ticket", std::move(fields));
  made.reference_form = {{"id", "id"}, {"summary", "summary"}};
  made.reference_info = {{"billingMethod", "", "billingMethod"}, {"status", "", "status/name"}};
  const std::string of_ticket =
      "?conditions=(chargeToType='ServiceTicket' OR chargeToType='ProjectTicket') AND "
      "chargeToId={id}";
  made.info = {
      {"activities_href", "sales/activities?conditions=ticket/id={id}", ""},
      {"scheduleentries_href", "schedule/entries?conditions=type/id=4 AND objectId={id}", ""},
      {"documents_href", "system/documents?recordType=Ticket&recordId={id}", ""},
      {"configurations_href", "service/tickets/{id}/configurations", ""},
      {"tasks_href", "service/tickets/{id}/tasks", ""},
      {"notes_href", "service/tickets/{id}/notes", ""},
      {"products_href", "procurement/products?conditions=ticket/id={id}", ""},
      {"timeentries_href", "time/entries" + of_ticket, ""},
      {"expenseEntries_href", "expense/entries" + of_ticket, ""},
  };
  made.custom_fields = {{12, "Affected users", "Number", "EntryField", 0},
                        {13, "Vendor case", "Text", "EntryField", 0},
                        {16, "Runbook", "Hyperlink", "EntryField", 0},
                        {17, "Change window", "Text", "List", 0},
                        {24, "After hours", "Checkbox", "EntryField", 0}};
  made.rules = ticket_rules();
  return made;
}

Resource notes() {
  Resource made = resource(
      "ticketNotes", "service/tickets/{ticket}/notes", "ServiceNote", "Service Note", "",
      {reference("ticket", "tickets").is_hidden(),
       integer("ticketId").is_read_only().read_by([](const Database& db, const Record& note) {
         return Cell(reference_or(db.table("ticketNotes").at(note, "ticket"), 0));
       }),
       text("text"), boolean("detailDescriptionFlag").or_else(false),
       boolean("internalAnalysisFlag").or_else(false), boolean("resolutionFlag").or_else(false),
       boolean("issueFlag").or_else(false), reference("member", "members"),
       reference("contact", "contacts"), boolean("customerUpdatedFlag").or_else(false),
       boolean("processNotifications").is_input_only(), date_time("dateCreated").is_read_only(),
       text("createdBy").is_read_only(), boolean("internalFlag").is_read_only(),
       boolean("externalFlag").is_read_only(), decimal("sentimentScore").is_read_only()});
  made.rules = ticket_note_rules();
  return made;
}

// Notes and time entries of a ticket in one list. Its records only point to where the texts are.
Resource all_notes() {
  Resource made;
  made.name = "ticketAllNotes";
  made.path = "service/tickets/{ticket}/allNotes";
  made.type = "ServiceTicketNote";
  made.label = "Service Ticket Note";
  made.methods = {true, false, false, false, false, false};
  made.fields = {
      reference("note", "ticketNotes").is_hidden(),
      reference("timeEntry", "timeEntries").is_hidden(),
      choice("noteType", {"TicketNote", "TimeEntryNote", "MeetingNote"}).not_filterable(),
      reference("ticket", "tickets"),
      text("text").read_by(all_notes_text),
      boolean("isMarkdownFlag").or_else(false),
      boolean("detailDescriptionFlag")
          .read_by(all_notes_flag("detailDescriptionFlag", "addToDetailDescriptionFlag")),
      boolean("internalAnalysisFlag")
          .read_by(all_notes_flag("internalAnalysisFlag", "addToInternalAnalysisFlag")),
      boolean("resolutionFlag").read_by(all_notes_flag("resolutionFlag", "addToResolutionFlag")),
      date_time("timeStart").read_via("timeEntry/timeStart"),
      date_time("timeEnd").read_via("timeEntry/timeEnd"),
      boolean("bundledFlag").or_else(false),
      boolean("mergedFlag").or_else(false),
      boolean("issueFlag").read_by(all_notes_flag("issueFlag", "")),
      text("originalAuthor").read_by(all_notes_author),
      boolean("createdByParentFlag").or_else(false),
      reference("member", "members"),
      reference("contact", "contacts"),
  };
  append(made.fields, change_stamps());
  return made;
}

}  // namespace

void add_ticket_resources(std::vector<Resource>& out) {
  out.push_back(tickets());
  out.push_back(notes());
  out.push_back(all_notes());
}

}  // namespace patchbay::sandbox
