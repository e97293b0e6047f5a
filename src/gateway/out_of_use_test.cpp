// Out of use is what the definition says is out of use: by name a record in use wins, one that is
// not is taken by its id only, and candidates say of it that it is.
#include <algorithm>

#include <doctest/doctest.h>

#include "base/text.h"
#include "gateway/names/match.h"
#include "gateway/test_harness.h"

namespace patchbay::gateway {
namespace {

using Seen = StubUpstream::Seen;

// An upstream whose one resource has these records; everything else is not there.
struct Shop {
  io::Runtime runtime{{.loops = 1}};
  std::string path;
  std::string records;
  StubUpstream upstream{(runtime.start(), runtime),
                        [this](const Seen& seen) { return answer(seen); }};
  Harness harness{runtime, upstream.port()};
  Shop(std::string at, std::string what) : path(std::move(at)), records(std::move(what)) {}
  ~Shop() { runtime.stop(); }

  http::Response answer(const Seen& seen) const {
    if (seen.path == path) return http::Response::json(200, records);
    if (seen.path == "/company/companies") {
      return http::Response::json(200, R"([{"id":40,"identifier":"Acme","name":"Acme Corp"}])");
    }
    // Nothing like what is to be made.
    const bool is_list = seen.method == "GET" && !seen.path.ends_with('7');
    return http::Response::json(200, is_list ? "[]" : R"({"id":7})");
  }
};

struct Kind {
  std::string sign;  // what the records have
  std::string told;  // what the refusal says of it
};

}  // namespace

TEST_CASE("what says that a record is out of use, by the kinds of fields that say so") {
  MatchRule rule = MatchRule::of({}, "name");
  using Sign = integration::OutOfUse::Sign;
  rule.out_of_use = {{"gone", Sign::is_true},
                     {"active", Sign::is_false},
                     {"lastDay", Sign::day_is_over},
                     {"closed", Sign::is_past}};
  rule.today = "2026-11-22";
  rule.now = "2026-11-22T15:00:00Z";
  const auto why = [&](std::string_view record) {
    return why_out_of_use(json::parse(record).value(), rule);
  };
  CHECK(why(R"({"gone":true})") == "gone");
  CHECK(why(R"({"gone":false,"active":true})").empty());
  CHECK(why(R"({"active":false})") == "active false");
  CHECK(why(R"({"lastDay":"2026-11-21T00:00:00Z"})") == "lastDay 2026-11-21");
  CHECK(why(R"({"lastDay":"2026-11-22T00:00:00Z"})").empty());
  CHECK(why(R"({"closed":"2026-11-22T14:59:59Z"})") == "closed 2026-11-22");
  CHECK(why(R"({"closed":"2026-11-22T15:00:01Z"})").empty());
  CHECK(why("{}").empty());
}

TEST_CASE("an agreement that ended or was cancelled is not meant by its name") {
  for (const auto& [sign, told] :
       {Kind{R"("cancelledFlag":true)", "cancelledFlag"},
        Kind{R"("endDate":"2025-12-31T00:00:00Z")", "endDate 2025-12-31"}}) {
    CAPTURE(sign);
    const auto entry = [](Shop& shop, const std::string& agreement) {
      return shop.harness.call("create_a_connect_wise_psa_time_entry",
                               R"({"dry_run":true,"company":"Acme Corp",
        "timeStart":"2026-11-20T09:00","timeEnd":"2026-11-20T10:00","agreement":)" +
                                   agreement + '}');
    };
    Shop both("/finance/agreements",
              R"([{"id":1,"name":"Gold",)" + sign + R"(},{"id":2,"name":"Gold"}])");
    const auto live = entry(both, "\"gold\"");
    REQUIRE_MESSAGE(!live.result.is_error, live.result.text);
    CHECK(live.value.find("resolved")->find("agreement")->int64_or("id", 0) == 2);

    Shop dead("/finance/agreements", R"([{"id":1,"name":"Gold",)" + sign + "}]");
    const auto refused = entry(dead, "\"Gold\"");
    CHECK_MESSAGE(refused.error().contains("agreement 'Gold' is inactive (" + told +
                                           "); give its id, 1, if you mean it nonetheless"),
                  refused.result.text);
    CHECK_MESSAGE(refused.error().contains("Gold (id 1, out of use)"), refused.result.text);
    for (const std::string insisting :
         {"1", "\"1\"", "\"Gold (id 1, out of use)\"", "\"Gold (id 1)\""}) {
      CHECK_MESSAGE(!entry(dead, insisting).result.is_error, insisting);
    }
  }
}

TEST_CASE("companies that are deleted, configurations not active and projects that are closed") {
  struct Case {
    std::string path;
    std::string record;
    std::string tool;
    std::string arguments;  // without the last brace
    std::string told;
  };
  for (const auto& [path, record, tool, arguments, told] :
       std::vector<Case>{{"/company/companies",
                          R"({"id":5,"name":"Old Co","identifier":"Old","deletedFlag":true})",
                          "create_a_connect_wise_psa_ticket",
                          R"({"dry_run":true,"summary":"s","company":"Old Co"})",
                          "company 'Old Co' is inactive (deletedFlag)"},
                         {"/project/projects", R"({"id":5,"name":"Move","closedFlag":true})",
                          "create_a_connect_wise_psa_project_phase",
                          R"({"dry_run":true,"projectId":"Move","description":"Cabling"})",
                          "projectId 'Move' is inactive (closedFlag)"}}) {
    Shop shop(path, '[' + record + ']');
    const auto answered = shop.harness.call(tool, arguments);
    CHECK_MESSAGE(answered.error().contains(told), answered.result.text);
  }
}

TEST_CASE("every list shows what says that its records are out of use") {
  for (const auto& resource : shipped_tools()->integration().resources) {
    const auto* list = resource.find_method("list");
    if (list == nullptr || list->default_fields.empty()) continue;
    for (const auto& sign : resource.out_of_use) {
      CHECK_MESSAGE(
          std::ranges::find(list->default_fields, sign.field) != list->default_fields.end(),
          resource.name << ' ' << sign.field);
    }
  }
}

TEST_CASE("what the API calls out of use is declared of every resource that has it") {
  for (const auto& resource : shipped_tools()->integration().resources) {
    for (const std::string_view name :
         {"inactiveFlag", "inactive", "deletedFlag", "cancelledFlag", "canceledFlag"}) {
      const auto* field = resource.find_field(name);
      if (field == nullptr || field->type != integration::FieldType::boolean) continue;
      CHECK_MESSAGE(std::ranges::any_of(resource.out_of_use,
                                        [&](const auto& sign) { return sign.field == name; }),
                    resource.name << ' ' << name);
    }
  }
}

}  // namespace patchbay::gateway
