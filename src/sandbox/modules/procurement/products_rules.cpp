#include <fmt/format.h>

#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

void fill_product(const WriteContext& context, Record& product) {
  const Table& table = context.table;
  const Table& catalog = context.db.table("catalogItems");
  if (const Record* item = catalog.find(id_in(table, product, "catalogItem"))) {
    for (const std::string_view field : {"description", "customerDescription", "price", "cost",
                                         "unitOfMeasure", "productClass", "vendor"}) {
      fill_if_null(table, product, field, catalog.at(*item, field));
    }
    fill_if_null(table, product, "listPrice", catalog.at(*item, "price"));
  }
  for (const auto& [field, target] :
       {std::pair("ticket", "tickets"), std::pair("project", "projects"),
        std::pair("salesOrder", "orders"), std::pair("opportunity", "opportunities"),
        std::pair("agreement", "agreements")}) {
    const Table& table_of = context.db.table(target);
    const Record* record = table_of.find(id_in(table, product, field));
    if (record != nullptr) {
      fill_if_null(table, product, "company", table_of.at(*record, "company"));
    }
  }
  complete_product(table, product);
  const double quantity =
      number_in(table, product, "quantity") - number_in(table, product, "quantityCancelled");
  const double price = to_cents(quantity * number_in(table, product, "price") -
                                number_in(table, product, "discount"));
  const double cost = to_cents(quantity * number_in(table, product, "cost"));
  table.at(product, "extPrice") = price;
  table.at(product, "extCost") = cost;
  table.at(product, "margin") = to_cents(price - cost);
}

// A sales order is worth what its products add up to.
void total_order(Database& db, std::int64_t order) {
  Table& orders = db.table("orders");
  const Record* record = orders.find(order);
  if (record == nullptr) return;
  const Table& products = db.table("products");
  Ids ids;
  double sum = 0;
  for (const auto& [id, product] : products.records()) {
    if (id_in(products, product, "salesOrder") != order) continue;
    ids.push_back(id);
    sum += number_in(products, product, "extPrice");
  }
  Record changed = *record;
  const Table& codes = db.table("taxCodes");
  const Record* code = codes.find(id_in(orders, changed, "taxCode"));
  const double rate = code == nullptr ? 0 : number_in(codes, *code, "levelOneRate");
  orders.at(changed, "productIds") = std::move(ids);
  orders.at(changed, "subTotal") = to_cents(sum);
  orders.at(changed, "taxTotal") = to_cents(sum * rate / 100);
  orders.at(changed, "total") = to_cents(sum) + to_cents(sum * rate / 100);
  orders.put(std::move(changed));
}

