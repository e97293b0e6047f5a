// What the API does beyond fields, by module: rules_*.cpp. Tickets and time entries have headers of
// their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// Projects.
Rules project_rules();
Rules phase_rules();
Rules project_ticket_rules();
Rules project_ticket_note_rules();
Rules project_team_member_rules();
// The hours of a project ticket, its phase and its project, from the time entries.
void sum_up_project_ticket(Database& db, std::int64_t ticket);

// Dispatch.
Rules schedule_entry_rules();

// Sales.
void fill_activity(const WriteContext& context, Record& activity);
void fill_order(const WriteContext& context, Record& order);

// Companies.
void fill_configuration(const WriteContext& context, Record& configuration);
// A contact's communicationItems are also records of their own.
void spread_communications(Database& db, std::int64_t contact);
Rules communication_rules();

// Finance. Totals are what time, expenses, products and the agreement add up to.
Rules agreement_rules();
Rules addition_rules();
Rules invoice_rules();
Rules payment_rules();
// What stands on them beside the sums, where nobody said otherwise.
void complete_agreement(const Database& db, const Table& agreements, Record& agreement);
void complete_invoice(const Database& db, const Table& invoices, Record& invoice);
void complete_product(const Table& products, Record& product);
// Every invoice is also among the unposted ones.
void mirror_unposted(Database& db, std::int64_t invoice);
void price_addition(const Database& db, const Table& additions, Record& addition);
void total_invoice(const Database& db, const Table& invoices, Record& invoice);
void total_invoice(Database& db, std::int64_t invoice);

// Procurement.
void fill_catalog_item(const WriteContext& context, Record& item);
Rules product_rules();
// The sums of the order and the invoice that a product is on.
void total_what_holds(Database& db, const Record& product);
Rules product_sub_category_rules();
// A subcategory as it stands below its category.
void mirror_sub_category(Database& db, const Record& sub_category);
Rules purchase_order_rules();
Rules purchase_order_line_rules();
void total_purchase_order(Database& db, std::int64_t order);

// Expenses.
Rules expense_entry_rules();
std::int64_t expense_report_for(Database& db, std::int64_t member, Instant when);

// System.
Rules callback_rules();

// What the rules share.
std::int64_t id_in(const Table& table, const Record& record, std::string_view field);  // 0: null
double number_in(const Table& table, const Record& record, std::string_view field);    // 0: null
void fill_if_null(const Table& table, Record& record, std::string_view field, const Cell& value);
double to_cents(double amount);
std::string member_identifier(const Database& db, std::int64_t member);
void erase_children(Database& db, std::string_view table, std::int64_t parent);
std::int64_t default_child(const Table& children, std::int64_t parent);  // the one with defaultFlag

}  // namespace patchbay::sandbox
