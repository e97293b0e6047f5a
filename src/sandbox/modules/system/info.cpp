// What the instance says of itself: /system/info.
#include "sandbox/modules/system/info.h"

#include "json/write.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"

namespace patchbay::sandbox {
namespace {

ApiResult<ApiResponse> info(const ApiCall&) {
  json::Array licences;
  for (const std::string_view name :
       {"PocketPC", "EmailConnector", "KnowledgeBase", "Agreement", "Marketing", "Project"}) {
    licences.emplace_back(json::Object{{"name", name}, {"activeFlag", true}});
  }
  licences.emplace_back(json::Object{{"name", "Inventory"}, {"activeFlag", false}});
  return ApiResponse::json(200,
                           json::to_string(json::Object{{"version", kProductVersion},
                                                        {"isCloud", true},
                                                        {"serverTimeZone", "GMT Standard Time"},
                                                        {"licenseBits", std::move(licences)},
                                                        {"cloudRegion", "NA"},
                                                        {"maxWorkFlowRecordsAllowed", 1000}}));
}

}  // namespace

void add_info_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::get, "system/info", info});
}

}  // namespace patchbay::sandbox
