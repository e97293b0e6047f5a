// What is sold: /procurement/products.
#include "sandbox/modules/procurement/products.h"

#include "sandbox/modules/procurement/catalog.h"
#include "sandbox/modules/procurement/products_rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kProductItemFields[] = {
    reference("company", "companies"),
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
    choice("priceMethod",
           "FlatRateForRange, PercentMarkupFromCost, "
           "PercentMarkdownFromPrice, PricePerUnit")
        .or_else("PricePerUnit"),
    choice("billableOption", "Billable, DoNotBill, NoCharge").is_required().or_else("Billable"),
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
    choice("productClass", kProductClasses),
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
    decimal("wonQuantity"),
};

constexpr ReferenceMember kProductItemForm[] = {{"id", "id"}, {"description", "description"}};

constexpr ResourceSpec kProductResources[] = {
    {
        .name = "products",
        .path = "procurement/products",
        .type = "ProductItem",
        .label = "Product",
        .href = "product",
        .fields = kProductItemFields,
        .reference_form = kProductItemForm,
        .rules = &kProductRules,
    },
};

}  // namespace

std::span<const ResourceSpec> product_resources() {
  return kProductResources;
}

}  // namespace patchbay::sandbox
