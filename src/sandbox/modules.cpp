#include "sandbox/modules.h"

#include "sandbox/modules/company/company.h"
#include "sandbox/modules/expense/expense.h"
#include "sandbox/modules/finance/finance.h"
#include "sandbox/modules/marketing/marketing.h"
#include "sandbox/modules/procurement/procurement.h"
#include "sandbox/modules/project/project.h"
#include "sandbox/modules/sales/sales.h"
#include "sandbox/modules/schedule/schedule.h"
#include "sandbox/modules/service/service.h"
#include "sandbox/modules/system/system.h"
#include "sandbox/modules/time/time.h"

namespace patchbay::sandbox {

std::vector<ApiModule> all_modules() {
  std::vector<ApiModule> all;
  all.push_back(company_module());
  all.push_back(service_module());
  all.push_back(time_module());
  all.push_back(project_module());
  all.push_back(finance_module());
  all.push_back(procurement_module());
  all.push_back(expense_module());
  all.push_back(sales_module());
  all.push_back(marketing_module());
  all.push_back(schedule_module());
  all.push_back(system_module());
  return all;
}

}  // namespace patchbay::sandbox
