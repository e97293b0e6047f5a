#include "sandbox/language/conditions.h"

#include <doctest/doctest.h>

#include "http/url.h"
#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

TestClient& client() {
  static TestClient one;
  return one;
}

std::int64_t count(std::string_view path, std::string_view conditions) {
  const TestReply reply = client().find(std::string(path) + "/count", conditions);
  CAPTURE(reply.text);
  REQUIRE(reply.status == 200);
  return reply.body.int64_or("count", -1);
}

std::int64_t tickets(std::string_view conditions) {
  return count("/service/tickets", conditions);
}

const std::string kGuide =
    "String values should be enclosed with double or single quotes; DateTime values should be "
    "enclosed in square brackets; numbers should consist of only digits, and optionally a decimal "
    "point and a negation sign; boolean values should be indicated with the keywords true or "
    "false; null values should be indicated by the keyword null.";

}  // namespace

TEST_CASE("conditions that the vendor's documents and live logs show are understood") {
  const std::string vendors_own =
      R"((contact/name like "Fred%" and closedFlag = false) and dateEntered > )"
      R"([2015-12-23T05:53:27Z] or summary contains "test" AND summary != "Some Summary")";
  for (const char* conditions : {
           vendors_own.c_str(),
           "board/name='Triage'",
           "Board/Id = 2 AND ClosedFlag = False",
           "closedDate = NULL",
           "closedDate != null",
           "resources contains 'jdoe'",
           "owner/identifier = \"jdoe\"",
           "id in (5012, 40592)",
           "board/name not in ('Triage','Server Team')",
           "summary not contains \"server\"",
           "summary NOT LIKE '%server%'",
           "lastUpdated >= [2019-06-30] and enteredBy = \"EmailConnector\"",
           "dateEntered > [06/30/2019]",
           "(((id=1)))",
           "budgetHours >= -1.5",
           "  id\t=\r\n5012  ",
           "severity = 'high' or impact in ('Low','medium')",
           "status/sort < 20",
       }) {
    CAPTURE(conditions);
    CHECK(client().find("/service/tickets", conditions).status == 200);
  }
}

TEST_CASE("conditions select what they say") {
  CHECK(tickets("id = 5012") == 1);
  CHECK(tickets("id in (5012,40592,1)") == 2);
  CHECK(tickets("id not in (5012,40592)") == tickets("id > 0") - 2);
  CHECK(tickets("id = 5012 and summary = 'SERVER RUNNING SLOW'") == 1);
  CHECK(tickets("id = 5012 and summary like 'server%'") == 1);
  CHECK(tickets("id = 5012 and summary like 'running'") == 0);
  CHECK(tickets("id = 5012 and summary like '%RUNNING%'") == 1);
  CHECK(tickets("id = 5012 and summary contains 'Running'") == 1);
  CHECK(tickets("id = 5012 and summary contains '%'") == 0);
  CHECK(tickets("id = 5012 and board/name = \"triage\"") == 1);
  CHECK(tickets("id = 5012 and closedFlag = false") == 1);
  CHECK(tickets("id = 5012 and dateEntered = [2026-03-11T14:52:05Z]") == 1);
  CHECK(tickets("id = 5012 and dateEntered >= [2026-03-11]") == 1);
  CHECK(tickets("id = 5012 and dateEntered < [2026-03-11T16:52:06+02:00]") == 1);
  CHECK(tickets("closedFlag = true") + tickets("closedFlag = false") == tickets("id > 0"));
}

TEST_CASE("texts are patterns as the guide has them, and brackets make a character itself") {
  TestClient own;
  for (const char* summary : {"[Draft] 5 * 3", "Draft 5 x 3", "100% a_b"}) {
    REQUIRE(own.post("/service/tickets", std::string(R"({"summary":")") + summary +
                                             R"(","company":{"identifier":"AcmeCorp"}})")
                .status == 201);
  }
  const auto found = [&](std::string_view conditions) {
    const TestReply reply = own.find("/service/tickets/count", conditions);
    CAPTURE(reply.text);
    REQUIRE(reply.status == 200);
    return reply.body.int64_or("count", -1);
  };
  CHECK(found("summary = '*Draft*3'") == 2);
  CHECK(found("summary = '[[]Draft] 5 [*] 3'") == 1);
  CHECK(found("summary = '[Draft] 5 * 3'") == 0);
  CHECK(found("summary in ('[[]Draft*','100% a_b')") == 2);
  CHECK(found("summary contains '[[]Draft'") == 1);
  CHECK(found("summary contains '5 [*] 3'") == 1);
  CHECK(found("summary contains 'Draft*5*3'") == 2);
  CHECK(found("summary like '100[%] a[_]b'") == 1);
  CHECK(found("summary like 'Draft _ x _'") == 1);
  CHECK(found("summary like 'Draft [_] x%'") == 0);
  CHECK(found("summary > '[Draft' and summary < '[Drafu'") == 1);
}

