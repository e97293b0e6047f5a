// The declarations of all resources, by module of the API.
#pragma once

#include <vector>

#include "sandbox/resource.h"

namespace patchbay::sandbox {

void add_system_resources(std::vector<Resource>& out);
void add_finance_resources(std::vector<Resource>& out);
void add_company_resources(std::vector<Resource>& out);
void add_board_resources(std::vector<Resource>& out);
void add_ticket_resources(std::vector<Resource>& out);
void add_time_resources(std::vector<Resource>& out);
void add_sales_resources(std::vector<Resource>& out);

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

inline const std::vector<std::string> kBillableOptions = {"Billable", "DoNotBill", "NoCharge",
                                                          "NoDefault"};

}  // namespace patchbay::sandbox
