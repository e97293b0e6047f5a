// What is bought: /procurement/purchaseorders.
#include "sandbox/modules/procurement/purchase_orders.h"

#include "sandbox/modules/procurement/purchase_orders_rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kPurchaseOrderStatusFields[] = {
    text("name").at_most(50).is_required(),      boolean("defaultFlag").or_else(false),
    boolean("closedFlag").or_else(false),        boolean("inactiveFlag").or_else(false),
    boolean("defaultClosedFlag").or_else(false), integer("sortOrder"),
};

constexpr FieldSpec kPurchaseOrderFields[] = {
    integer("businessUnitId"),
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
    reference("status", "purchaseOrderStatuses").is_required().or_else_default(),
    decimal("subTotal").or_else(0.0).is_read_only(),
    reference("taxCode", "taxCodes"),
    boolean("taxFreightFlag").or_else(false),
    boolean("taxPoFlag").or_else(false),
    reference("terms", "billingTerms").is_required().or_else_default(),
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
    custom_field_values(),
};

constexpr ReferenceMember kPurchaseOrderForm[] = {{"id", "id"}, {"poNumber", "poNumber"}};

constexpr InfoMember kPurchaseOrderInfo[] = {
    {"lineitems_href", "procurement/purchaseorders/{id}/lineitems"}};

constexpr CustomFieldDefinition kPurchaseOrderCustomFields[] = {
    {72, "Approved by", "Text", "EntryField"}};

constexpr FieldSpec kPurchaseOrderLineItemFields[] = {
    reference("purchaseOrder", "purchaseOrders").is_hidden(),
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
    integer("purchaseOrderId").id_of("purchaseOrder"),
    text("purchaseOrderNumber").read_via("purchaseOrder/poNumber"),
    decimal("quantity").is_required(),
    integer("receivedQuantity").or_else(0),
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
    choice("receivedStatus",
           "Waiting, FullyReceived, PartiallyReceiveCancelRest, "
           "PartiallyReceiveCloneRest")
        .or_else("Waiting"),
    decimal("extCost").is_read_only(),
    date_time("expectedArrivalDate"),
    boolean("isDetachAvailable").or_else(false),
    boolean("batchedFlag").or_else(false),
    integer("unbatchedRecId"),
};

constexpr ResourceSpec kPurchaseOrderResources[] = {
    {
        .name = "purchaseOrderStatuses",
        .path = "procurement/purchaseorderstatuses",
        .type = "PurchaseOrderStatus",
        .label = "Purchase Order Status",
        .href = "status",
        .fields = kPurchaseOrderStatusFields,
    },
    {
        .name = "purchaseOrders",
        .path = "procurement/purchaseorders",
        .type = "PurchaseOrder",
        .label = "Purchase Order",
        .href = "purchaseOrder",
        .fields = kPurchaseOrderFields,
        .stamps = kStampsWithoutEnteredBy,
        .reference_form = kPurchaseOrderForm,
        .info = kPurchaseOrderInfo,
        .custom_fields = kPurchaseOrderCustomFields,
        .rules = &kPurchaseOrderRules,
    },
    {
        .name = "purchaseOrderLines",
        .path = "procurement/purchaseorders/{purchaseOrder}/lineitems",
        .type = "PurchaseOrderLineItem",
        .label = "Line item",
        .href = "lineItem",
        .fields = kPurchaseOrderLineItemFields,
        .methods = {.remove = false},
        .rules = &kPurchaseOrderLineRules,
    },
};

}  // namespace

std::span<const ResourceSpec> purchase_order_resources() {
  return kPurchaseOrderResources;
}

}  // namespace patchbay::sandbox
