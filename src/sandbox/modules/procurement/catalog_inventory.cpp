// What of a catalog item lies in which warehouse: /procurement/catalog/{}/inventory.
#include "sandbox/modules/procurement/catalog_inventory.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kInventoryFields[] = {
    reference("catalogItem", "catalogItems").is_read_only(),
    reference("warehouse", "warehouses"),
    integer("onHand"),
};

constexpr ResourceSpec kInventoryResources[] = {
    {
        .name = "inventory",
        .path = "procurement/catalog/{catalogItem}/inventory",
        .type = "CatalogInventory",
        .label = "Inventory",
        .href = "inventory",
        .fields = kInventoryFields,
        .methods = kReadOnly,
    },
};

}  // namespace

std::span<const ResourceSpec> inventory_resources() {
  return kInventoryResources;
}

}  // namespace patchbay::sandbox
