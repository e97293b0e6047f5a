// What an answer shows is the record that was asked for, or it is none: by its id, at every door
// through which one comes in.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gateway/test_harness.h"

namespace patchbay::gateway {
namespace {

using Seen = StubUpstream::Seen;

constexpr const char* kGet = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kDelete = "delete_a_connect_wise_psa_ticket_by_id";
constexpr const char* kMerge = "connect_wise_psa_tickets_merge";
constexpr const char* kBase = "/v4_6_release/apis/3.0";

struct Desk {
  io::Runtime runtime{{.loops = 1}};
  StubUpstream upstream;
  Harness harness;
  explicit Desk(StubUpstream::Answers answers)
      : upstream((runtime.start(), runtime), std::move(answers)),
        harness(runtime, upstream.port()) {}
  ~Desk() { runtime.stop(); }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  int sent(std::string_view verb) const {
    int count = 0;
    for (const auto& seen : upstream.seen()) count += seen.method == verb ? 1 : 0;
    return count;
  }
};

http::Response answer(std::string body) {
  return http::Response::json(200, std::move(body));
}

http::Response redirect(int status, const std::string& to) {
  auto response = http::Response::text(status, "");
  response.headers.add("Location", kBase + to);
  return response;
}

// The ticket of the path.
http::Response one_ticket(const Seen& seen) {
  return answer(R"({"id":)" + seen.path.substr(seen.path.rfind('/') + 1) +
                R"(,"summary":"a","board":{"id":2}})");
}

const std::string kOwn = R"({"id":7,"summary":"Own","company":{"id":250,"name":"Acme"}})";
const std::string kOther = R"({"id":8,"summary":"Other","company":{"id":262,"name":"Falcon"}})";
// In place of the record: none that can be known.
const std::vector<std::string> kNone = {"{}",
                                        R"({"id":null})",
                                        R"({"id":0,"summary":"Own"})",
                                        R"({"id":"","summary":"Own"})",
                                        R"({"id":null,"code":"InvalidObject","message":"bad"})",
                                        "null",
                                        "[]"};

}  // namespace

TEST_CASE("asked for: a get that is answered with another record, or none, is an error") {
  std::string body = kOther;
  Desk desk([&](const Seen&) { return answer(body); });
  const auto other = desk.harness.call(kGet, R"({"id":7})");
  CHECK_MESSAGE(other.error().contains("record 8 where 7 was asked for"), other.result.text);
  for (const auto& none : kNone) {
    CAPTURE(none);
    if (none == "[]") continue;  // a list is told as one
    body = none;
    CHECK(desk.harness.call(kGet, R"({"id":7})").result.is_error);
  }
  body = kOwn;
  CHECK_FALSE(desk.harness.call(kGet, R"({"id":7})").result.is_error);
  body = R"({"id":"7","summary":"Own"})";
  CHECK_FALSE(desk.harness.call(kGet, R"({"id":7})").result.is_error);
}

TEST_CASE("asked for: a read is not led to another record, and a write is not either") {
  std::string to = "/service/tickets/8";
  int status = 301;
  Desk desk([&](const Seen& seen) {
    return seen.path == "/service/tickets/7" ? redirect(status, to) : answer(kOther);
  });
  for (const char* place : {"/service/tickets/8", "/company/companies/7", "/service/tickets"}) {
    to = place;
    for (const int each : {301, 302, 307, 308}) {
      CAPTURE(to);
      CAPTURE(each);
      status = each;
      desk.upstream.forget();
      CHECK(desk.harness.call(kGet, R"({"id":7})").result.is_error);
      CHECK(desk.harness.call(kUpdate, R"({"id":7,"summary":"s"})").result.is_error);
      CHECK(desk.sent("PATCH") == 1);
    }
  }
}

TEST_CASE("asked for: an update is told by its own record alone") {
  const auto update = [](const StubUpstream::Answers& answers) {
    Desk desk(answers);
    return desk.harness.call(kUpdate, R"({"id":7,"summary":"s"})");
  };
  const auto other = update([](const Seen&) { return answer(kOther); });
  CHECK_MESSAGE(other.was_applied() == "unknown", other.result.text);
  CHECK(other.error().contains("record 8 where 7 was asked for"));
  for (const auto& none : kNone) {
    CAPTURE(none);
    CHECK(update([&](const Seen&) { return answer(none); }).result.is_error);
  }
  for (const char* to : {"/service/tickets/8", "/company/companies/250", "/service/tickets",
                         "/company/companies/7"}) {
    CAPTURE(std::string(to));
    const auto led = update([&](const Seen& seen) {
      return seen.method == "PATCH" ? redirect(303, to)
                                    : answer(seen.path.ends_with("/7") ? kOwn : kOther);
    });
    CHECK_MESSAGE(led.was_applied() == "unknown", led.result.text);
  }
  const auto own = update([](const Seen& seen) {
    return seen.method == "PATCH" ? redirect(303, "/service/tickets/7") : answer(kOwn);
  });
  CHECK_MESSAGE(!own.result.is_error, own.result.text);
}

TEST_CASE("asked for: what an update goes by is read of its own record") {
  Desk desk([](const Seen& seen) {
    return answer(seen.path == "/service/tickets/7" ? kOther : "[" + kOther + "]");
  });
  const auto outcome = desk.harness.call(kUpdate, R"({"id":7,"contact":"Ann","dry_run":true})");
  CHECK_MESSAGE(outcome.error().contains("record 8 where 7 was asked for"), outcome.result.text);
}

TEST_CASE("asked for: what is created is not another kind of record") {
  for (const int status : {302, 303}) {
    for (const char* to : {"/company/companies/7", "/service/tickets/7/notes/7", "/system/info"}) {
      CAPTURE(std::string(to));
      Desk desk([&](const Seen& seen) {
        if (seen.method == "POST") return redirect(status, to);
        if (seen.path == to) return answer(kOwn);
        return answer(seen.path == "/service/tickets" ? "[]" : R"([{"id":250,"name":"Acme"}])");
      });
      const auto outcome =
          desk.harness.call("create_a_connect_wise_psa_ticket", R"({"summary":"s","company":250})");
      CHECK(desk.sent("POST") == 1);
      CHECK_MESSAGE(outcome.was_applied() == "unknown", outcome.result.text);
    }
  }
}

TEST_CASE("asked for: a delete is done when the record is gone, whatever its answer says") {
  for (const std::string body : {"false", "true", "null", "{}", "[]", "", kOwn.c_str()}) {
    for (const bool done : {false, true}) {
      CAPTURE(body);
      CAPTURE(done);
      Desk desk([&](const Seen& seen) {
        if (seen.method == "DELETE") return answer(body);
        if (seen.path != "/service/tickets/7") return answer("[" + kOwn + "]");
        return done ? http::Response::json(404,
                                           R"({"code":"NotFound","message":"Ticket 7 not found"})")
                    : answer(kOwn);
      });
      const auto outcome = desk.harness.call(kDelete, R"({"id":7})");
      CHECK_MESSAGE(outcome.result.is_error == !done, outcome.result.text);
      if (done) CHECK(outcome.value.bool_or("deleted", false));
      if (!done) CHECK_MESSAGE(outcome.was_applied() == "unknown", outcome.result.text);
      if (!done) CHECK(outcome.error().contains("it is still there"));
    }
  }
  for (const char* to : {"/service/tickets/7", "/service/tickets/8", "/service/tickets"}) {
    Desk desk([&](const Seen& seen) {
      if (seen.method == "DELETE") return redirect(303, to);
      return answer(seen.path == "/service/tickets" ? "[" + kOwn + "]" : kOwn);
    });
    const auto outcome = desk.harness.call(kDelete, R"({"id":7})");
    CHECK_MESSAGE(outcome.was_applied() == "unknown", outcome.result.text);
  }
}

TEST_CASE("asked for: tickets are not merged where nobody sees whose they are") {
  const auto merge = [](const std::string& tickets, const std::string& more, bool goes) {
    Desk desk([&](const Seen& seen) {
      if (seen.method == "POST") return answer(R"({"success":true})");
      if (seen.path == "/service/tickets") return answer(tickets);
      if (seen.path.ends_with("/statuses")) return answer(R"([{"id":5,"name":"Closed"}])");
      return one_ticket(seen);
    });
    const auto outcome =
        desk.harness.call(kMerge, R"({"ticketId":7,"mergeTicketIds":[8],"status":5)" + more + "}");
    CAPTURE(tickets);
    CHECK_MESSAGE(desk.sent("POST") == (goes ? 1 : 0), outcome.result.text);
    if (!goes) CHECK_MESSAGE(outcome.was_applied() == "no", outcome.result.text);
    return outcome;
  };
  const std::string unseen =
      R"([{"board":{"id":2},"id":7,"summary":"a"},{"board":{"id":2},"id":8,"summary":"b"}])";
  const auto refused = merge(unseen, "", false);
  CHECK_MESSAGE(refused.error().contains("the API shows no company of ticket 7 and ticket 8"),
                refused.result.text);
  CHECK(refused.error().contains("allow_other_company"));
  merge(unseen, R"(,"allow_other_company":true)", true);
  merge(R"([{"board":{"id":2},"id":8,"company":{"id":262}}])", "", false);
  merge(R"([{"board":{"id":2},"id":7},{"board":{"id":2},"id":8,"company":{"id":262}}])", "", false);
  merge(
      R"([{"board":{"id":2},"id":7,"company":null},{"board":{"id":2},"id":8,"company":{"id":262}}])",
      "", false);
  merge(
      R"([{"board":{"id":2},"id":7,"company":{"name":"Acme"}},{"board":{"id":2},"id":8,"company":{"name":"Falcon"}}])",
      "", false);
  merge(
      R"([{"board":{"id":2},"id":8,"company":{"id":262}},{"board":{"id":2},"id":9,"company":{"id":262}}])",
      "", false);
  merge(
      R"([{"board":{"id":2},"id":7,"company":{"id":262}},{"board":{"id":2},"id":8,"company":{"id":262}}])",
      "", true);
}

TEST_CASE("asked for: a merge that is answered with nothing is not known to be done") {
  for (const std::string body : {"false", "null", "{}", "[]", R"({"Success":false})",
                                 R"({"id":null,"code":"X","message":"no"})"}) {
    CAPTURE(body);
    Desk desk([&](const Seen& seen) {
      if (seen.method == "POST") return answer(body);
      if (seen.path == "/service/tickets") {
        return answer(
            R"([{"board":{"id":2},"id":7,"company":{"id":2}},{"board":{"id":2},"id":8,"company":{"id":2}}])");
      }
      if (seen.path.ends_with("/statuses")) return answer(R"([{"id":5,"name":"Closed"}])");
      return one_ticket(seen);
    });
    const auto outcome =
        desk.harness.call(kMerge, R"({"ticketId":7,"mergeTicketIds":[8],"status":5})");
    CHECK(desk.sent("POST") == 1);
    CHECK_MESSAGE(outcome.was_applied() == "unknown", outcome.result.text);
  }
}

TEST_CASE("asked for: a look for the same record that is answered oddly is told") {
  for (const int status : {403, 404}) {
    Desk desk([&](const Seen& seen) {
      if (seen.method == "POST") return http::Response::json(201, R"({"id":9,"summary":"s"})");
      if (seen.path == "/service/tickets") {
        return http::Response::json(status, R"({"code":"NotFound","message":"no"})");
      }
      return answer(R"([{"id":250,"name":"Acme"}])");
    });
    const auto outcome =
        desk.harness.call("create_a_connect_wise_psa_ticket", R"({"summary":"s","company":250})");
    CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
    CHECK_MESSAGE(outcome.value.string_or("notice", "").contains("could not be checked"),
                  outcome.result.text);
  }
  Desk desk([&](const Seen& seen) {
    if (seen.path == "/service/tickets") return answer(R"([{"code":"X","message":"bad"}])");
    return answer(R"([{"id":250,"name":"Acme"}])");
  });
  const auto outcome =
      desk.harness.call("create_a_connect_wise_psa_ticket", R"({"summary":"s","company":250})");
  CHECK_MESSAGE(outcome.error().contains("nothing was sent"), outcome.result.text);
  CHECK(desk.sent("POST") == 0);
}

}  // namespace patchbay::gateway
