// Time sheets, charge codes and periods: /time. Rules: time_rules.cpp.
#include "sandbox/modules/time/entries_rules.h"
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"

namespace patchbay::sandbox {
namespace {

Resource time_sheets() {
  Resource made =
      resource("timeSheets", "time/sheets", "TimeSheet", "Time sheet", "timeSheet",
               {text("name").is_hidden(), reference("member", "members"), integer("year"),
                integer("period"), date_time("dateStart"), date_time("dateEnd"),
                choice("status", {"Open", "Rejected", "PendingApproval", "ErrorsCorrected",
                                  "PendingProjectApproval", "ApprovedByTierOne",
                                  "RejectBySecondTier", "ApprovedByTierTwo", "ReadyToBill",
                                  "Billed", "WrittenOff", "BilledAgreement"}),
                decimal("hours").read_by(hours_of_sheet), date_time("deadline")});
  made.methods.create = false;
  made.methods.patch = false;
  made.methods.replace = false;
  return made;
}

Resource charge_codes() {
  Resource made = resource(
      "chargeCodes", "time/chargeCodes", "ChargeCode", "Charge Code", "chargeCode",
      {reference("company", "companies").is_required(), text("name").at_most(50).is_required(),
       reference("location", "locations"), reference("department", "departments"),
       choice("billTime", {"Billable", "DoNotBill", "NoCharge", "NoDefault"}).or_else("DoNotBill"),
       boolean("expenseEntryFlag").or_else(false),
       boolean("allowAllExpenseTypeFlag").or_else(false), boolean("timeEntryFlag").or_else(true),
       reference("workType", "workTypes"), reference("workRole", "workRoles"),
       text("integrationXref").at_most(50), integers("expenseTypeIds"), text("connectWiseId")});
  return made;
}

Resource time_period_setups() {
  Resource made = resource(
      "timePeriodSetups", "time/timePeriodSetups", "TimePeriodSetup", "Time Period Setup",
      "timePeriodSetup",
      {text("name").is_hidden().read_via("description"),
       choice("periodApplyTo", {"Both", "Expense", "Time"}).is_required(),
       integer("year").is_required(), integer("numberFuturePeriods").is_required(),
       choice("type", {"Weekly", "BiWeekly", "SemiMonthly", "Monthly"}).is_required(),
       text("description").at_most(100), date_time("firstPeriodEndDate").is_required(),
       integer("monthlyPeriodEnds"), integer("semiMonthlyFirstPeriod"),
       integer("semiMonthlySecondPeriod"), boolean("semiMonthlyLastDayFlag").or_else(false),
       boolean("lastDayFlag").or_else(false), integer("daysPastEndDate").is_required()});
  return made;
}

Resource time_periods() {
  Resource made =
      resource("timePeriods", "time/timePeriodSetups/{timePeriodSetup}/periods", "TimePeriod",
               "Time Period", "period",
               {reference("timePeriodSetup", "timePeriodSetups").is_read_only(), integer("period"),
                date_time("startDate"), date_time("endDate"), date_time("deadlineDate")});
  made.methods.create = false;
  made.methods.patch = false;
  made.methods.replace = false;
  made.methods.remove = false;
  return made;
}

}  // namespace

void add_time_setup_resources(std::vector<Resource>& out) {
  out.push_back(time_sheets());
  out.push_back(charge_codes());
  out.push_back(time_period_setups());
  out.push_back(time_periods());
}

}  // namespace patchbay::sandbox
