// Periods that are open for time: /time/timePeriodSetups.
#include "sandbox/modules/time/periods.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kTimePeriodSetupFields[] = {
    text("name").is_hidden().read_via("description"),
    choice("periodApplyTo", "Both, Expense, Time").is_required(),
    integer("year").is_required(),
    integer("numberFuturePeriods").is_required(),
    choice("type", "Weekly, BiWeekly, SemiMonthly, Monthly").is_required(),
    text("description").at_most(100),
    date_time("firstPeriodEndDate").is_required(),
    integer("monthlyPeriodEnds"),
    integer("semiMonthlyFirstPeriod"),
    integer("semiMonthlySecondPeriod"),
    boolean("semiMonthlyLastDayFlag").or_else(false),
    boolean("lastDayFlag").or_else(false),
    integer("daysPastEndDate").is_required(),
};

constexpr FieldSpec kTimePeriodFields[] = {
    reference("timePeriodSetup", "timePeriodSetups").is_read_only(),
    integer("period"),
    date_time("startDate"),
    date_time("endDate"),
    date_time("deadlineDate"),
};

constexpr ResourceSpec kTimePeriodResources[] = {
    {
        .name = "timePeriodSetups",
        .path = "time/timePeriodSetups",
        .type = "TimePeriodSetup",
        .label = "Time Period Setup",
        .href = "timePeriodSetup",
        .fields = kTimePeriodSetupFields,
    },
    {
        .name = "timePeriods",
        .path = "time/timePeriodSetups/{timePeriodSetup}/periods",
        .type = "TimePeriod",
        .label = "Time Period",
        .href = "period",
        .fields = kTimePeriodFields,
        .methods = {.create = false, .patch = false, .replace = false, .remove = false},
    },
};

}  // namespace

std::span<const ResourceSpec> time_period_resources() {
  return kTimePeriodResources;
}

}  // namespace patchbay::sandbox
