#include "gateway/gateway.h"

#include <doctest/doctest.h>

#include "gateway/test_harness.h"

namespace patchbay::gateway {

namespace {

using Seen = StubUpstream::Seen;

http::Response json_answer(std::string body, int status = 200) {
  return http::Response::json(status, std::move(body));
}

// A small service desk: boards, their statuses, priorities, one ticket.
http::Response desk(const Seen& seen) {
  if (seen.path == "/service/boards") {
    return json_answer(R"([{"id":1,"name":"Triage"},{"id":2,"name":"Server Team"},
      {"id":3,"name":"Old Desk","inactiveFlag":true}])");
  }
  if (seen.path == "/service/boards/1/statuses") {
    return json_answer(R"([{"id":11,"name":"New"},{"id":12,"name":"In Progress"}])");
  }
  if (seen.path == "/service/boards/2/statuses") {
    return json_answer(R"([{"id":21,"name":"New"},{"id":22,"name":"Closed"}])");
  }
  if (seen.path == "/service/priorities") {
    return json_answer(R"([{"id":5,"name":"Priority 1 - High"},{"id":6,"name":"Low"}])");
  }
  if (seen.path == "/company/companies") {
    return json_answer(R"([{"id":40,"identifier":"AcmeCorp","name":"Acme Corp"},
      {"id":41,"identifier":"AcmeInd","name":"Acme Industries"}])");
  }
  if (seen.path == "/service/tickets/7" && seen.method == "GET") {
    return json_answer(R"({"id":7,"board":{"id":1,"name":"Triage"},"summary":"s"})");
  }
  if (seen.path == "/service/tickets/7" && seen.method == "PATCH") {
    return json_answer(R"({"id":7,"summary":"s","owner":null,"board":{"id":2,"name":"Server Team",
      "_info":{"board_href":"https://x"}},"priority":{"id":5,"name":"Priority 1 - High"},
      "_info":{"lastUpdated":"2026-11-22T14:00:00Z"}})");
  }
  if (seen.path == "/service/tickets" && seen.method == "POST") {
    return json_answer(R"({"id":8,"summary":"new"})", 201);
  }
  if (seen.path == "/service/tickets") {
    return json_answer(R"([{"id":9,"summary":"server down","board":{"id":1,"name":"Triage",
      "_info":{"board_href":"https://x"}}},{"id":7,"summary":"slow","contact":null}])");
  }
  return json_answer(R"({"code":"NotFound","message":"nothing here"})", 404);
}

struct Desk {
  io::Runtime runtime{{.loops = 1}};
  StubUpstream upstream;
  Harness harness;
  explicit Desk(StubUpstream::Answers answers = desk)
      : upstream((runtime.start(), runtime), std::move(answers)),
        harness(runtime, upstream.port()) {}
  ~Desk() { runtime.stop(); }
  Answered call(const std::string& tool, const std::string& arguments) {
    upstream.forget();
    return harness.call(tool, arguments);
  }
  std::vector<Seen> seen(const std::string& path) const {
    std::vector<Seen> found;
    for (auto& request : upstream.seen()) {
      if (request.path == path) found.push_back(request);
    }
    return found;
  }
};

constexpr const char* kList = "list_all_connect_wise_psa_tickets";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";

}  // namespace

TEST_CASE("typed filters become one expression in the upstream's language") {
  Desk service;
  const auto outcome =
      service.call(kList, R"({"board":"triage","summaryContains":"server","closed":false})");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto requests = service.seen("/service/tickets");
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].query.at("conditions") ==
        R"(board/name = "Triage" AND summary contains "server" AND closedFlag = false AND )"
        R"(recordType = "ServiceTicket")");
  CHECK(requests[0].query.at("orderBy") == "id desc");
  CHECK(requests[0].query.at("pageSize") == "26");
  CHECK(outcome.result.text ==
        "{\"result_count\":2,\"result\":[\n"
        R"({"id":9,"summary":"server down","board":{"id":1,"name":"Triage"}},)"
        "\n"
        R"({"id":7,"summary":"slow"})"
        "\n]}");
}

