// Reports that are not given: what is not known, too much, failed, given up or out of scope.
#include <atomic>

#include "catalog/tool.h"
#include "gateway/test_harness.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
using Seen = StubUpstream::Seen;

struct Service {
  io::Runtime runtime{{.loops = 2}};
  StubUpstream upstream;
  Harness harness;

  explicit Service(StubUpstream::Answers answers, GatewayOptions options = {})
      : upstream((runtime.start(), runtime), std::move(answers)),
        harness(runtime, upstream.port(), std::move(options)) {}
  ~Service() { runtime.stop(); }
};

std::int64_t number(const Seen& seen, const char* name, std::int64_t otherwise) {
  const auto found = seen.query.find(name);
  return found == seen.query.end() ? otherwise : std::stoll(found->second);
}

// So many tickets, of two boards.
http::Response tickets(const Seen& seen, std::int64_t count, std::int64_t counted) {
  if (seen.path.ends_with("/count")) {
    return http::Response::json(200, R"({"count":)" + std::to_string(counted) + '}');
  }
  const auto size = number(seen, "pageSize", 25);
  const auto from = (number(seen, "page", 1) - 1) * size;
  std::string out = "[";
  for (auto i = from; i < std::min(count, from + size); ++i) {
    out += (out.size() > 1 ? "," : "") + (R"({"id":)" + std::to_string(i + 1)) +
           R"(,"actualHours":0.1,"board":{"id":)" + std::to_string(i % 2 + 1) + R"(,"name":"B)" +
           std::to_string(i % 2 + 1) + R"("}})";
  }
  return http::Response::json(200, out + ']');
}

}  // namespace

