// What a held server does not reach is told as not there; what an API says of keys and addresses
// with the same status is told as what it is.
#include <doctest/doctest.h>

#include "gateway/test_harness.h"
#include "reach/reach.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kGet = "get_single_connect_wise_psa_ticket_by_id";

http::Response said(int status, const std::string& body) {
  return http::Response::json(status, body);
}

// Tickets 1 (of the company 21), 2 (of another), and none else.
struct Held {
  io::Runtime runtime{{.loops = 1}};
  std::string instead;  // 404 with this, whatever is asked
  StubUpstream psa;
  Harness harness;

  Held()
      : psa((runtime.start(), runtime),
            [this](const StubUpstream::Seen& seen) { return answer(seen); }),
        harness(runtime, psa.port()) {
    auto reach = reach::Reach::make(harness.tools->ways(), json::Object{{"companyId", 21}});
    REQUIRE(reach.has_value());
    harness.context.reach = *reach;
  }
  ~Held() { runtime.stop(); }

  http::Response answer(const StubUpstream::Seen& seen) const {
    if (!instead.empty()) return said(404, instead);
    if (seen.path == "/service/tickets/1") {
      return said(200, R"({"id":1,"summary":"Ours","company":{"id":21,"name":"Acme"}})");
    }
    if (seen.path == "/service/tickets/2") {
      return said(200, R"({"id":2,"summary":"Theirs","company":{"id":34,"name":"Other"}})");
    }
    return said(404, R"({"code":"NotFound","message":"Ticket 3 not found","errors":null})");
  }
};

std::string code_of(const Answered& outcome) {
  const auto* error = outcome.value.find("error");
  return error != nullptr ? std::string(error->string_or("code", "")) : "";
}

}  // namespace

TEST_CASE("another's record and one that nobody has are not there, in the same words") {
  Held held;
  CHECK_FALSE(held.harness.call(kGet, R"({"id":1})").result.is_error);
  const auto theirs = held.harness.call(kGet, R"({"id":2})");
  const auto nobodys = held.harness.call(kGet, R"({"id":3})");
  CHECK(code_of(theirs) == "not_found");
  CHECK_MESSAGE(theirs.error().contains("No such record"), theirs.result.text);
  CHECK_FALSE(theirs.error().contains("keys"));
  CHECK(theirs.error() == nobodys.error());
  CHECK(code_of(nobodys) == "not_found");
}

TEST_CASE("a write below another's record is told as not there, and not as a matter of keys") {
  Held held;
  const auto refused =
      held.harness.call("create_a_connect_wise_psa_ticket_note",
                        R"({"ticketId":2,"text":"x","internalAnalysisFlag":true})");
  CHECK(code_of(refused) == "not_found");
  CHECK(refused.was_applied() == "no");
  CHECK_FALSE(refused.error().contains("keys"));
}

TEST_CASE("a 404 that names no record is not taken for a record that is not there") {
  Held held;
  held.instead = "{}";
  for (const char* id : {"1", "2", "3"}) {
    const auto outcome = held.harness.call(kGet, std::string(R"({"id":)") + id + "}");
    CHECK(code_of(outcome) == "upstream");
    CHECK_MESSAGE(outcome.error().contains("keys"), outcome.result.text);
  }
  held.instead = R"({"message":"The endpoint does not exist"})";
  CHECK(code_of(held.harness.call(kGet, R"({"id":1})")) == "unsupported");
}

}  // namespace patchbay::gateway
