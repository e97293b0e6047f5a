// Composites before an upstream that refuses, fails or has too much.
#include <atomic>

#include "gateway/test_harness.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kBrief = "connect_wise_psa_tickets_brief";
constexpr const char* kMargin = "connect_wise_psa_agreements_margin";
constexpr const char* kUnbilled = "connect_wise_psa_time_entries_unbilled";

using Seen = StubUpstream::Seen;

struct Service {
  io::Runtime runtime{{.loops = 2}};
  StubUpstream upstream;
  Harness harness;

  explicit Service(StubUpstream::Answers answers)
      : upstream((runtime.start(), runtime), std::move(answers)),
        harness(runtime, upstream.port()) {}
  ~Service() { runtime.stop(); }
};

http::Response ticket_or(const Seen& seen, const char* refused, http::Response refusal) {
  if (seen.path.contains(refused)) return refusal;
  if (seen.path == "/service/tickets/7") {
    return http::Response::json(200, R"({"id":7,"summary":"Printer"})");
  }
  return http::Response::json(200, "[]");
}

}  // namespace

TEST_CASE("composite: a part that is forbidden is left out, and why is told") {
  Service service([](const Seen& seen) {
    return ticket_or(
        seen, "/time/entries",
        http::Response::json(403, R"({"code":"Forbidden","message":"No time for you."})"));
  });
  const auto outcome = service.harness.call(kBrief, R"({"ticketId":7})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("ticket")->string_or("summary", "") == "Printer");
  CHECK(outcome.value.find("notes")->int64_or("result_count", -1) == 0);
  CHECK(outcome.value.find("time") == nullptr);
  const auto notice = outcome.value.string_or("notice", "");
  CHECK_MESSAGE(notice.starts_with("time is left out: step time "), notice);
  CHECK(outcome.value.find("calls")->if_array()->size() == 4);
  CHECK(outcome.result.upstream_status == 200);
  CHECK(service.upstream.seen().size() == 4);
}

TEST_CASE("composite: what it cannot do without ends it") {
  Service service([](const Seen& seen) {
    return ticket_or(seen, "/service/tickets/7", http::Response::json(403, R"({"message":"No."})"));
  });
  auto outcome = service.harness.call(kBrief, R"({"ticketId":7})");
  // The path of notes has the ticket's in it; only the ticket itself is needed.
  REQUIRE(outcome.result.is_error);
  CHECK(outcome.error().starts_with("step ticket "));
  CHECK(outcome.value.find("error")->string_or("code", "") == "permission_denied");
}

TEST_CASE("composite: a rate limit ends it, whichever part it hit") {
  Service service([](const Seen& seen) {
    auto refusal = http::Response::json(429, R"({"message":"Slow down."})");
    refusal.headers.add("Retry-After", "3");
    return ticket_or(seen, "/configurations", std::move(refusal));
  });
  const auto outcome = service.harness.call(kBrief, R"({"ticketId":7})");
  REQUIRE(outcome.result.is_error);
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 429);
  CHECK(outcome.value.find("error")->int64_or("retry_after_seconds", 0) == 3);
  CHECK(outcome.result.rate_limit.has_value());
}

TEST_CASE("composite: refused credentials are told to whoever keeps the account") {
  Service service([](const Seen& seen) {
    return ticket_or(seen, "/time/entries", http::Response::json(401, R"({"message":"Who?"})"));
  });
  const auto outcome = service.harness.call(kBrief, R"({"ticketId":7})");
  CHECK(outcome.result.is_error);
  CHECK(outcome.result.credentials_refused);
}