TEST_CASE("AND binds tighter than OR") {
  CHECK(tickets("id = 5012 or id = 40592 and id = 1") == 1);
  CHECK(tickets("(id = 5012 or id = 40592) and id = 1") == 0);
  CHECK(tickets("id = 1 and id = 2 or id = 5012") == 1);
}

TEST_CASE("nulls match nothing but the null test") {
  const std::int64_t all = tickets("id > 0");
  const std::int64_t unowned = tickets("owner/id = null");
  CHECK(unowned > 0);
  CHECK(tickets("owner/identifier = 'jdoe'") + tickets("owner/identifier != 'jdoe'") ==
        all - unowned);
  CHECK(tickets("owner/identifier like '%'") == all - unowned);
  CHECK(tickets("owner/identifier not like 'nobody'") == all - unowned);
  CHECK(tickets("owner/identifier not contains 'nobody'") == all - unowned);
  CHECK(tickets("owner/id not in (1)") == all - unowned);
  CHECK(tickets("owner/id in (null)") == 0);
  CHECK(tickets("owner/id not in (1, null)") == 0);
  CHECK(tickets("owner/id > null") == 0);
  CHECK(tickets("budgetHours < 100") + tickets("budgetHours = null") == all);
}

TEST_CASE("quotes and backslashes inside strings do not end them") {
  const TestReply created = client().post(
      "/service/tickets",
      R"({"summary": "He said \"it's 5\\8 full\"", "company": {"identifier": "AcmeCorp"}})");
  REQUIRE(created.status == 201);
  CHECK(tickets(R"(summary = "He said \"it's 5\\8 full\"")") == 1);
  CHECK(tickets(R"(summary = 'He said "it\'s 5\8 full"')") == 1);
  CHECK(client().find("/service/tickets", R"(summary = "x" or 1=1)").status == 400);
}

TEST_CASE("accents compare without regard to case, as ASCII does") {
  CHECK(count("/company/companies", "name = 'YELLOW DOOR CAFÉS'") == 1);
  CHECK(count("/company/companies", "name contains 'cafÉ'") == 1);
}

TEST_CASE("faulty conditions get the vendor's words") {
  struct Case {
    const char* path;
    const char* conditions;
    std::string message;
  };
  const Case cases[] = {
      {"/service/tickets", "closedFlag = 5", "Expected a boolean value, not a numeric. " + kGuide},
      {"/service/tickets", "summary = 5", "Expected a string value, not a numeric. " + kGuide},
      {"/service/tickets", "id = 'x'", "Expected a numeric value, not a string. " + kGuide},
      {"/service/tickets", "dateEntered > '2026-01-01'",
       "Expected a datetime value, not a string. " + kGuide},
      {"/service/tickets", "summary contains server",
       "Expected a string value, not a name. " + kGuide},
      {"/service/tickets", "id in (1,'a')", "Expected a numeric value, not a string. " + kGuide},
      {"/service/tickets", "id like 5", "Expected a string value, not a numeric. " + kGuide},
      {"/service/tickets", "assignedTo/identifier = 'jdoe'",
       "assignedTo/identifier is not a recognized name."},
      {"/service/tickets", "resources/identifier = 'jdoe'",
       "resources/identifier is not a recognized name."},
      {"/service/tickets", "member/id = 1", "member/id is not a recognized name."},
      {"/service/tickets", "configurations/id = 1", "configurations/id is not a recognized name."},
      {"/service/tickets", "_info/lastUpdated > [2020-01-01]",
       "_info/lastUpdated is not a recognized name."},
      {"/service/tickets", "board = 1", "board is not a recognized name."},
      {"/service/tickets", "summary/name = 'x'", "summary/name is not a recognized name."},
      {"/service/tickets", "initialDescription = 'x'",
       "initialDescription is not a recognized name."},
      {"/service/tickets", "1=1", ""},
      {"/service/boards", "board/name = 'Triage'", "board/name is not a recognized name."},
      {"/company/contacts", "types/name = 'Primary'", "types/name is not a recognized name."},
      {"/service/tickets/5012/notes", "noteType = 'x'", "noteType is not a recognized name."},
      {"/time/workTypes", "inactiveFlag = false", "inactiveFlag is not a recognized name."},
      {"/time/workRoles", "inactiveFlag = false", "inactiveFlag is not a recognized name."},
      {"/company/companies/250/sites", "defaultFlag = true",
       "defaultFlag is not a recognized name."},
      {"/service/tickets", "severity = 'Terrible'", "Enum value supplied was invalid"},
      {"/service/tickets", "severity not like 'Terrible'", "Enum value supplied was invalid"},
      {"/service/tickets", "dateEntered > [yesterday]",
       "String was not recognized as a valid DateTime."},
      {"/service/tickets", "dateEntered > [2026-02-30]",
       "String was not recognized as a valid DateTime."},
      {"/service/tickets", "summary", ""},
      {"/service/tickets", "summary =", ""},
      {"/service/tickets", "(id = 1", ""},
      {"/service/tickets", "id = 1)", ""},
      {"/service/tickets", "id = 1 id = 2", ""},
      {"/service/tickets", "id = 1 and", ""},
      {"/service/tickets", "and id = 1", ""},
      {"/service/tickets", "not id = 1", ""},
      {"/service/tickets", "id not = 1", ""},
      {"/service/tickets", "id in ()", ""},
      {"/service/tickets", "id in 1", ""},
      {"/service/tickets", "summary = \"open", ""},
      {"/service/tickets", "summary = 'open", ""},
      {"/service/tickets", "dateEntered > [2026-01-01", ""},
      {"/service/tickets", "id ! 1", ""},
      {"/service/tickets", "id <> 1", ""},
      {"/service/tickets", "id = 1;drop", ""},
      {"/service/tickets", "id = 1e5", ""},
      {"/service/tickets", "id = +5", ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.conditions);
    const TestReply reply = client().find(one.path, one.conditions);
    CHECK(reply.status == 400);
    CHECK(reply.code() == "ApiFindCondition");
    if (!one.message.empty()) CHECK(reply.message() == one.message);
  }
}

TEST_CASE("nesting has a limit and long conditions do not") {
  const std::string deep = std::string(99, '(') + "id=5012" + std::string(99, ')');
  CHECK(tickets(deep) == 1);
  const std::string too_deep = std::string(5000, '(') + "id=5012" + std::string(5000, ')');
  CHECK(client().find("/service/tickets", too_deep).status == 400);
  std::string long_list = "id in (5012";
  for (int i = 0; i < 5000; ++i) long_list += ",1";
  CHECK(tickets(long_list + ")") == 1);
}

TEST_CASE("childConditions filter by one child that satisfies all of it") {
  const auto contacts = [](std::string_view conditions) {
    const TestReply reply =
        client().get("/company/contacts/count?childConditions=" + http::percent_encode(conditions));
    CAPTURE(reply.text);
    REQUIRE(reply.status == 200);
    return reply.body.int64_or("count", -1);
  };
  const TestReply first = client().get("/company/contacts/1");
  const json::Value& mail = first.body.find("communicationItems")->if_array()->front();
  const std::string address(mail.string_or("value", ""));
  const std::string by_mail = "communicationItems/value like \"" + address + "\"";
  CHECK(contacts(by_mail + " AND communicationItems/communicationType=\"Email\"") >= 1);
  CHECK(contacts(by_mail + " AND communicationItems/communicationType=\"Phone\"") == 0);
  CHECK(contacts("communicationItems/type/name = 'Email'") > 100);
  CHECK(contacts("types/name = \"Primary\"") == 44);
  CHECK(contacts("types/id = 1 and communicationItems/communicationType = 'Phone'") > 0);
  CHECK(client().get("/company/contacts?childConditions=types/colour=1").message() ==
        "types/colour is not a recognized name.");
  // Query names are taken in any case.
  CHECK(client()
            .get("/company/contacts/count?childconditions=types/id=1")
            .body.int64_or("count", 0) == 44);
}

TEST_CASE("customFieldConditions filter by caption and value") {
  const auto with = [](std::string_view conditions) {
    return client()
        .get("/service/tickets/count?customFieldConditions=" + http::percent_encode(conditions))
        .body.int64_or("count", -1);
  };
  const std::int64_t any = with("caption=\"Affected users\" AND value > 0");
  CHECK(any > 50);
  CHECK(with("caption='affected users' AND value > 20") < any);
  CHECK(with("caption='Vendor case' AND value != null") == 0);
}

TEST_CASE("POST search takes filters in the body and pages in the query string") {
  const TestReply found = client().post("/service/tickets/search?pageSize=3&fields=id",
                                        R"({"conditions": "closedFlag = false",
                                        "orderBy": "id desc"})");
  CHECK(found.status == 200);
  CHECK(found.size() == 3);
  const TestReply wrong =
      client().post("/service/tickets/search", R"({"conditions": "id=1", "page": 2})");
  CHECK(wrong.status == 400);
  CHECK(wrong.code() == "ConnectWiseApi");
  CHECK(wrong.message() ==
        "Could not find member 'page' on object of type 'FilterValues'. Path 'page', line 1, "
        "position 30.Check your accept header to make sure you are using the correct version.");
}