TEST_CASE("an update sends whole references and tells what names became") {
  Desk service;
  const auto outcome = service.call(kUpdate, R"({"id":7,"board":"Server Team","priority":"high",
    "severity":null,"clear":["item"]})");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto requests = service.seen("/service/tickets/7");
  // What hangs on the board is read first.
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].method == "GET");
  CHECK(requests[1].body ==
        R"([{"op":"replace","path":"board","value":{"id":2}},)"
        R"({"op":"replace","path":"priority","value":{"id":5}},{"op":"remove","path":"item"}])");
  CHECK(outcome.result.text ==
        R"({"notice":"priority 'high' was taken for 'Priority 1 - High' (id 5), of whose name it )"
        R"(is a part.","resolved":{"board":{"id":2,"name":"Server Team"},)"
        R"("priority":{"id":5,"name":"Priority 1 - High"}},)"
        R"("id":7,"summary":"s","board":{"id":2,"name":"Server Team"},)"
        R"("priority":{"id":5,"name":"Priority 1 - High"}})");
}

TEST_CASE("what a write answers is short, and fields and verbose ask for more") {
  Desk service;
  const auto answer = [&service](const std::string& more) {
    return service.call(kUpdate, R"({"id":7,"board":"Server Team")" + more + "}");
  };
  const auto brief = answer("");
  CHECK(brief.value.find("lastUpdated") == nullptr);
  CHECK(brief.value.find("board") != nullptr);
  CHECK(brief.value.string_or("summary", "") == "s");
  const auto whole = answer(R"(,"verbose":true)");
  CHECK(whole.result.text.contains("lastUpdated"));
  CHECK(whole.value.find("priority") != nullptr);
  const auto asked = answer(R"(,"fields":["priority/name"])");
  CHECK(asked.value.find("priority") != nullptr);
  CHECK(asked.value.find("id") != nullptr);
  CHECK(asked.value.find("board") == nullptr);
  // What is no field is told before anything is sent.
  service.upstream.forget();
  const auto odd = answer(R"(,"fields":["prioritty"])");
  CHECK(odd.error().contains("Did you mean priority"));
  CHECK(odd.was_applied() == "no");
  for (const auto& request : service.upstream.seen()) CHECK(request.method == "GET");
}

TEST_CASE("an update looks a status up on the board that the record is on") {
  Desk service;
  const auto outcome = service.call(kUpdate, R"({"id":7,"status":"Closed"})");
  CHECK(outcome.result.is_error);
  CHECK(outcome.error().starts_with("status 'Closed' does not exist on board 'Triage'; it has: "));
  CHECK(outcome.error().contains("list_all_connect_wise_psa_board_statuses"));
  CHECK(outcome.was_applied() == "no");
  for (const auto& request : service.upstream.seen()) CHECK(request.method == "GET");

  const auto found = service.call(kUpdate, R"({"id":7,"status":"in progress"})");
  CHECK(!found.result.is_error);
  CHECK(service.upstream.seen().back().body ==
        R"([{"op":"replace","path":"status","value":{"id":12}}])");
}

TEST_CASE("the id of another board's status fails before anything is written") {
  Desk service;
  const auto outcome = service.call(kUpdate, R"({"id":7,"status":22})");
  CHECK(outcome.error().starts_with("status 22 does not exist on board 'Triage'; it has: "));
  CHECK(service.call(kUpdate, R"({"id":7,"board":2,"status":22})").result.is_error == false);
  CHECK(service.call(kUpdate, R"({"id":7,"board":2,"status":"22"})").result.is_error == false);
}

