// Paths to what answers them: those that follow from the resources' declarations, and those of the
// modules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sandbox/operations/api_call.h"
#include "sandbox/operations/api_response.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/database.h"

namespace patchbay::sandbox {

class Endpoints {
 public:
  Endpoints(Database& db, std::vector<ModuleEndpoint> of_modules);

  // `segments`: the decoded path below ".../apis/3.0/", in the case that the client used.
  ApiResult<ApiResponse> dispatch(ApiCall& call, const std::vector<std::string>& segments) const;

 private:
  enum class Shape : std::uint8_t { collection, count, record };
  struct Standard {
    Table* table = nullptr;
    Shape shape = Shape::collection;
  };
  ApiResult<ApiResponse> answer(ApiCall& call, const Standard& endpoint, const Record* named) const;
  ApiResult<ApiResponse> answer_record(const ApiCall& call, Table& table,
                                       const Record& record) const;

  // By path in lower case with "{}" for numbers.
  std::unordered_map<std::string, Standard> standard_;
  std::unordered_map<std::string, std::vector<ModuleEndpoint>> of_modules_;
};

}  // namespace patchbay::sandbox
