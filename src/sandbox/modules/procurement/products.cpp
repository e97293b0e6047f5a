// The catalog and what is sold from it: /procurement. Rules: rules_*.cpp.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

Resource product_categories() {
  Resource made =
      resource("productCategories", "procurement/categories", "Category", "Category", "category",
               {text("name").at_most(50).is_required(), boolean("inactiveFlag").or_else(false),
                text("priceLevelXref").at_most(10), text("integrationXref").at_most(50),
                integers("locationIds"), boolean("defaultFlag").or_else(false)});
  return made;
}

Resource product_sub_categories() {
  Resource made =
      resource("productSubCategories", "procurement/subcategories", "SubCategory", "SubCategory",
               "subcategory",
               {text("name").at_most(50).is_required(), boolean("inactiveFlag").or_else(false),
                text("integrationXref").at_most(50), boolean("defaultFlag").or_else(false),
                reference("category", "productCategories").is_required()});
  made.rules = product_sub_category_rules();
  return made;
}

// The same subcategories below their category, in the older shape. Read here, written there.
Resource sub_categories_by_category() {
  Resource made = resource("legacySubCategories", "procurement/categories/{category}/subcategories",
                           "LegacySubCategory", "SubCategory", "subcategory",
                           {reference("category", "productCategories").is_hidden(),
                            text("name").at_most(50), boolean("inactiveFlag").or_else(false)});
  made.methods = kReadOnly;
  return made;
}

Resource product_types() {
  Resource made =
      resource("productTypes", "procurement/types", "ProductType", "Product Type", "type",
               {text("name").at_most(50).is_required(), boolean("inactiveFlag").or_else(false),
                choice("typeXref", {"InventoryPart", "NonInventoryPart", "OtherCharge", "Service"}),
                boolean("defaultFlag").or_else(false)});
  return made;
}

Resource manufacturers() {
  Resource made = resource(
      "manufacturers", "procurement/manufacturers", "Manufacturer", "Manufacturer", "manufacturer",
      {text("name").at_most(50).is_required(), boolean("inactiveFlag").or_else(false)});
  return made;
}

Resource units_of_measure() {
  Resource made = resource(
      "unitsOfMeasure", "procurement/unitOfMeasures", "UnitOfMeasure", "Unit of measure", "uom",
      {text("name").at_most(50).is_required(), boolean("inactiveFlag").or_else(false),
       boolean("defaultFlag").or_else(false), text("uomScheduleXref").at_most(31)});
  return made;
}

Resource warehouses() {
  Resource made = resource(
      "warehouses", "procurement/warehouses", "Warehouse", "Warehouse", "warehouse",
      {reference("company", "companies"), text("name").at_most(50).is_required(),
       reference("location", "locations").is_required(), reference("contact", "contacts"),
       reference("department", "departments").is_required(), reference("manager", "members"),
       reference("site", "companySites").within("company"), text("locationXref").at_most(10),
       boolean("locationDefaultFlag").or_else(false), boolean("overallDefaultFlag").or_else(false),
       boolean("inactiveFlag").or_else(false), boolean("lockedFlag").or_else(false),
       reference("currency", "currencies")});
  return made;
}

// References to an item tell its type's id, as text.
Cell type_id_text(const Database& db, const Record& item) {
  const std::int64_t id = reference_or(db.table("catalogItems").at(item, "type"), 0);
  return id == 0 ? Cell() : Cell(std::to_string(id));
}

