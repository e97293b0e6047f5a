// The declarations of all resources, by module of the API.
#pragma once

#include <vector>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

void add_system_resources(std::vector<Resource>& out);
void add_finance_resources(std::vector<Resource>& out);
void add_company_resources(std::vector<Resource>& out);
void add_board_resources(std::vector<Resource>& out);
void add_ticket_resources(std::vector<Resource>& out);
void add_time_resources(std::vector<Resource>& out);
void add_sales_resources(std::vector<Resource>& out);
void add_activity_resources(std::vector<Resource>& out);
void add_agreement_resources(std::vector<Resource>& out);
void add_configuration_resources(std::vector<Resource>& out);
void add_accounting_resources(std::vector<Resource>& out);
void add_expense_resources(std::vector<Resource>& out);
void add_procurement_resources(std::vector<Resource>& out);
void add_project_resources(std::vector<Resource>& out);
void add_project_extra_resources(std::vector<Resource>& out);
void add_record_resources(std::vector<Resource>& out);
void add_schedule_resources(std::vector<Resource>& out);
void add_service_extra_resources(std::vector<Resource>& out);
void add_time_setup_resources(std::vector<Resource>& out);

std::vector<Resource> all_resources();

// A resource with the usual shape; what differs is set afterwards.
Resource resource(std::string name, std::string path, std::string type, std::string label,
                  std::string href, std::vector<Field> fields);

// Appends several lists of fields.
void append(std::vector<Field>& fields, std::vector<Field> more);

// The record of `table` whose boolean `field` is set, as a default; else null.
Cell first_flagged(const Database& db, std::string_view table, std::string_view field);
// The record with the lowest id.
Cell first_of(const Database& db, std::string_view table);

// A member that repeats the parent's id as a bare number: "ticketId".
Field id_of_parent(std::string name, std::string resource, std::string parent);

inline const std::vector<std::string> kBillableOptions = {"Billable", "DoNotBill", "NoCharge",
                                                          "NoDefault"};

}  // namespace patchbay::sandbox
