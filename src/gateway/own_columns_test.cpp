// Conditions about columns that the API alone knows: the rows of a system report.
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kRun = "connect_wise_psa_system_reports_run";

std::string run(const std::string& conditions) {
  return R"({"reportName":"Service","columns":"id,summary","pageSize":1000,"conditions":)" +
         json::to_string(json::Value(conditions)) + '}';
}

}  // namespace

TEST_CASE("a report's rows are those that its conditions hold of") {
  World world;
  const auto rows_of = [&](const std::string& conditions) {
    const auto answer = world.call(kRun, run(conditions));
    REQUIRE_MESSAGE(!answer.result.is_error, answer.result.text);
    std::vector<std::int64_t> ids;
    for (const auto& row : *answer.value.find("row_values")->if_array()) {
      ids.push_back((*row.if_array())[0].as_int64().value_or(0));
    }
    std::ranges::sort(ids);
    return ids;
  };
  const auto open = world.direct_ids("/service/tickets?conditions=closedFlag%20%3D%20false");
  CHECK(open.size() > 3);
  CHECK(rows_of("closedFlag = false") == open);
  CHECK(rows_of("id = " + std::to_string(open[1]) + " or (id=" + std::to_string(open[2]) +
                " AND summary like '%')") == std::vector{open[1], open[2]});
}

TEST_CASE("the form of a report's conditions is checked, and its columns are the API's to know") {
  World world;
  for (const char* broken :
       {"closedFlag = ", "closedFlag == true", "= 5", "(id = 5", "id = 5) OR (id = 6",
        "summary contains 5", "id > true", "closedDate > [no time]", "id = 5; DROP"}) {
    CAPTURE(broken);
    const auto answer = world.call(kRun, run(broken));
    CHECK_MESSAGE(answer.error().contains("conditions"), answer.result.text);
    CHECK(answer.result.upstream_status == 0);
  }
  const auto unknown = world.call(kRun, run("noSuchColumn = 5"));
  CHECK(unknown.result.is_error);
  CHECK_MESSAGE(unknown.result.upstream_status == 400, unknown.result.text);
}

}  // namespace patchbay::gateway
