// What time is charged as and to: /time/workTypes, /time/workRoles, /time/chargeCodes.
#include "sandbox/modules/time/work_types.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kWorkTypeFields[] = {
    text("name").is_required().at_most(50),
    choice("billTime", "Billable, DoNotBill, NoCharge").is_required(),
    choice("rateType", "AdjAmount, Custom, Multiplier").is_required(),
    decimal("rate").is_required(),
    decimal("hoursMin"),
    decimal("hoursMax"),
    decimal("roundBillHoursTo"),
    choice("accrualType", "Holiday, PTO, Sick, Vacation"),
    boolean("inactiveFlag").or_else(false).not_filterable(),
    boolean("overallDefaultFlag").or_else(false),
    boolean("activityDefaultFlag").or_else(false),
    boolean("utilizationFlag").or_else(true),
    decimal("costMultiplier"),
    text("integrationXRef"),
    boolean("addAllAgreementExclusions").is_input_only(),
};

constexpr FieldSpec kWorkRoleFields[] = {
    text("name").is_required().at_most(50),
    decimal("hourlyRate"),
    boolean("inactiveFlag").or_else(false).not_filterable(),
    text("integrationXref"),
    integers("locationIds"),
    boolean("addAllLocations").is_input_only(),
    boolean("removeAllLocations").is_input_only(),
    boolean("addAllAgreementExclusions").is_input_only(),
};

constexpr FieldSpec kChargeCodeFields[] = {
    reference("company", "companies").is_required(),
    text("name").at_most(50).is_required(),
    reference("location", "locations"),
    reference("department", "departments"),
    choice("billTime", kBillableOptions).or_else("DoNotBill"),
    boolean("expenseEntryFlag").or_else(false),
    boolean("allowAllExpenseTypeFlag").or_else(false),
    boolean("timeEntryFlag").or_else(true),
    reference("workType", "workTypes"),
    reference("workRole", "workRoles"),
    text("integrationXref").at_most(50),
    integers("expenseTypeIds"),
    text("connectWiseId"),
};

constexpr ResourceSpec kWorkTypeResources[] = {
    {
        .name = "workTypes",
        .path = "time/workTypes",
        .type = "WorkType",
        .label = "Work type",
        .href = "workType",
        .fields = kWorkTypeFields,
    },
    {
        .name = "workRoles",
        .path = "time/workRoles",
        .type = "WorkRole",
        .label = "Work role",
        .href = "workRole",
        .fields = kWorkRoleFields,
    },
    {
        .name = "chargeCodes",
        .path = "time/chargeCodes",
        .type = "ChargeCode",
        .label = "Charge Code",
        .href = "chargeCode",
        .fields = kChargeCodeFields,
    },
};

}  // namespace

std::span<const ResourceSpec> work_type_resources() {
  return kWorkTypeResources;
}

}  // namespace patchbay::sandbox
