// Sales orders: /sales/orders.
#include "sandbox/modules/sales/orders.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

void fill_order(const WriteContext& context, Record& order) {
  const Table& table = context.table;
  fill_if_null(table, order, "orderDate", context.now);
  fill_if_null(table, order, "billToCompany", table.at(order, "company"));
  fill_if_null(table, order, "shipToCompany", table.at(order, "company"));
  const Table& companies = context.db.table("companies");
  if (const Record* company = companies.find(id_in(table, order, "company"))) {
    fill_if_null(table, order, "site", companies.at(*company, "site"));
    fill_if_null(table, order, "contact", companies.at(*company, "defaultContact"));
    fill_if_null(table, order, "billingTerms", companies.at(*company, "billingTerms"));
    fill_if_null(table, order, "taxCode", companies.at(*company, "taxCode"));
  }
}

constexpr FieldSpec kOrderStatusFields[] = {
    text("name").at_most(50).is_required(), boolean("defaultFlag").or_else(false),
    boolean("inactiveFlag").or_else(false), integer("sortOrder"),
    boolean("closedFlag").or_else(false),
};

constexpr FieldSpec kOrderFields[] = {
    text("name").is_hidden().read_via("poNumber"),
    reference("company", "companies").is_required(),
    reference("contact", "contacts"),
    text("phone"),
    text("phoneExt"),
    text("email"),
    reference("site", "companySites").within("company"),
    reference("status", "orderStatuses").is_required().or_else_default(),
    reference("opportunity", "opportunities"),
    date_time("orderDate"),
    date_time("dueDate"),
    reference("billingTerms", "billingTerms"),
    reference("taxCode", "taxCodes"),
    text("poNumber").at_most(50),
    reference("location", "locations"),
    reference("department", "departments"),
    reference("salesRep", "members").is_required(),
    text("notes"),
    boolean("billClosedFlag").or_else(false),
    boolean("billShippedFlag").or_else(false),
    boolean("restrictDownpaymentFlag").or_else(false),
    text("description"),
    boolean("topCommentFlag").or_else(false),
    boolean("bottomCommentFlag").or_else(false),
    reference("shipToCompany", "companies"),
    reference("shipToContact", "contacts"),
    reference("shipToSite", "companySites"),
    reference("billToCompany", "companies"),
    reference("billToContact", "contacts"),
    reference("billToSite", "companySites"),
    integers("productIds"),
    integers("documentIds"),
    integers("invoiceIds"),
    integers("configIds"),
    decimal("total").or_else(0.0).is_read_only(),
    decimal("taxTotal").or_else(0.0).is_read_only(),
    reference("currency", "currencies"),
    reference("companyLocation", "locations"),
    decimal("subTotal").or_else(0.0).is_read_only(),
};

constexpr ReferenceMember kOrderForm[] = {{"id", "id"}, {"identifier", "name"}};

constexpr Rules kOrderRules = {
    .fill = fill_order,
};

constexpr ResourceSpec kOrderResources[] = {
    {
        .name = "orderStatuses",
        .path = "sales/orders/statuses",
        .type = "OrderStatus",
        .label = "Order Status",
        .href = "status",
        .fields = kOrderStatusFields,
    },
    {
        .name = "orders",
        .path = "sales/orders",
        .type = "Order",
        .label = "Sales order",
        .href = "salesOrder",
        .fields = kOrderFields,
        .reference_form = kOrderForm,
        .rules = &kOrderRules,
    },
};

}  // namespace

std::span<const ResourceSpec> order_resources() {
  return kOrderResources;
}

}  // namespace patchbay::sandbox
