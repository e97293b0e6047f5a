#include "sandbox/modules/expense/expense.h"

#include "sandbox/modules/expense/entries.h"
#include "sandbox/modules/expense/reports.h"
#include "sandbox/modules/time/sheets_approval.h"

namespace patchbay::sandbox {

ApiModule expense_module() {
  ApiModule made;
  made.resources = {expense_entry_resources(), expense_report_resources()};
  add_approval_endpoints(made.endpoints,
                         {"expense/reports", "expenseReports", "expenseEntries", "expenseReport"});
  return made;
}

}  // namespace patchbay::sandbox
