#include "sandbox/modules/finance/finance.h"

#include "sandbox/modules/finance/accounting.h"
#include "sandbox/modules/finance/agreements.h"
#include "sandbox/modules/finance/agreements_adjustments.h"
#include "sandbox/modules/finance/billing.h"
#include "sandbox/modules/finance/invoices.h"

namespace patchbay::sandbox {

ApiModule finance_module() {
  ApiModule made;
  made.resources = {billing_resources(), agreement_resources(), invoice_resources(),
                    accounting_resources(), agreement_adjustment_resources()};
  return made;
}

}  // namespace patchbay::sandbox