TEST_CASE("composite: a list is read to its bound only, by pages, and more is told") {
  // 7,000 entries, an hour each, newest first.
  std::atomic<int> pages = 0;
  Service service([&pages](const Seen& seen) {
    ++pages;
    std::int64_t from = 7'000;
    const auto& conditions = seen.query.contains("conditions") ? seen.query.at("conditions") : "";
    if (const auto at = conditions.find("id < "); at != std::string::npos) {
      from = std::stoll(conditions.substr(at + 5)) - 1;
    }
    const auto size = std::stoll(seen.query.at("pageSize"));
    std::string body = "[";
    for (std::int64_t id = from; id > from - size && id > 0; --id) {
      body += (body.size() > 1 ? "," : "") + std::string(R"({"id":)") + std::to_string(id) +
              R"(,"actualHours":1.0,"hoursBilled":1.0,"extendedInvoiceAmount":0.01,)" +
              R"("company":{"id":1,"name":"Acme"},"timeStart":"2026-11-01T00:00:00Z"})";
    }
    return http::Response::json(200, body + "]");
  });
  const auto outcome = service.harness.call(kUnbilled, "{}");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto& part = *outcome.value.find("time");
  CHECK(part.int64_or("records_read", 0) == 5'000);
  CHECK(json::to_string(*part.find("total")->find("hours")) == "5000");
  CHECK(json::to_string(*part.find("total")->find("amount")) == "50");
  CHECK(part.string_or("notice", "").contains("there are more"));
  CHECK(outcome.value.find("calls")->if_array()->front().int64_or("pages", 0) == 5);
  // Five pages, and after each a look whether there is more.
  CHECK(pages <= 10);
  for (const auto& seen : service.upstream.seen()) {
    CHECK(seen.query.at("fields").size() < 150);
  }
}

TEST_CASE("composite: a figure that lacks something is left out, not wrong") {
  Service service([](const Seen& seen) {
    if (seen.path == "/finance/agreements/5") {
      return http::Response::json(200, R"({"id":5,"name":"Gold","billAmount":100.10})");
    }
    if (seen.path.ends_with("/additions")) {
      return http::Response::json(200, R"([{"id":1,"billCustomer":"Billable","extPrice":10.20,
          "extCost":4},{"id":2,"billCustomer":"NoCharge","extPrice":5,"extCost":"1.5"}])");
    }
    return http::Response::json(403, R"({"message":"No time for you."})");
  });
  const auto outcome = service.harness.call(kMargin, R"({"agreement":5})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(json::to_string(*outcome.value.find("figures")) == R"({"revenue":110.3})");
  CHECK(json::to_string(*outcome.value.find("additions")->find("total")) ==
        R"({"additions":2,"price":10.2,"cost":5.5})");
  const auto notice = outcome.value.string_or("notice", "");
  CHECK_MESSAGE(notice.contains("time is left out"), notice);
  CHECK_MESSAGE(notice.contains("cost and margin left out"), notice);
}

TEST_CASE("composite: a cancelled call asks nothing more") {
  std::atomic<int> asked = 0;
  Service service([&asked](const Seen&) {
    ++asked;
    return http::Response::json(200, "[]");
  });
  io::CancelSource source;
  service.harness.context.cancel = source.token();
  source.cancel();
  const auto outcome = service.harness.call(kBrief, R"({"ticketId":7})");
  CHECK(outcome.result.is_error);
  CHECK(outcome.value.find("error")->string_or("code", "") == "cancelled");
  CHECK(asked == 0);
}

TEST_CASE("composite: progress is told by step") {
  Service service([](const Seen& seen) {
    return ticket_or(seen, "/nowhere", http::Response::json(200, "[]"));
  });
  std::vector<std::string> told;
  service.harness.context.on_progress = [&](std::int64_t done, std::int64_t total,
                                            std::string_view message) {
    told.push_back(std::to_string(done) + '/' + std::to_string(total));
    CHECK(!message.empty());
  };
  const auto outcome = service.harness.call(kBrief, R"({"ticketId":7})");
  CHECK(!outcome.result.is_error);
  CHECK(told == std::vector<std::string>{"1/4", "2/4", "3/4", "4/4"});
}

TEST_CASE("composite: a step out of the server's scope is not asked, and told of") {
  Service service([](const Seen& seen) {
    return ticket_or(seen, "/nowhere", http::Response::json(200, "[]"));
  });
  const auto support = catalog::Toolset::select(service.harness.tools, {{}, {"support"}});
  REQUIRE(support.has_value());
  const auto* narrowed = (*support)->find(kBrief);
  REQUIRE(narrowed != nullptr);
  CallResult result;
  service.runtime.run(service.runtime.loop(0), [&]() -> io::Task<> {
    result = co_await service.harness.gateway().call(*narrowed, json::Object{{"ticketId", 7}},
                                                     service.harness.context);
  });
  REQUIRE_MESSAGE(!result.is_error, result.text);
  const auto value = json::parse(result.text).value();
  CHECK(value.find("time") == nullptr);
  CHECK(value.string_or("notice", "") == "time is left out: it is not within this server's scope.");
  CHECK(value.find("calls")->if_array()->size() == 3);
  for (const auto& seen : service.upstream.seen()) CHECK(!seen.path.contains("/time/"));
}

}  // namespace patchbay::gateway
