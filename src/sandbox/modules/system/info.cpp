#include "json/write.h"
#include "sandbox/operations/special_endpoints.h"

namespace patchbay::sandbox {
namespace {

Answer<http::Response> info(const Call&) {
  json::Array licences;
  for (const std::string_view name :
       {"PocketPC", "EmailConnector", "KnowledgeBase", "Agreement", "Marketing", "Project"}) {
    licences.emplace_back(json::Object{{"name", name}, {"activeFlag", true}});
  }
  licences.emplace_back(json::Object{{"name", "Inventory"}, {"activeFlag", false}});
  return http::Response::json(200,
                              json::to_string(json::Object{{"version", kProductVersion},
                                                           {"isCloud", true},
                                                           {"serverTimeZone", "GMT Standard Time"},
                                                           {"licenseBits", std::move(licences)},
                                                           {"cloudRegion", "NA"},
                                                           {"maxWorkFlowRecordsAllowed", 1000}}));
}

// The names of the legacy reports; what they hold is not served.
Answer<http::Response> list_reports(const Call&) {
  json::Array reports;
  for (const char* name : {"Activity", "Agreement", "Company", "Invoice", "Opportunity", "Project",
                           "SalesOrder", "Service", "Time"}) {
    reports.emplace_back(json::Object{{"name", name}});
  }
  return http::Response::json(200, json::to_string(std::move(reports)));
}

}  // namespace

void add_system_endpoints(std::vector<SpecialEndpoint>& out) {
  out.push_back({http::Method::get, "system/info", info});
  out.push_back({http::Method::get, "system/reports", list_reports});
}

std::vector<SpecialEndpoint> special_endpoints() {
  std::vector<SpecialEndpoint> all;
  add_system_endpoints(all);
  add_service_endpoints(all);
  add_sales_endpoints(all);
  add_ticket_link_endpoints(all);
  add_merge_endpoints(all);
  add_approval_endpoints(all);
  add_document_endpoints(all);
  add_project_ticket_endpoints(all);
  add_conversion_endpoints(all);
  add_account_endpoints(all);
  add_audit_endpoints(all);
  return all;
}

}  // namespace patchbay::sandbox
