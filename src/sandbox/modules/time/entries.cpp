// Time entries: /time/entries. What the API does beyond fields: entries_rules.cpp.
#include "sandbox/modules/time/entries.h"

#include "sandbox/modules/time/entries_rules.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

Cell company_type_of_entry(const Database& db, const Record& entry) {
  const Table& entries = db.table("timeEntries");
  const Table& companies = db.table("companies");
  const Record* company = companies.find(id_in(entries, entry, "company"));
  if (company == nullptr) return {};
  const auto* types = std::get_if<Ids>(&companies.at(*company, "types"));
  if (types == nullptr || types->empty()) return {};
  const Table& all = db.table("companyTypes");
  const Record* type = all.find(types->front());
  return type == nullptr ? Cell() : all.at(*type, "name");
}

constexpr FieldSpec kTimeEntryFields[] = {
    reference("company", "companies"),
    text("companyType").read_by(company_type_of_entry),
    integer("chargeToId"),
    choice("chargeToType", "Company, ServiceTicket, ProjectTicket, ChargeCode, Activity"),
    reference("member", "members").showing("dailyCapacity"),
    integer("locationId"),
    integer("businessUnitId").id_of("department"),
    text("businessGroupDesc").read_via("department/name"),
    reference("location", "locations"),
    reference("department", "departments"),
    reference("workType", "workTypes").showing("utilizationFlag"),
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
    integer("invoiceReady").or_else(0).is_read_only(),
    reference("timeSheet", "timeSheets").is_read_only(),
    choice("status", kApprovalStatuses).or_else("Open").is_read_only(),
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
    custom_field_values(),
};

constexpr InfoMember kTimeEntryInfo[] = {{"chargeToMobileGuid", "", "ticket/mobileGuid"}};

constexpr ResourceSpec kTimeEntryResources[] = {
    {
        .name = "timeEntries",
        .path = "time/entries",
        .type = "TimeEntry",
        .label = "Time entry",
        .href = "time",
        .fields = kTimeEntryFields,
        .stamps = kUpdateStamps,
        .info = kTimeEntryInfo,
        .rules = &kTimeEntryRules,
    },
};

}  // namespace

std::span<const ResourceSpec> time_entry_resources() {
  return kTimeEntryResources;
}

}  // namespace patchbay::sandbox