TEST_CASE("names that mean nothing or several name the candidates, and nothing is written") {
  Desk service;
  const auto several =
      service.call(kCreate, R"({"allow_duplicate":true,"summary":"s","company":"Acme"})");
  CHECK(several.error().starts_with(
      "company 'Acme' could mean several: Acme Corp (id 40), Acme Industries (id 41)."));
  const auto none =
      service.call(kCreate,
                   R"({"allow_duplicate":true,"summary":"s","company":"Acme Corp","board":"Triagge",
                                   "priority":"Urgent"})");
  CHECK(none.error().contains("board: board 'Triagge' does not exist; there are: Triage, "));
  CHECK(none.error().contains("priority: priority 'Urgent' does not exist"));
  const auto unplaced = service.call(
      kCreate, R"({"allow_duplicate":true,"summary":"s","company":40,"status":"New"})");
  CHECK(unplaced.error().contains("give board as well"));
  const auto inactive = service.call(
      kCreate, R"({"allow_duplicate":true,"summary":"s","company":40,"board":"Old Desk"})");
  CHECK(inactive.error().contains("is inactive"));
  CHECK(service.seen("/service/tickets").empty());
}

TEST_CASE("a create sends references by id") {
  Desk service;
  const auto outcome =
      service.call(kCreate,
                   R"({"allow_duplicate":true,"summary":"Firewall down","company":"acmecorp",
                                      "board":"Triage","status":"New"})");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto requests = service.seen("/service/tickets");
  REQUIRE(requests.size() == 1);
  const auto body = json::parse(requests[0].body);
  CHECK(json::to_string(*body->find("company")) == R"({"id":40})");
  CHECK(json::to_string(*body->find("status")) == R"({"id":11})");
  CHECK(json::to_string(*outcome.value.find("resolved")->find("company")) ==
        R"({"id":40,"name":"Acme Corp"})");
}

TEST_CASE("all that is wrong with arguments is told at once, with the nearest names") {
  Desk service;
  const auto outcome = service.call(
      kList, R"({"bord":"Triage","limit":5000,"createdAfter":"yesterday","closed":"maybe"})");
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 400);
  CHECK(outcome.error().contains("bord: unknown argument; did you mean board"));
  CHECK(outcome.error().contains("limit: "));
  CHECK(outcome.error().contains("createdAfter: 'yesterday' is no time"));
  CHECK(outcome.error().contains("Europe/Berlin"));
  CHECK(outcome.error().contains("closed: "));
  CHECK(service.upstream.seen().empty());
}

TEST_CASE("times are read in the account's zone and sent in UTC") {
  Desk service;
  CHECK(!service
             .call(kList, R"({"createdAfter":"2026-07-01T10:00","createdBefore":"2026-12-01",
    "updatedAfter":"2026-11-22T14:00:05.250-05:00"})")
             .result.is_error);
  CHECK(service.seen("/service/tickets").at(0).query.at("conditions") ==
        "dateEntered >= [2026-07-01T08:00:00Z] AND dateEntered < [2026-11-30T23:00:00Z] AND "
        "lastUpdated >= [2026-11-22T19:00:05Z] AND recordType = \"ServiceTicket\"");
}

TEST_CASE("look-ups are shared by calls at the same time and kept for a while") {
  Desk service;
  std::vector<std::pair<std::string, std::string>> calls(20, {kList, R"({"board":"Triage"})"});
  for (const auto& result : service.harness.call_together(calls)) CHECK(!result.is_error);
  CHECK(service.seen("/service/boards").size() == 1);
  CHECK(service.seen("/service/tickets").size() == 20);
  CHECK(!service.call(kList, R"({"board":"Server Team"})").result.is_error);
  CHECK(service.seen("/service/boards").empty());
}

