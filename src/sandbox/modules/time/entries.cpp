// Time entries, work types and roles: /time. Rules: time_rules.cpp.
#include "sandbox/modules/time/entries_rules.h"
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"

namespace patchbay::sandbox {
namespace {

Cell department_id(const Database& db, const Record& entry) {
  const std::int64_t id = reference_or(db.table("timeEntries").at(entry, "department"), 0);
  return id == 0 ? Cell() : Cell(id);
}

Resource time_entries() {
  Resource made =
      resource("timeEntries", "time/entries", "TimeEntry", "Time entry", "time",
               {reference("company", "companies"),
                text("companyType").read_by(company_type_of_entry),
                integer("chargeToId"),
                choice("chargeToType",
                       {"Company", "ServiceTicket", "ProjectTicket", "ChargeCode", "Activity"}),
                reference("member", "members").showing({"dailyCapacity"}),
                integer("locationId"),
                integer("businessUnitId").read_by(department_id),
                text("businessGroupDesc").read_via("department/name"),
                reference("location", "locations"),
                reference("department", "departments"),
                reference("workType", "workTypes").showing({"utilizationFlag"}),
                reference("workRole", "workRoles"),
                reference("agreement", "agreements"),
                text("agreementType").read_via("agreement/agreementTypeName"),
                integer("opportunityRecid"),
                text("projectActivity"),
                text("territory").read_via("company/territory/name"),
                date_time("timeStart").is_required(),
                date_time("timeEnd"),
                decimal("hoursDeduct").or_else(0.0),
                decimal("actualHours"),
                choice("billableOption", kBillableOptions),
                text("notes"),
                text("internalNotes"),
                boolean("addToDetailDescriptionFlag").or_else(false),
                boolean("addToInternalAnalysisFlag").or_else(false),
                boolean("addToResolutionFlag").or_else(false),
                boolean("emailResourceFlag").or_else(false),
                boolean("emailContactFlag").or_else(false),
                boolean("emailCcFlag").or_else(false),
                text("emailCc"),
                decimal("hoursBilled").is_read_only(),
                decimal("invoiceHours").is_read_only(),
                text("hourlyCost").is_read_only(),
                text("enteredBy").is_read_only(),
                date_time("dateEntered").is_read_only(),
                reference("invoice", "invoices").is_read_only(),
                text("mobileGuid").is_read_only(),
                decimal("hourlyRate"),
                decimal("overageRate"),
                decimal("agreementHours").or_else(0.0).is_read_only(),
                decimal("agreementAmount").or_else(0.0).is_read_only(),
                decimal("agreementAdjustment").or_else(0.0).is_read_only(),
                decimal("adjustment").or_else(0.0).is_read_only(),
                integer("invoiceReady").or_else(std::int64_t{0}).is_read_only(),
                reference("timeSheet", "timeSheets").is_read_only(),
                choice("status", {"Open", "Rejected", "PendingApproval", "ErrorsCorrected",
                                  "PendingProjectApproval", "ApprovedByTierOne",
                                  "RejectBySecondTier", "ApprovedByTierTwo", "ReadyToBill",
                                  "Billed", "WrittenOff", "BilledAgreement"})
                    .or_else("Open")
                    .is_read_only(),
                reference("ticket", "tickets"),
                reference("project", "projects"),
                reference("phase", "projectPhases"),
                reference("activity", "activities"),
                text("ticketBoard").read_via("ticket/board/name"),
                text("ticketStatus").read_via("ticket/status/name"),
                text("ticketType").read_via("ticket/type/name"),
                text("ticketSubType").read_via("ticket/subType/name"),
                boolean("invoiceFlag").or_else(false).is_read_only(),
                decimal("extendedInvoiceAmount").is_read_only(),
                text("locationName").read_via("location/name"),
                reference("taxCode", "taxCodes"),
                custom_field_values()});
  // Here these two stand in the record, not in _info.
  std::erase_if(made.fields, [](const Field& field) {
    return field.in_info && (field.name == "dateEntered" || field.name == "enteredBy");
  });
  made.info = {{"chargeToMobileGuid", "", "ticket/mobileGuid"}};
  made.rules = time_entry_rules();
  return made;
}

}  // namespace

void add_time_resources(std::vector<Resource>& out) {
  out.push_back(resource(
      "workTypes", "time/workTypes", "WorkType", "Work type", "workType",
      {text("name").is_required().at_most(50),
       choice("billTime", {"Billable", "DoNotBill", "NoCharge"}).is_required(),
       choice("rateType", {"AdjAmount", "Custom", "Multiplier"}).is_required(),
       decimal("rate").is_required(), decimal("hoursMin"), decimal("hoursMax"),
       decimal("roundBillHoursTo"), choice("accrualType", {"Holiday", "PTO", "Sick", "Vacation"}),
       boolean("inactiveFlag").or_else(false).not_filterable(),
       boolean("overallDefaultFlag").or_else(false), boolean("activityDefaultFlag").or_else(false),
       boolean("utilizationFlag").or_else(true), decimal("costMultiplier"), text("integrationXRef"),
       boolean("addAllAgreementExclusions").is_input_only()}));
  out.push_back(
      resource("workRoles", "time/workRoles", "WorkRole", "Work role", "workRole",
               {text("name").is_required().at_most(50), decimal("hourlyRate"),
                boolean("inactiveFlag").or_else(false).not_filterable(), text("integrationXref"),
                integers("locationIds"), boolean("addAllLocations").is_input_only(),
                boolean("removeAllLocations").is_input_only(),
                boolean("addAllAgreementExclusions").is_input_only()}));
  out.push_back(time_entries());
}

}  // namespace patchbay::sandbox