void fill_purchase_order(const WriteContext& context, Record& order) {
  const Table& table = context.table;
  if (context.before == nullptr) {
    fill_if_null(table, order, "poNumber", fmt::format("{}", 30'000 + order.id));
    fill_if_null(table, order, "poDate", context.now);
    table.at(order, "enteredBy") = member_identifier(context.db, context.member);
  }
  const Table& statuses = context.db.table("purchaseOrderStatuses");
  const Record* status = statuses.find(id_in(table, order, "status"));
  const bool closed = status != nullptr && bool_or(statuses.at(*status, "closedFlag"), false);
  if (!closed) {
    table.at(order, "dateClosed") = Cell();
    table.at(order, "closedBy") = Cell();
  } else if (is_null(table.at(order, "dateClosed"))) {
    table.at(order, "dateClosed") = context.now;
    table.at(order, "closedBy") = member_identifier(context.db, context.member);
  }
}

void fill_line(const WriteContext& context, Record& line) {
  const Table& table = context.table;
  const Table& catalog = context.db.table("catalogItems");
  if (const Record* item = catalog.find(id_in(table, line, "product"))) {
    if (number_in(table, line, "unitCost") == 0 && !context.was_given("unitCost")) {
      table.at(line, "unitCost") = catalog.at(*item, "cost");
    }
    fill_if_null(table, line, "description", catalog.at(*item, "description"));
  }
  table.at(line, "extCost") =
      to_cents(number_in(table, line, "quantity") * number_in(table, line, "unitCost"));
  if (bool_or(table.at(line, "canceledFlag"), false)) {
    fill_if_null(table, line, "dateCanceled", context.now);
    fill_if_null(table, line, "canceledBy", member_identifier(context.db, context.member));
  }
}

}  // namespace

void fill_catalog_item(const WriteContext& context, Record& item) {
  const Table& table = context.table;
  const Table& subs = context.db.table("productSubCategories");
  if (const Record* sub = subs.find(id_in(table, item, "subcategory"))) {
    fill_if_null(table, item, "category", subs.at(*sub, "category"));
  }
}

void total_what_holds(Database& db, const Record& product) {
  const Table& products = db.table("products");
  total_order(db, id_in(products, product, "salesOrder"));
  if (const std::int64_t invoice = id_in(products, product, "invoice"); invoice != 0) {
    total_invoice(db, invoice);
  }
}

Rules product_rules() {
  Rules rules;
  rules.fill = fill_product;
  rules.stored = [](const WriteContext& context, const Record& product) {
    total_what_holds(context.db, product);
  };
  rules.deleted = total_what_holds;
  rules.refuses_delete = [](const Database& db, const Record& product) -> std::optional<ApiError> {
    if (id_in(db.table("products"), product, "invoice") == 0) return std::nullopt;
    return invalid_object(
        "productItem",
        {{"InvalidOperation", "An invoiced product cannot be deleted.", "productItem", "invoice"}});
  };
  return rules;
}

Rules purchase_order_rules() {
  Rules rules;
  rules.fill = fill_purchase_order;
  rules.stored = [](const WriteContext& context, const Record& order) {
    total_purchase_order(context.db, order.id);
  };
  rules.deleted = [](Database& db, const Record& order) {
    erase_children(db, "purchaseOrderLines", order.id);
  };
  return rules;
}

Rules purchase_order_line_rules() {
  Rules rules;
  rules.fill = fill_line;
  rules.check = [](const WriteContext& context, const Record& line,
                   std::vector<FieldError>& errors) {
    const double quantity = number_in(context.table, line, "quantity");
    const auto received = int_or(context.table.at(line, "receivedQuantity"), 0);
    if (static_cast<double>(received) > quantity) {
      errors.push_back({"OutOfRange", "receivedQuantity cannot exceed quantity.",
                        "purchaseOrderLineItem", "receivedQuantity"});
    }
  };
  rules.stored = [](const WriteContext& context, const Record& line) {
    total_purchase_order(context.db, id_in(context.table, line, "purchaseOrder"));
  };
  rules.deleted = [](Database& db, const Record& line) {
    total_purchase_order(db, id_in(db.table("purchaseOrderLines"), line, "purchaseOrder"));
  };
  return rules;
}

void total_purchase_order(Database& db, std::int64_t order) {
  Table& orders = db.table("purchaseOrders");
  const Record* record = orders.find(order);
  if (record == nullptr) return;
  const Table& lines = db.table("purchaseOrderLines");
  double sum = 0;
  double tax = 0;
  for (const std::int64_t id : lines.children_of(order)) {
    const Record& line = *lines.find(id);
    if (bool_or(lines.at(line, "canceledFlag"), false)) continue;
    sum += number_in(lines, line, "extCost");
    tax += number_in(lines, line, "tax");
  }
  Record changed = *record;
  orders.at(changed, "subTotal") = to_cents(sum);
  if (tax != 0) orders.at(changed, "salesTax") = to_cents(tax);
  orders.at(changed, "total") = to_cents(sum + number_in(orders, changed, "salesTax") +
                                         number_in(orders, changed, "freightCost"));
  orders.put(std::move(changed));
}

void mirror_sub_category(Database& db, const Record& sub_category) {
  const Table& from = db.table("productSubCategories");
  Table& to = db.table("legacySubCategories");
  Record mirrored = to.blank();
  mirrored.id = sub_category.id;
  for (const std::string_view field : {"category", "name", "inactiveFlag", "lastUpdated",
                                       "updatedBy", "dateEntered", "enteredBy"}) {
    to.at(mirrored, field) = from.at(sub_category, field);
  }
  to.put(std::move(mirrored));
}

Rules product_sub_category_rules() {
  Rules rules;
  rules.stored = [](const WriteContext& context, const Record& sub_category) {
    mirror_sub_category(context.db, sub_category);
  };
  rules.deleted = [](Database& db, const Record& sub_category) {
    db.table("legacySubCategories").erase(sub_category.id);
  };
  return rules;
}

}  // namespace patchbay::sandbox
