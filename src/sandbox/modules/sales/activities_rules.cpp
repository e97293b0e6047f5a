#include <chrono>

#include <fmt/format.h>

#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {

void fill_activity(const WriteContext& context, Record& activity) {
  const Table& table = context.table;
  fill_if_null(table, activity, "assignedBy", Reference{context.member});
  if (is_null(table.at(activity, "company"))) {
    const Table& contacts = context.db.table("contacts");
    if (const Record* contact = contacts.find(id_in(table, activity, "contact"))) {
      table.at(activity, "company") = contacts.at(*contact, "company");
    }
  }
  table.at(activity, "dateEndUtc") = table.at(activity, "dateEnd");
  const Table& statuses = context.db.table("activityStatuses");
  const Record* status = statuses.find(id_in(table, activity, "status"));
  const bool closed = bool_or(table.at(activity, "closeFlag"), false) ||
                      (status != nullptr && bool_or(statuses.at(*status, "closedFlag"), false));
  if (!closed) {
    table.at(activity, "dateClosedUtc") = Cell();
  } else {
    fill_if_null(table, activity, "dateClosedUtc", context.now);
  }
}

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

}  // namespace patchbay::sandbox
