// Purchase orders and their lines.
#include "sandbox/modules/procurement/purchase_orders_rules.h"

#include <algorithm>

#include <fmt/core.h>

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

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

// Who receives a part and clones the rest has two lines then: one that is whole, and one that
// waits.
void clone_rest(const WriteContext& context, const Record& line) {
  constexpr std::string_view kClone = "PartiallyReceiveCloneRest";
  Table& table = context.db.table("purchaseOrderLines");
  const bool is_so = text_or(table.at(line, "receivedStatus"), "") == kClone;
  const bool was_so = context.before != nullptr &&
                      text_or(table.at(*context.before, "receivedStatus"), "") == kClone;
  const auto received = static_cast<double>(int_or(table.at(line, "receivedQuantity"), 0));
  const double rest = number_in(table, line, "quantity") - received;
  if (!is_so || was_so || received <= 0 || rest <= 0) return;
  const auto resize = [&](Record& one, double quantity) {
    table.at(one, "quantity") = quantity;
    table.at(one, "extCost") = to_cents(quantity * number_in(table, one, "unitCost"));
  };
  const std::int64_t order = id_in(table, line, "purchaseOrder");
  std::int64_t last = 0;
  for (const std::int64_t id : table.children_of(order)) {
    last = std::max(last, int_or(table.at(*table.find(id), "lineNumber"), 0));
  }
  Record whole = line;
  resize(whole, received);
  Record waits = line;
  waits.id = 0;
  resize(waits, rest);
  table.at(waits, "lineNumber") = last + 1;
  table.at(waits, "receivedQuantity") = std::int64_t{0};
  table.at(waits, "receivedStatus") = "Waiting";
  table.at(waits, "dateReceived") = Cell();
  table.at(waits, "serialNumbers") = Cell();
  table.at(waits, "closedFlag") = false;
  table.put(std::move(whole));
  table.insert(std::move(waits));
}

}  // namespace

const Rules kPurchaseOrderRules = {
    .fill = fill_purchase_order,
    .stored = [](const WriteContext& context,
                 const Record& order) { total_purchase_order(context.db, order.id); },
    .deleted = [](Database& db,
                  const Record& order) { erase_children(db, "purchaseOrderLines", order.id); },
};

const Rules kPurchaseOrderLineRules = {
    .fill = fill_line,
    .check =
        [](const WriteContext& context, const Record& line, std::vector<InvalidField>& errors) {
          const double quantity = number_in(context.table, line, "quantity");
          const auto received = int_or(context.table.at(line, "receivedQuantity"), 0);
          if (static_cast<double>(received) > quantity) {
            errors.push_back({"OutOfRange", "receivedQuantity cannot exceed quantity.",
                              "purchaseOrderLineItem", "receivedQuantity"});
          }
        },
    .stored =
        [](const WriteContext& context, const Record& line) {
          clone_rest(context, line);
          total_purchase_order(context.db, id_in(context.table, line, "purchaseOrder"));
        },
    .deleted =
        [](Database& db, const Record& line) {
          total_purchase_order(db, id_in(db.table("purchaseOrderLines"), line, "purchaseOrder"));
        },
};

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

}  // namespace patchbay::sandbox