Resource catalog_items() {
  Resource made = resource(
      "catalogItems", "procurement/catalog", "CatalogItem", "Catalog Item", "catalog",
      {text("typeIdText").is_hidden().read_by(type_id_text),
       text("identifier").at_most(75).is_required(),
       text("description").at_most(60).is_required(),
       boolean("inactiveFlag").or_else(false),
       reference("subcategory", "productSubCategories").is_required(),
       reference("type", "productTypes").is_required(),
       choice("productClass", {"Agreement", "Bundle", "Inventory", "NonInventory", "Service"})
           .or_else("NonInventory"),
       boolean("serializedFlag").or_else(false),
       boolean("serializedCostFlag").or_else(false),
       boolean("phaseProductFlag").or_else(false),
       reference("unitOfMeasure", "unitsOfMeasure").or_else_from([](const Database& db) {
         return first_flagged(db, "unitsOfMeasure", "defaultFlag");
       }),
       integer("minStockLevel"),
       decimal("price").or_else(0.0),
       decimal("cost").or_else(0.0),
       choice("priceAttribute", {"FixedFee", "NotToExceed", "OverrideRate", "TimeAndMaterials"}),
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
       choice("recurringCycleType", {"ContractYear", "CalendarYear"}),
       boolean("calculatedPriceFlag").or_else(false),
       boolean("calculatedCostFlag").or_else(false),
       reference("category", "productCategories"),
       decimal("calculatedPrice"),
       decimal("calculatedCost"),
       choice("billableOption", {"Billable", "DoNotBill", "NoCharge", "NoDefault"})
           .or_else("Billable"),
       text("connectWiseID"),
       reference("agreementType", "agreementTypes"),
       decimal("markupPercentage"),
       boolean("markupFlag").or_else(false),
       boolean("autoUpdateUnitCostFlag").or_else(false),
       boolean("autoUpdateUnitPriceFlag").or_else(false),
       custom_field_values()});
  made.reference_form = {{"id", "id"}, {"identifier", "identifier"}};
  made.reference_info = {{"typeId", "", "typeIdText"}};
  made.custom_fields = {{71, "Lead time", "Text", "EntryField", 0}};
  made.rules.fill = fill_catalog_item;
  return made;
}

Resource products() {
  Resource made = resource(
      "products", "procurement/products", "ProductItem", "Product", "product",
      {reference("company", "companies"),
       reference("project", "projects"),
       reference("catalogItem", "catalogItems").is_required(),
       text("description").at_most(2000),
       decimal("sequenceNumber"),
       decimal("quantity").or_else(1.0),
       reference("unitOfMeasure", "unitsOfMeasure"),
       decimal("price"),
       decimal("cost"),
       decimal("extPrice").is_read_only(),
       decimal("extCost").is_read_only(),
       decimal("discount").or_else(0.0),
       decimal("margin").is_read_only(),
       decimal("agreementAmount").or_else(0.0),
       choice("priceMethod", {"FlatRateForRange", "PercentMarkupFromCost",
                              "PercentMarkdownFromPrice", "PricePerUnit"})
           .or_else("PricePerUnit"),
       choice("billableOption", {"Billable", "DoNotBill", "NoCharge"})
           .is_required()
           .or_else("Billable"),
       reference("agreement", "agreements"),
       integer("locationId"),
       reference("location", "locations"),
       integer("businessUnitId"),
       reference("businessUnit", "departments"),
       reference("vendor", "companies"),
       text("vendorSku").at_most(50).or_else(""),
       boolean("taxableFlag").or_else(false),
       boolean("dropshipFlag").or_else(false),
       boolean("specialOrderFlag").or_else(false),
       boolean("phaseProductFlag").or_else(false),
       boolean("cancelledFlag").or_else(false),
       decimal("quantityCancelled"),
       text("cancelledReason").at_most(100),
       text("customerDescription").at_most(6000),
       text("internalNotes").at_most(1000),
       boolean("productSuppliedFlag").or_else(false),
       integer("subContractorShipToId"),
       decimal("subContractorAmountLimit").or_else(0.0),
       reference("sla", "slas"),
       reference("ticket", "tickets"),
       reference("phase", "projectPhases"),
       reference("salesOrder", "orders"),
       reference("opportunity", "opportunities"),
       reference("invoice", "invoices").is_read_only(),
       integer("warehouseId"),
       reference("warehouseIdObject", "warehouses"),
       integer("warehouseBinId"),
       boolean("calculatedPriceFlag").or_else(false),
       boolean("calculatedCostFlag").or_else(false),
       integer("forecastDetailId"),
       integer("cancelledBy").is_read_only(),
       date_time("cancelledDate"),
       text("warehouse"),
       text("warehouseBin"),
       date_time("purchaseDate"),
       reference("taxCode", "taxCodes"),
       text("integrationXRef"),
       decimal("listPrice"),
       integers("serialNumberIds"),
       reference("forecastStatus", "opportunityStatuses"),
       choice("productClass", {"Agreement", "Bundle", "Inventory", "NonInventory", "Service"}),
       boolean("needToPurchaseFlag").or_else(false),
       integer("needToOrderQuantity"),
       boolean("minimumStockFlag").or_else(false),
       text("shipSet").at_most(10),
       decimal("calculatedPrice"),
       decimal("calculatedCost"),
       boolean("poApprovedFlag").or_else(false).is_read_only(),
       text("uom").read_via("unitOfMeasure/name"),
       boolean("addComponentsFlag").is_input_only(),
       boolean("ignorePricingSchedulesFlag").is_input_only(),
       text("asioSubscriptionsID"),
       boolean("bypassForecastUpdate").is_input_only(),
       decimal("wonCost"),
       decimal("wonPrice"),
       decimal("wonQuantity")});
  made.reference_form = {{"id", "id"}, {"description", "description"}};
  made.rules = product_rules();
  return made;
}