TEST_CASE("what the upstream refuses becomes advice, and nothing of its inside passes") {
  struct Case {
    int status;
    std::string body;
    std::string code;
    std::string said;
  };
  const std::vector<Case> cases = {
      {404, R"({"code":"NotFound","message":"Ticket 7 not found"})", "not_found",
       "Ticket 7 not found"},
      {401, R"({"code":"Unauthorized","message":"no"})", "unauthenticated", "no"},
      {403, "<html><body>stack</body></html>", "permission_denied", "not allowed"},
      {500, "System.Exception: x\n   at Some.Class()", "unavailable", "HTTP 500"},
      {502, "<html>proxy</html>", "unavailable", "HTTP 502"},
      {400, "Cannot route. Codebase/company is invalid", "upstream", "address"},
      {400, R"({"code":"X","message":"your key demo-private-key is bad"})", "invalid_argument",
       "your key [secret] is bad"},
      {302, "", "upstream", "redirects"},
  };
  for (const auto& c : cases) {
    Desk service([&](const Seen&) {
      auto answer = http::Response::text(c.status, c.body);
      return answer;
    });
    const auto outcome = service.call("get_single_connect_wise_psa_ticket_by_id", R"({"id":7})");
    CHECK(outcome.result.is_error);
    CHECK(outcome.value.find("error")->string_or("code", "") == c.code);
    CHECK_MESSAGE(outcome.error().contains(c.said), outcome.error());
    CHECK(outcome.was_applied() == "no");
    CHECK(outcome.result.credentials_refused == (c.status == 401));
    for (const std::string_view inside : {"<html", "System.", "   at ", "demo-private-key"}) {
      CHECK(!outcome.result.text.contains(inside));
    }
  }
}

TEST_CASE("a rate limit goes straight to the caller") {
  int asked = 0;
  Desk service([&](const Seen&) {
    ++asked;
    auto answer =
        http::Response::json(429, R"({"message":"Slow down. Please try again in 30 seconds"})");
    answer.headers.add("X-RateLimit-Remaining", "0");
    return answer;
  });
  const auto outcome = service.call(kList, "{}");
  CHECK(asked == 1);
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 429);
  CHECK(outcome.value.find("error")->int64_or("retry_after_seconds", 0) == 30);
  REQUIRE(outcome.result.rate_limit.has_value());
  CHECK(outcome.result.rate_limit->remaining == 0);
  CHECK(outcome.result.rate_limit->retry_after_seconds == 30);
}

TEST_CASE("a create that was not answered says that it may have been done") {
  GatewayOptions hasty;
  hasty.upstream_timeout = std::chrono::milliseconds(300);
  io::Runtime runtime{{.loops = 2}};
  runtime.start();
  http::Server slow(runtime, {}, [](http::Request&) -> io::Task<http::Response> {
    co_await io::sleep(std::chrono::milliseconds(1500));
    co_return http::Response::json(201, "{}");
  });
  REQUIRE(slow.start());
  Harness harness(runtime, slow.port(), hasty);
  auto outcome = harness.call(kCreate, R"({"allow_duplicate":true,"summary":"s","company":40})");
  CHECK(outcome.value.find("error")->string_or("code", "") == "timeout");
  CHECK(outcome.was_applied() == "unknown");
  CHECK(outcome.error().contains("before trying again"));
  outcome = harness.call(kList, "{}");
  CHECK(outcome.was_applied() == "no");

  // Nobody listens: nothing was sent.
  Harness nobody(runtime, 1);
  outcome = nobody.call(kCreate, R"({"allow_duplicate":true,"summary":"s","company":40})");
  CHECK(outcome.value.find("error")->string_or("code", "") == "unavailable");
  CHECK(outcome.was_applied() == "no");
  runtime.stop();
}

TEST_CASE("a server failure leaves open whether a write was applied, a refusal does not") {
  for (const auto& [status, applied] :
       {std::pair{500, "unknown"}, {503, "unknown"}, {400, "no"}, {404, "no"}, {429, "no"}}) {
    Desk service([&](const Seen&) { return http::Response::json(status, "{}"); });
    CHECK(service.call(kCreate, R"({"allow_duplicate":true,"summary":"s","company":40})")
              .was_applied() == applied);
  }
  Desk service([&](const Seen&) {
    return http::Response::json(500, R"({"code":"ConnectWiseApi",
      "message":"Error converting value \"{}\" to type 'x'. Path '', line 1, position 1."})");
  });
  CHECK(service.call(kCreate, R"({"allow_duplicate":true,"summary":"s","company":40})")
            .was_applied() == "no");
}

