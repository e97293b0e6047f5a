// The catalog and the lists beside it: /procurement/catalog, /procurement/categories,
// /procurement/types, /procurement/manufacturers, /procurement/warehouses.
#include "sandbox/modules/procurement/catalog.h"

#include "sandbox/modules/procurement/catalog_categories.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// References to an item tell its type's id, as text.
Cell type_id_text(const Database& db, const Record& item) {
  const std::int64_t id = reference_or(db.table("catalogItems").at(item, "type"), 0);
  return id == 0 ? Cell() : Cell(std::to_string(id));
}

void fill_catalog_item(const WriteContext& context, Record& item) {
  const Table& table = context.table;
  const Table& subs = context.db.table("productSubCategories");
  if (const Record* sub = subs.find(id_in(table, item, "subcategory"))) {
    fill_if_null(table, item, "category", subs.at(*sub, "category"));
  }
}

constexpr FieldSpec kProductTypeFields[] = {
    text("name").at_most(50).is_required(),
    boolean("inactiveFlag").or_else(false),
    choice("typeXref", "InventoryPart, NonInventoryPart, OtherCharge, Service"),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kManufacturerFields[] = {
    text("name").at_most(50).is_required(),
    boolean("inactiveFlag").or_else(false),
};

constexpr FieldSpec kUnitOfMeasureFields[] = {
    text("name").at_most(50).is_required(),
    boolean("inactiveFlag").or_else(false),
    boolean("defaultFlag").or_else(false),
    text("uomScheduleXref").at_most(31),
};

constexpr FieldSpec kWarehouseFields[] = {
    reference("company", "companies"),
    text("name").at_most(50).is_required(),
    reference("location", "locations").is_required(),
    reference("contact", "contacts"),
    reference("department", "departments").is_required(),
    reference("manager", "members"),
    reference("site", "companySites").within("company"),
    text("locationXref").at_most(10),
    boolean("locationDefaultFlag").or_else(false),
    boolean("overallDefaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false),
    boolean("lockedFlag").or_else(false),
    reference("currency", "currencies"),
};

constexpr FieldSpec kCatalogItemFields[] = {
    text("typeIdText").is_hidden().read_by(type_id_text),
    text("identifier").at_most(75).is_required(),
    text("description").at_most(60).is_required(),
    boolean("inactiveFlag").or_else(false),
    reference("subcategory", "productSubCategories").is_required(),
    reference("type", "productTypes").is_required(),
    choice("productClass", kProductClasses).or_else("NonInventory"),
    boolean("serializedFlag").or_else(false),
    boolean("serializedCostFlag").or_else(false),
    boolean("phaseProductFlag").or_else(false),
    reference("unitOfMeasure", "unitsOfMeasure").or_else_default(),
    integer("minStockLevel"),
    decimal("price").or_else(0.0),
    decimal("cost").or_else(0.0),
    choice("priceAttribute", "FixedFee, NotToExceed, OverrideRate, TimeAndMaterials"),
    boolean("taxableFlag").or_else(false),
    boolean("dropShipFlag").or_else(false),
    boolean("specialOrderFlag").or_else(false),
    text("customerDescription").at_most(6000).is_required(),
    reference("manufacturer", "manufacturers"),
    text("manufacturerPartNumber").at_most(50),
    reference("vendor", "companies"),
    text("vendorSku").at_most(50),
    text("notes"),
    text("integrationXRef").at_most(50),
    reference("sla", "slas"),
    boolean("recurringFlag").or_else(false),
    decimal("recurringRevenue"),
    decimal("recurringCost"),
    boolean("recurringOneTimeFlag").or_else(false),
    reference("recurringBillCycle", "billingCycles"),
    choice("recurringCycleType", "ContractYear, CalendarYear"),
    boolean("calculatedPriceFlag").or_else(false),
    boolean("calculatedCostFlag").or_else(false),
    reference("category", "productCategories"),
    decimal("calculatedPrice"),
    decimal("calculatedCost"),
    choice("billableOption", kBillableOptions).or_else("Billable"),
    text("connectWiseID"),
    reference("agreementType", "agreementTypes"),
    decimal("markupPercentage"),
    boolean("markupFlag").or_else(false),
    boolean("autoUpdateUnitCostFlag").or_else(false),
    boolean("autoUpdateUnitPriceFlag").or_else(false),
    custom_field_values(),
};

constexpr ReferenceMember kCatalogItemForm[] = {{"id", "id"}, {"identifier", "identifier"}};

constexpr InfoMember kCatalogItemReferenceInfo[] = {{"typeId", "", "typeIdText"}};

constexpr CustomFieldDefinition kCatalogItemCustomFields[] = {
    {71, "Lead time", "Text", "EntryField"}};

constexpr Rules kCatalogItemRules = {
    .fill = fill_catalog_item,
};

constexpr ResourceSpec kCatalogResources[] = {
    {
        .name = "productTypes",
        .path = "procurement/types",
        .type = "ProductType",
        .label = "Product Type",
        .href = "type",
        .fields = kProductTypeFields,
    },
    {
        .name = "manufacturers",
        .path = "procurement/manufacturers",
        .type = "Manufacturer",
        .label = "Manufacturer",
        .href = "manufacturer",
        .fields = kManufacturerFields,
    },
    {
        .name = "unitsOfMeasure",
        .path = "procurement/unitOfMeasures",
        .type = "UnitOfMeasure",
        .label = "Unit of measure",
        .href = "uom",
        .fields = kUnitOfMeasureFields,
    },
    {
        .name = "warehouses",
        .path = "procurement/warehouses",
        .type = "Warehouse",
        .label = "Warehouse",
        .href = "warehouse",
        .fields = kWarehouseFields,
    },
    {
        .name = "catalogItems",
        .path = "procurement/catalog",
        .type = "CatalogItem",
        .label = "Catalog Item",
        .href = "catalog",
        .fields = kCatalogItemFields,
        .reference_form = kCatalogItemForm,
        .reference_info = kCatalogItemReferenceInfo,
        .custom_fields = kCatalogItemCustomFields,
        .rules = &kCatalogItemRules,
    },
};

}  // namespace

std::span<const ResourceSpec> catalog_resources() {
  return kCatalogResources;
}

}  // namespace patchbay::sandbox