Resource purchase_order_statuses() {
  Resource made =
      resource("purchaseOrderStatuses", "procurement/purchaseorderstatuses", "PurchaseOrderStatus",
               "Purchase Order Status", "status",
               {text("name").at_most(50).is_required(), boolean("defaultFlag").or_else(false),
                boolean("closedFlag").or_else(false), boolean("inactiveFlag").or_else(false),
                boolean("defaultClosedFlag").or_else(false), integer("sortOrder")});
  return made;
}

Resource purchase_orders() {
  Resource made = resource(
      "purchaseOrders", "procurement/purchaseorders", "PurchaseOrder", "Purchase Order",
      "purchaseOrder",
      {integer("businessUnitId"),
       text("cancelReason"),
       boolean("closedFlag").read_via("status/closedFlag"),
       text("closedBy").is_read_only(),
       text("customerCity"),
       reference("customerCompany", "companies"),
       reference("customerContact", "contacts"),
       reference("customerCountry", "countries"),
       text("customerExtension"),
       text("customerName"),
       text("customerPhone"),
       reference("customerSite", "companySites"),
       text("customerSiteName"),
       text("customerState"),
       text("customerStreetLine1"),
       text("customerStreetLine2"),
       text("customerZip"),
       date_time("dateClosed").is_read_only(),
       boolean("dropShipCustomerFlag").or_else(false),
       text("enteredBy").is_read_only(),
       decimal("freightCost").or_else(0.0),
       text("freightPackingSlip"),
       decimal("freightTaxTotal"),
       text("internalNotes"),
       integer("locationId"),
       reference("location", "locations"),
       date_time("poDate"),
       text("poNumber").at_most(50),
       decimal("salesTax").or_else(0.0),
       date_time("shipmentDate"),
       text("shippingInstructions"),
       reference("status", "purchaseOrderStatuses")
           .is_required()
           .or_else_from([](const Database& db) {
             return first_flagged(db, "purchaseOrderStatuses", "defaultFlag");
           }),
       decimal("subTotal").or_else(0.0).is_read_only(),
       reference("taxCode", "taxCodes"),
       boolean("taxFreightFlag").or_else(false),
       boolean("taxPoFlag").or_else(false),
       reference("terms", "billingTerms").is_required().or_else_from([](const Database& db) {
         return first_flagged(db, "billingTerms", "defaultFlag");
       }),
       decimal("total").or_else(0.0).is_read_only(),
       text("trackingNumber").at_most(50),
       boolean("updateShipmentInfo").or_else(false),
       boolean("updateVendorOrderNumber").or_else(false),
       reference("vendorCompany", "companies").is_required(),
       reference("vendorContact", "contacts"),
       date_time("vendorInvoiceDate"),
       text("vendorInvoiceNumber").at_most(50),
       text("vendorOrderNumber").at_most(50),
       reference("vendorSite", "companySites"),
       reference("warehouse", "warehouses"),
       reference("warehouseContact", "contacts"),
       reference("currency", "currencies"),
       custom_field_values()});
  made.reference_form = {{"id", "id"}, {"poNumber", "poNumber"}};
  made.info = {{"lineitems_href", "procurement/purchaseorders/{id}/lineitems", ""}};
  made.custom_fields = {{72, "Approved by", "Text", "EntryField", 0}};
  made.rules = purchase_order_rules();
  std::erase_if(made.fields,
                [](const Field& field) { return field.in_info && field.name == "enteredBy"; });
  return made;
}

