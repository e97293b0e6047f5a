// Expenses: /expense/entries, and the lists that they choose from.
#include "sandbox/modules/expense/entries.h"

#include "sandbox/modules/expense/entries_rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kExpenseTypeFields[] = {
    text("name").at_most(30).is_required(),
    text("amountCaption").is_required(),
    decimal("reimbursementRate"),
    choice("billExpenses", kBillableOptions).is_required(),
    choice("invoiceMarkupOption", "Amount, Mile, Percent").is_required(),
    decimal("invoiceMarkupAmount"),
    boolean("advancedAmountFlag").or_else(false),
    boolean("mileageFlag").or_else(false),
    boolean("quantityFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),
    decimal("maxAmount"),
    text("integrationXRef").at_most(50),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kClassificationFields[] = {
    text("name"),
    decimal("multiplier").or_else(1.0),
    boolean("defaultFlag").or_else(false),
    boolean("companyFlag").or_else(false),
    boolean("employeeFlag").or_else(false),
};

constexpr FieldSpec kPaymentTypeFields[] = {
    text("name").at_most(30).is_required(),
    reference("classification", "expenseClassifications").is_required(),
    boolean("defaultFlag").or_else(false),
    boolean("companyFlag").or_else(false),
};

constexpr FieldSpec kExpenseEntryFields[] = {
    reference("company", "companies"),
    reference("project", "projects").is_read_only(),
    reference("expenseReport", "expenseReports").is_read_only(),
    integer("chargeToId"),
    choice("chargeToType", "ServiceTicket, ProjectTicket, ChargeCode, Activity"),
    reference("type", "expenseTypes").is_required(),
    reference("member", "members"),
    reference("paymentMethod", "paymentTypes").or_else_default(),
    reference("classification", "expenseClassifications").or_else_default(),
    decimal("amount").is_required(),
    choice("billableOption", kBillableOptions),
    date_time("date").is_required(),
    integer("locationId"),
    integer("businessUnitId"),
    text("notes"),
    reference("agreement", "agreements"),
    decimal("invoiceAmount").or_else(0.0).is_read_only(),
    text("mobileGuid").is_read_only(),
    reference("invoice", "invoices").is_read_only(),
    reference("currency", "currencies").or_else_first(),
    choice("status", kApprovalStatuses).or_else("Open").is_read_only(),
    decimal("billAmount").is_read_only().read_via("invoiceAmount"),
    decimal("agreementAmount").or_else(0.0).is_read_only(),
    decimal("odometerStart"),
    decimal("odometerEnd"),
    reference("ticket", "tickets"),
    reference("phase", "projectPhases").is_read_only(),
    custom_field_values(),
};

constexpr CustomFieldDefinition kExpenseEntryCustomFields[] = {
    {81, "Receipt number", "Text", "EntryField"}};

constexpr ResourceSpec kExpenseEntryResources[] = {
    {
        .name = "expenseTypes",
        .path = "expense/types",
        .type = "ExpenseType",
        .label = "Expense Type",
        .href = "type",
        .fields = kExpenseTypeFields,
    },
    {
        .name = "expenseClassifications",
        .path = "expense/classifications",
        .type = "Classification",
        .label = "Classification",
        .href = "classification",
        .fields = kClassificationFields,
        .methods = kReadOnly,
    },
    {
        .name = "paymentTypes",
        .path = "expense/paymentTypes",
        .type = "PaymentType",
        .label = "Payment type",
        .href = "method",
        .fields = kPaymentTypeFields,
    },
    {
        .name = "expenseEntries",
        .path = "expense/entries",
        .type = "ExpenseEntry",
        .label = "Expense Entry",
        .href = "expense",
        .fields = kExpenseEntryFields,
        .custom_fields = kExpenseEntryCustomFields,
        .rules = &kExpenseEntryRules,
    },
};

}  // namespace

std::span<const ResourceSpec> expense_entry_resources() {
  return kExpenseEntryResources;
}

}  // namespace patchbay::sandbox
