// What products cost, and what the orders and invoices that they are on add up to.
#include "sandbox/modules/procurement/products_rules.h"

#include "sandbox/modules/finance/invoices_rules.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

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

}  // namespace

const Rules kProductRules = {
    .fill = fill_product,
    .stored = [](const WriteContext& context,
                 const Record& product) { total_what_holds(context.db, product); },
    .refuses_delete = [](const Database& db, const Record& product) -> std::optional<ApiError> {
      if (id_in(db.table("products"), product, "invoice") == 0) return std::nullopt;
      return invalid_object("productItem",
                            {{"InvalidOperation", "An invoiced product cannot be deleted.",
                              "productItem", "invoice"}});
    },
    .deleted = total_what_holds,
};

void total_what_holds(Database& db, const Record& product) {
  const Table& products = db.table("products");
  total_order(db, id_in(products, product, "salesOrder"));
  if (const std::int64_t invoice = id_in(products, product, "invoice"); invoice != 0) {
    total_invoice(db, invoice);
  }
}

void complete_product(const Table& table, Record& product) {
  fill_if_null(table, product, "sequenceNumber", static_cast<double>(product.id));
  fill_if_null(table, product, "businessUnitId", std::int64_t{3});
  fill_if_null(table, product, "businessUnit",
               RecordReference{int_or(table.at(product, "businessUnitId"), 0)});
}

}  // namespace patchbay::sandbox