Resource purchase_order_lines() {
  Resource made =
      resource("purchaseOrderLines", "procurement/purchaseorders/{purchaseOrder}/lineitems",
               "PurchaseOrderLineItem", "Line item", "lineItem",
               {reference("purchaseOrder", "purchaseOrders").is_hidden(),
                boolean("backorderedFlag").or_else(false),
                text("canceledBy").is_read_only(),
                boolean("canceledFlag").or_else(false),
                text("canceledReason").at_most(100),
                boolean("closedFlag").or_else(false),
                date_time("dateCanceled").is_read_only(),
                date_time("dateCanceledUtc").is_read_only(),
                text("description").at_most(6000).is_required(),
                boolean("displayInternalNotesFlag").or_else(false),
                date_time("expectedShipDate"),
                text("internalNotes").at_most(1000),
                integer("lineNumber").is_required(),
                text("packingSlip").at_most(50),
                reference("product", "catalogItems").is_required(),
                id_of_parent("purchaseOrderId", "purchaseOrderLines", "purchaseOrder"),
                text("purchaseOrderNumber").read_via("purchaseOrder/poNumber"),
                decimal("quantity").is_required(),
                integer("receivedQuantity").or_else(std::int64_t{0}),
                text("serialNumbers"),
                date_time("shipDate"),
                decimal("tax").or_else(0.0),
                text("trackingNumber").at_most(50),
                decimal("unitCost").or_else(0.0),
                reference("unitOfMeasure", "unitsOfMeasure").is_required(),
                text("vendorOrderNumber").at_most(50),
                text("vendorSku").at_most(50),
                reference("warehouse", "warehouses"),
                text("shipSet").at_most(10),
                date_time("dateReceived"),
                choice("receivedStatus", {"Waiting", "FullyReceived", "PartiallyReceiveCancelRest",
                                          "PartiallyReceiveCloneRest"})
                    .or_else("Waiting"),
                decimal("extCost").is_read_only(),
                date_time("expectedArrivalDate"),
                boolean("isDetachAvailable").or_else(false),
                boolean("batchedFlag").or_else(false),
                integer("unbatchedRecId")});
  made.methods.remove = false;
  made.rules = purchase_order_line_rules();
  return made;
}

}  // namespace

void add_procurement_resources(std::vector<Resource>& out) {
  out.push_back(product_categories());
  out.push_back(product_sub_categories());
  out.push_back(sub_categories_by_category());
  out.push_back(product_types());
  out.push_back(manufacturers());
  out.push_back(units_of_measure());
  out.push_back(warehouses());
  out.push_back(catalog_items());
  out.push_back(products());
  out.push_back(purchase_order_statuses());
  out.push_back(purchase_orders());
  out.push_back(purchase_order_lines());
}

}  // namespace patchbay::sandbox
