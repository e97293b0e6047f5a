#include "sandbox/modules/sales/sales.h"

#include "sandbox/modules/sales/activities.h"
#include "sandbox/modules/sales/opportunities.h"
#include "sandbox/modules/sales/opportunities_conversion.h"
#include "sandbox/modules/sales/opportunities_forecast.h"
#include "sandbox/modules/sales/orders.h"

namespace patchbay::sandbox {

ApiModule sales_module() {
  ApiModule made;
  made.resources = {opportunity_resources(), forecast_resources(), activity_resources(),
                    order_resources()};
  add_forecast_endpoints(made.endpoints);
  add_conversion_endpoints(made.endpoints);
  return made;
}

}  // namespace patchbay::sandbox
