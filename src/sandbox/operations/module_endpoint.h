// Endpoints that do not follow from a resource's declaration, by module.
#pragma once

#include <vector>

#include "sandbox/operations/endpoints.h"

namespace patchbay::sandbox {

void add_system_endpoints(std::vector<SpecialEndpoint>& out);
void add_service_endpoints(std::vector<SpecialEndpoint>& out);
void add_sales_endpoints(std::vector<SpecialEndpoint>& out);
void add_ticket_link_endpoints(std::vector<SpecialEndpoint>& out);
void add_merge_endpoints(std::vector<SpecialEndpoint>& out);
void add_approval_endpoints(std::vector<SpecialEndpoint>& out);
void add_document_endpoints(std::vector<SpecialEndpoint>& out);
void add_project_ticket_endpoints(std::vector<SpecialEndpoint>& out);
void add_conversion_endpoints(std::vector<SpecialEndpoint>& out);
void add_account_endpoints(std::vector<SpecialEndpoint>& out);
void add_audit_endpoints(std::vector<SpecialEndpoint>& out);

// The version that the sandbox says it is.
inline constexpr std::string_view kApiVersion = "2025.1";
inline constexpr std::string_view kProductVersion = "v2025.1.10333";

}  // namespace patchbay::sandbox