TEST_CASE("report: pages of a thousand with what is needed, counted first, and exact") {
  Service service([](const Seen& seen) { return tickets(seen, 3'500, 3'500); });
  std::vector<std::int64_t> progress;
  service.harness.context.on_progress = [&](std::int64_t done, std::int64_t total,
                                            std::string_view) {
    CHECK(total == 4);
    progress.push_back(done);
  };
  const auto outcome = service.harness.call(
      kTickets, R"({"groupBy":["board"],"measures":["sum actualHours","avg actualHours"]})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto& total = *outcome.value.find("total");
  CHECK(json::to_string(total) == R"({"count":3500,"sum actualHours":350,"avg actualHours":0.1})");
  CHECK(progress == std::vector<std::int64_t>{1, 2, 3, 4});
  const auto seen = service.upstream.seen();
  REQUIRE(seen.size() == 5);
  CHECK(seen[0].path == "/service/tickets/count");
  for (std::size_t i = 1; i < seen.size(); ++i) {
    CHECK(seen[i].query.at("pageSize") == "1000");
    CHECK(seen[i].query.at("fields") == "id,board/id,board/name,actualHours");
    CHECK(seen[i].query.at("orderBy") == "id asc");
  }
}

TEST_CASE("report: more rows than may be read are told, and none is read") {
  Service service([](const Seen& seen) { return tickets(seen, 100, 60'001); });
  const auto outcome = service.harness.call(kTickets, R"({"groupBy":["board"]})");
  CHECK(outcome.result.is_error);
  CHECK_MESSAGE(outcome.error().contains("60001 rows; at most 50000"), outcome.error());
  CHECK_MESSAGE(outcome.error().contains("board"), outcome.error());
  CHECK(service.upstream.seen().size() == 1);
}

TEST_CASE("report: where a page fails nothing is reported") {
  Service service([](const Seen& seen) {
    if (number(seen, "page", 1) == 3) return http::Response::json(500, R"({"message":"No."})");
    return tickets(seen, 3'500, 3'500);
  });
  const auto outcome = service.harness.call(kTickets, R"({"groupBy":["board"]})");
  CHECK(outcome.result.is_error);
  CHECK_MESSAGE(outcome.error().contains("Nothing is reported"), outcome.error());
  CHECK(outcome.value.find("groups") == nullptr);
}

TEST_CASE("report: rows that came or went meanwhile are told") {
  Service service([](const Seen& seen) { return tickets(seen, 2'400, 2'500); });
  const auto outcome = service.harness.call(kTickets, R"({"groupBy":["board"]})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.string_or("notice", "").contains("2500 rows were counted and 2400 read"));
  CHECK(outcome.value.find("total")->int64_or("count", 0) == 2'400);
  Service grown([](const Seen& seen) { return tickets(seen, 2'100, 2'000); });
  const auto more = grown.harness.call(kTickets, R"({"groupBy":["board"]})");
  REQUIRE_MESSAGE(!more.result.is_error, more.result.text);
  CHECK(more.value.find("total")->int64_or("count", 0) == 2'100);
}

TEST_CASE("report: who is gone is read nothing more for") {
  io::CancelSource gone;
  std::atomic<int> pages = 0;
  Service service([&](const Seen& seen) {
    if (seen.query.contains("pageSize") && ++pages == 2) gone.cancel();
    return tickets(seen, 20'000, 20'000);
  });
  service.harness.context.cancel = gone.token();
  const auto outcome = service.harness.call(kTickets, R"({"groupBy":["board"]})");
  CHECK(outcome.result.is_error);
  CHECK(outcome.value.find("error")->string_or("code", "") == "cancelled");
  CHECK(pages < 12);
}

TEST_CASE("report: what it does not know is told with what there is") {
  Service service([](const Seen& seen) { return tickets(seen, 1, 1); });
  const auto refused = [&](const std::string& arguments, std::string_view words) {
    const auto outcome = service.harness.call(kTickets, arguments);
    CHECK(outcome.result.is_error);
    CHECK_MESSAGE(outcome.error().contains(words), outcome.error());
  };
  refused(R"({"groupBy":["bord"]})", "did you mean 'board'?");
  refused(R"({"groupBy":["board:month"]})", "board is no date");
  refused(R"({"groupBy":["created:fortnight"]})", "day, week, month, quarter, year");
  refused(R"({"groupBy":["board","status","owner","team"]})", "takes 3 at most");
  refused(R"({"groupBy":[7]})", "takes names, as texts");
  refused(R"({"measures":["sum hours"]})", "There are");
  refused(R"({"measures":["sum lastNote"]})", "write min or max");
  refused(R"({"measures":["share avg actualHours"]})", "a share is one of the sum");
  refused(R"({"groupBy":["board"],"having":"many"})", "such as count >= 5");
  refused(R"({"groupBy":["board"],"where":"summary = 3"})", "no amount of a row");
  refused(R"({"groupBy":["board"],"where":"actualHours > soon"})", "compare with a number");
  refused(R"({"groupBy":["board"],"fields":["id"]})", "Leave it out");
  refused(R"({"groupBy":["board"],"next_cursor":"x"})", "Leave it out");
  refused(R"({"groupBy":["board"],"orderBy":"dateEntered desc"})", "no measure");
  CHECK(service.upstream.seen().empty());
}

TEST_CASE("report: related records are those of tools that the server offers") {
  Service service([](const Seen& seen) { return tickets(seen, 1, 1); });
  catalog::ToolFilter filter;
  filter.allow = {kTickets};
  const auto toolset = catalog::Toolset::select(service.harness.tools, filter);
  REQUIRE(toolset.has_value());
  service.harness.context.toolset = toolset->get();
  const auto* tool = (*toolset)->find(kTickets);
  REQUIRE(tool != nullptr);
  const auto report = [&](const char* arguments) {
    CallResult result;
    service.runtime.run(service.runtime.loop(0), [&]() -> io::Task<> {
      result = co_await service.harness.gateway().call(*tool, json::parse(arguments).value(),
                                                       service.harness.context);
    });
    return result;
  };
  const auto outside = report(R"({"measures":["loggedHours"]})");
  CHECK(outside.is_error);
  CHECK_MESSAGE(outside.text.contains("permission_denied"), outside.text);
  CHECK(service.upstream.seen().empty());
  CHECK(!report(R"({"measures":["actualHours"]})").is_error);
}

TEST_CASE("report: days and months are those of the account's time zone") {
  const auto answers = [](const Seen& seen) {
    if (seen.path.ends_with("/count")) return http::Response::json(200, R"({"count":2})");
    return http::Response::json(200, R"([{"id":1,"_info":{"dateEntered":"2026-11-01T03:59:59Z"}},)"
                                     R"({"id":2,"_info":{"dateEntered":"2026-11-01T04:00:00Z"}}])");
  };
  Service service(answers);
  service.harness.move_to("America/New_York");
  const auto outcome = service.harness.call(kTickets, R"({"groupBy":["created:month"]})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto& groups = *outcome.value.find("groups")->if_array();
  REQUIRE(groups.size() == 2);
  CHECK(
      json::to_string(groups[0]) ==
      R"({"created:month":"2026-10","count":1,"filters":{"createdAfter":"2026-10-01","createdBefore":"2026-11-01"}})");
  CHECK(groups[1].string_or("created:month", "") == "2026-11");
  // What the call narrows stays narrow.
  const auto narrow = service.harness.call(
      kTickets, R"({"groupBy":["created:month"],"createdAfter":"2026-10-15"})");
  const auto& first = narrow.value.find("groups")->if_array()->front();
  CHECK(json::to_string(*first.find("filters")) == R"({"createdBefore":"2026-11-01"})");
}

}  // namespace patchbay::gateway
