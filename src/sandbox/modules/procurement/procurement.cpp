#include "sandbox/modules/procurement/procurement.h"

#include "sandbox/modules/procurement/catalog.h"
#include "sandbox/modules/procurement/catalog_categories.h"
#include "sandbox/modules/procurement/catalog_inventory.h"
#include "sandbox/modules/procurement/products.h"
#include "sandbox/modules/procurement/purchase_orders.h"

namespace patchbay::sandbox {

ApiModule procurement_module() {
  ApiModule made;
  made.resources = {catalog_category_resources(), catalog_resources(), product_resources(),
                    purchase_order_resources(), inventory_resources()};
  return made;
}

}  // namespace patchbay::sandbox