TEST_CASE("a name that the upstream does not know after all is forgotten and looked up afresh") {
  int writes = 0;
  bool renamed = false;
  Desk service([&](const Seen& seen) {
    if (seen.path == "/service/tickets" && seen.method == "POST") {
      ++writes;
      renamed = true;
      return http::Response::json(
          400,
          R"_({"code":"InvalidObject","message":"ticket object is invalid","errors":[{"code":"NotFound","message":"Service Status not found for Service Board 1",
        "resource":"ticket","field":"status/name"}]})_");
    }
    if (renamed && seen.path == "/service/boards/1/statuses") {
      return http::Response::json(200, R"([{"id":13,"name":"Newly"}])");
    }
    return desk(seen);
  });
  const auto outcome = service.call(
      kCreate, R"({"allow_duplicate":true,"summary":"s","company":40,"board":1,"status":"New"})");
  CHECK(writes == 1);
  CHECK(outcome.was_applied() == "no");
  CHECK_MESSAGE(outcome.error().contains(
                    "status: Service Status not found for Service Board 1; it has: Newly"),
                outcome.error());
}

TEST_CASE("only known fields are asked for") {
  Desk service;
  CHECK(
      !service.call(kList, R"({"fields":["summary","board.name","lastUpdated"]})").result.is_error);
  CHECK(service.seen("/service/tickets").at(0).query.at("fields") == "id,summary,board/name,_info");
  const auto unknown = service.call(kList, R"({"fields":["sumary","assignedTo"]})");
  CHECK(unknown.error().contains("'sumary' is no field"));
  CHECK(unknown.error().contains("Did you mean summary"));
  CHECK(unknown.error().contains("With members of their own (x/name, x/id): board, status,"));
  // Without a server behind the call there is nobody to read it from.
  CHECK_FALSE(unknown.error().contains("patchbay://"));
  CHECK(service.upstream.seen().empty());
  CHECK(!service.call("get_single_connect_wise_psa_ticket_by_id", R"({"id":7})").result.is_error);
  CHECK(!service.seen("/service/tickets/7").at(0).query.contains("fields"));
}

TEST_CASE("raw conditions are checked before they are sent") {
  Desk service;
  CHECK(!service.call(kList, R"_({"closed":false,"conditions":"board/NAME='x' or id in (1,2)"})_")
             .result.is_error);
  CHECK(service.seen("/service/tickets").at(0).query.at("conditions") ==
        R"(closedFlag = false AND recordType = "ServiceTicket" AND )"
        R"((board/name = "x" OR id in (1,2)))");
  const auto wrong = service.call(kList, R"({"conditions":"assignedTo/identifier = 'x'"})");
  CHECK(wrong.error().contains("cannot filter by 'assignedTo/identifier'"));
  CHECK(service.upstream.seen().empty());
}

TEST_CASE("names that do not depend on each other are looked up at the same time") {
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  int now = 0;
  int most = 0;
  http::Server slow(runtime, {}, [&](http::Request& request) -> io::Task<http::Response> {
    Seen seen{std::string(http::to_string(request.method)),
              std::string(request.path).substr(std::string("/v4_6_release/apis/3.0").size()),
              {},
              ""};
    most = std::max(most, ++now);
    co_await io::sleep(std::chrono::milliseconds(50));
    --now;
    co_return desk(seen);
  });
  REQUIRE(slow.start());
  Harness harness(runtime, slow.port());
  const auto outcome =
      harness.call(kCreate, R"({"allow_duplicate":true,"summary":"s","company":"Acme Corp",
    "board":"Triage","priority":"low","status":"New"})");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(most == 3);
  // The errors come in the order of the arguments nonetheless.
  const auto wrong =
      harness.call(kCreate, R"({"allow_duplicate":true,"summary":"s","priority":"x","board":"x",
    "company":"x"})");
  const auto text = wrong.error();
  CHECK(text.find("company 'x'") < text.find("board 'x'"));
  CHECK(text.find("board 'x'") < text.find("priority 'x'"));
  runtime.stop();
}

}  // namespace patchbay::gateway
