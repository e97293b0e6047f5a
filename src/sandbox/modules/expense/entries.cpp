// Expenses: /expense. Rules: rules_*.cpp.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource expense_types() {
  Resource made = resource(
      "expenseTypes", "expense/types", "ExpenseType", "Expense Type", "type",
      {text("name").at_most(30).is_required(), text("amountCaption").is_required(),
       decimal("reimbursementRate"),
       choice("billExpenses", {"Billable", "DoNotBill", "NoCharge", "NoDefault"}).is_required(),
       choice("invoiceMarkupOption", {"Amount", "Mile", "Percent"}).is_required(),
       decimal("invoiceMarkupAmount"), boolean("advancedAmountFlag").or_else(false),
       boolean("mileageFlag").or_else(false), boolean("quantityFlag").or_else(false),
       boolean("inactiveFlag").or_else(false), decimal("maxAmount"),
       text("integrationXRef").at_most(50), boolean("defaultFlag").or_else(false)});
  return made;
}

Resource classifications() {
  Resource made = resource(
      "expenseClassifications", "expense/classifications", "Classification", "Classification",
      "classification",
      {text("name"), decimal("multiplier").or_else(1.0), boolean("defaultFlag").or_else(false),
       boolean("companyFlag").or_else(false), boolean("employeeFlag").or_else(false)});
  made.methods = kReadOnly;
  return made;
}

Resource payment_types() {
  Resource made =
      resource("paymentTypes", "expense/paymentTypes", "PaymentType", "Payment type", "method",
               {text("name").at_most(30).is_required(),
                reference("classification", "expenseClassifications").is_required(),
                boolean("defaultFlag").or_else(false), boolean("companyFlag").or_else(false)});
  return made;
}

Resource expense_reports() {
  Resource made = resource(
      "expenseReports", "expense/reports", "ExpenseReport", "Expense report", "expenseReport",
      {text("name").is_hidden(), reference("member", "members"), integer("year"), integer("period"),
       date_time("dateStart"), date_time("dateEnd"),
       choice("status",
              {"Open", "Rejected", "PendingApproval", "ErrorsCorrected", "PendingProjectApproval",
               "ApprovedByTierOne", "RejectBySecondTier", "ApprovedByTierTwo", "ReadyToBill",
               "Billed", "WrittenOff", "BilledAgreement"}),
       decimal("total"), date_time("dueDate")});
  made.methods.create = false;
  made.methods.patch = false;
  made.methods.replace = false;
  made.methods.remove = false;
  return made;
}

Resource expense_entries() {
  Resource made = resource(
      "expenseEntries", "expense/entries", "ExpenseEntry", "Expense Entry", "expense",
      {reference("company", "companies"),
       reference("project", "projects").is_read_only(),
       reference("expenseReport", "expenseReports").is_read_only(),
       integer("chargeToId"),
       choice("chargeToType", {"ServiceTicket", "ProjectTicket", "ChargeCode", "Activity"}),
       reference("type", "expenseTypes").is_required(),
       reference("member", "members"),
       reference("paymentMethod", "paymentTypes").or_else_from([](const Database& db) {
         return first_flagged(db, "paymentTypes", "defaultFlag");
       }),
       reference("classification", "expenseClassifications").or_else_from([](const Database& db) {
         return first_flagged(db, "expenseClassifications", "defaultFlag");
       }),
       decimal("amount").is_required(),
       choice("billableOption", {"Billable", "DoNotBill", "NoCharge", "NoDefault"}),
       date_time("date").is_required(),
       integer("locationId"),
       integer("businessUnitId"),
       text("notes"),
       reference("agreement", "agreements"),
       decimal("invoiceAmount").or_else(0.0).is_read_only(),
       text("mobileGuid").is_read_only(),
       reference("invoice", "invoices").is_read_only(),
       reference("currency", "currencies").or_else_from([](const Database& db) {
         return first_of(db, "currencies");
       }),
       choice("status",
              {"Open", "Rejected", "PendingApproval", "ErrorsCorrected", "PendingProjectApproval",
               "ApprovedByTierOne", "RejectBySecondTier", "ApprovedByTierTwo", "ReadyToBill",
               "Billed", "WrittenOff", "BilledAgreement"})
           .or_else("Open")
           .is_read_only(),
       decimal("billAmount").is_read_only().read_via("invoiceAmount"),
       decimal("agreementAmount").or_else(0.0).is_read_only(),
       decimal("odometerStart"),
       decimal("odometerEnd"),
       reference("ticket", "tickets"),
       reference("phase", "projectPhases").is_read_only(),
       custom_field_values()});
  made.custom_fields = {{81, "Receipt number", "Text", "EntryField", 0}};
  made.rules = expense_entry_rules();
  return made;
}

}  // namespace

void add_expense_resources(std::vector<Resource>& out) {
  out.push_back(expense_types());
  out.push_back(classifications());
  out.push_back(payment_types());
  out.push_back(expense_reports());
  out.push_back(expense_entries());
}

}  // namespace patchbay::sandbox
