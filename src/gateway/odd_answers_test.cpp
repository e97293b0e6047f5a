// One record of an upstream's that is not as it should be must not hide the others, at whatever
// door it comes in: text that JSON does not allow, and what is no record among records.
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gateway/test_harness.h"

namespace patchbay::gateway {
namespace {

using Seen = StubUpstream::Seen;

const std::string kUnreadable = "\xEF\xBF\xBD";
const std::string kMark = "\xEF\xBB\xBF";

// What stands in a text of a record, and what is read of it.
struct Fault {
  const char* name;
  std::string sent;  // between quotes
  std::string read;
};
const std::vector<Fault> kFaults = {{"a lone surrogate", "caf\\ud83d", "caf" + kUnreadable},
                                    {"a byte that is not UTF-8", "caf\xE9", "caf" + kUnreadable},
                                    {"a control character", "caf\x01", "caf\x01"},
                                    {"a line break", "ca\nf", "ca\nf"}};

// An upstream whose every answer holds `text` in one of its records.
http::Response desk(const Seen& seen, const std::string& text) {
  const auto answer = [](std::string body) { return http::Response::json(200, std::move(body)); };
  const std::string odd = '"' + text + '"';
  if (seen.path == "/service/boards") {
    return answer(R"([{"id":1,"name":"Triage"},{"id":2,"name":)" + odd + "}]");
  }
  if (seen.path == "/service/tickets") {
    return answer(R"([{"id":9,"summary":"server down"},{"id":8,"summary":)" + odd +
                  R"(},{"id":7,"summary":"slow"}])");
  }
  if (seen.path == "/service/tickets/8") return answer(R"({"id":8,"summary":)" + odd + "}");
  if (seen.path == "/service/tickets/8/notes") {
    return answer(R"([{"id":1,"text":"hello"},{"id":2,"text":)" + odd + "}]");
  }
  if (seen.path == "/service/tickets/count") return answer(R"({"of":)" + odd + R"(,"count":3})");
  if (seen.path == "/finance/agreements/5") return answer(R"({"id":5,"name":"Care"})");
  if (seen.path == "/finance/agreements/5/additions") {
    return answer(R"([{"id":1,"description":)" + odd + R"(},{"id":2,"description":"Seat"}])");
  }
  if (seen.path == "/time/entries") {
    return answer(R"([{"id":1,"actualHours":1.50,"notes":)" + odd +
                  R"(},{"id":2,"actualHours":2.25}])");
  }
  return answer("[]");
}

struct Desk {
  io::Runtime runtime{{.loops = 1}};
  StubUpstream upstream;
  Harness harness;
  explicit Desk(StubUpstream::Answers answers)
      : upstream((runtime.start(), runtime), std::move(answers)),
        harness(runtime, upstream.port()) {}
  ~Desk() { runtime.stop(); }
  Answered call(const std::string& tool, const std::string& arguments) {
    auto outcome = harness.call(tool, arguments);
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    return outcome;
  }
};

const json::Value& at(const json::Value& value, std::initializer_list<const char*> path) {
  const json::Value* found = &value;
  for (const char* name : path) {
    found = found->find(name);
    REQUIRE_MESSAGE(found != nullptr, name << " in " << json::to_string(value));
  }
  return *found;
}

std::string notice_of(const json::Value& value) {
  return std::string(value.string_or("notice", ""));
}

constexpr const char* kList = "list_all_connect_wise_psa_tickets";
constexpr const char* kGet = "get_single_connect_wise_psa_ticket_by_id";

}  // namespace

TEST_CASE("text that is not valid is read as far as it can be, and told, at every door") {
  for (const auto& fault : kFaults) {
    CAPTURE(fault.name);
    Desk service([&](const Seen& seen) { return desk(seen, fault.sent); });
    constexpr const char* kTold = "Text that is not valid came from the API (1 place)";

    const auto list = service.call(kList, "{}");
    const auto& records = *at(list.value, {"result"}).if_array();
    REQUIRE(records.size() == 3);
    CHECK(records[0].string_or("summary", "") == "server down");
    CHECK(records[1].string_or("summary", "") == fault.read);
    CHECK(records[2].string_or("summary", "") == "slow");
    CHECK(notice_of(list.value).contains(kTold));

    const auto one = service.call(kGet, R"({"id":8})");
    CHECK(one.value.string_or("summary", "") == fault.read);
    CHECK(notice_of(one.value).contains(kTold));

    const auto count = service.call(kList, R"({"count":true})");
    CHECK(count.value.int64_or("count", 0) == 3);

    // A name among names one of which is odd.
    service.upstream.forget();
    const auto named =
        service.call("update_a_connect_wise_psa_ticket_by_id", R"({"id":8,"board":"triage"})");
    CHECK(at(named.value, {"resolved", "board"}).int64_or("id", 0) == 1);
    CHECK(notice_of(named.value).contains("Text that is not valid came"));

    const auto expanded = service.call("get_single_connect_wise_psa_agreement_by_id",
                                       R"({"id":5,"includeAdditions":true})");
    const auto& additions = *at(expanded.value, {"additions"}).if_array();
    REQUIRE(additions.size() == 2);
    CHECK(additions[0].string_or("description", "") == fault.read);
    CHECK(notice_of(expanded.value).contains(kTold));

    const auto brief = service.call("connect_wise_psa_tickets_brief", R"({"ticketId":8})");
    CHECK(at(brief.value, {"ticket"}).string_or("summary", "") == fault.read);
    CHECK(at(brief.value, {"notes", "result"}).if_array()->size() == 2);
    CHECK(json::to_string(brief.value).contains(kTold));

    const auto sums = service.call("connect_wise_psa_time_entries_unbilled", "{}");
    CHECK(json::to_string(sums.value).contains("3.75"));
    CHECK(json::to_string(sums.value).contains(kTold));
  }
}

TEST_CASE("a byte order mark before an answer is skipped, at every door") {
  Desk service([](const Seen& seen) {
    auto response = desk(seen, "fine");
    response.head = kMark + response.head;
    return response;
  });
  constexpr const char* kTold = "began with a byte order mark";
  const auto list = service.call(kList, R"({"board":"Triage"})");
  CHECK(at(list.value, {"result"}).if_array()->size() == 3);
  CHECK(notice_of(list.value).contains(kTold));
  const auto one = service.call(kGet, R"({"id":8})");
  CHECK(one.value.string_or("summary", "") == "fine");
  CHECK(notice_of(one.value).contains(kTold));
  CHECK(service.call(kList, R"({"count":true})").value.int64_or("count", 0) == 3);
  const auto brief = service.call("connect_wise_psa_tickets_brief", R"({"ticketId":8})");
  CHECK(at(brief.value, {"notes", "result"}).if_array()->size() == 2);
  const auto updated =
      service.call("update_a_connect_wise_psa_ticket_by_id", R"({"id":8,"summary":"fine"})");
  CHECK(updated.value.string_or("summary", "") == "fine");
}

TEST_CASE("what needs no mending is told nothing of") {
  Desk service([](const Seen& seen) { return desk(seen, "caf\xC3\xA9 \\ud83d\\ude00"); });
  CHECK(notice_of(service.call(kList, "{}").value).empty());
  CHECK(notice_of(service.call(kGet, R"({"id":8})").value).empty());
}

TEST_CASE("what is no record among records is left out and told, and the others stay") {
  for (const std::string odd : {"null", "\"text\"", "7", "true", "[1]", "[{\"id\":3}]"}) {
    CAPTURE(odd);
    Desk service([&](const Seen& seen) {
      const auto answer = [](std::string body) {
        return http::Response::json(200, std::move(body));
      };
      if (seen.path == "/service/boards") {
        return answer("[" + odd + R"(,{"id":1,"name":"Triage"}])");
      }
      if (seen.path == "/service/tickets") {
        return answer(R"([{"id":9,"summary":"a"},)" + odd + R"(,{"id":7,"summary":"b"}])");
      }
      if (seen.path == "/finance/agreements/5") return answer(R"({"id":5,"name":"Care"})");
      if (seen.path == "/finance/agreements/5/additions") {
        return answer("[" + odd + R"(,{"id":2,"description":"Seat"}])");
      }
      if (seen.path == "/service/tickets/8") return answer(R"({"id":8,"summary":"c"})");
      return answer("[]");
    });
    constexpr const char* kTold = "An entry of the API's list is no record and was left out.";

    const auto list = service.call(kList, "{}");
    CHECK(json::to_string(at(list.value, {"result"})) ==
          R"([{"id":9,"summary":"a"},{"id":7,"summary":"b"}])");
    CHECK(list.value.int64_or("result_count", 0) == 2);
    CHECK(notice_of(list.value).contains(kTold));

    const auto named =
        service.call("update_a_connect_wise_psa_ticket_by_id", R"({"id":8,"board":"triage"})");
    CHECK(at(named.value, {"resolved", "board"}).int64_or("id", 0) == 1);
    CHECK(notice_of(named.value).contains(kTold));

    const auto expanded = service.call("get_single_connect_wise_psa_agreement_by_id",
                                       R"({"id":5,"includeAdditions":true})");
    CHECK(at(expanded.value, {"additions"}).if_array()->size() == 1);
    CHECK(notice_of(expanded.value).contains(kTold));
  }
}

TEST_CASE("a page with what is no record in it is not taken for the last") {
  // Ten tickets and four entries that are none, in the order of their ids.
  std::vector<std::string> all;
  for (int id = 14; id > 0; --id) {
    all.push_back(id % 5 == 0   ? "null"
                  : id % 7 == 0 ? "\"odd\""
                                : R"({"id":)" + std::to_string(id) + "}");
  }
  Desk service([&](const Seen& seen) {
    if (seen.path != "/service/tickets") return http::Response::json(200, "[]");
    int below = 15;
    if (const auto conditions = seen.query.find("conditions"); conditions != seen.query.end()) {
      const auto place = conditions->second.find("id < ");
      if (place != std::string::npos) below = std::stoi(conditions->second.substr(place + 5));
    }
    std::string body = "[";
    auto left = std::stoi(seen.query.at("pageSize"));
    for (int id = below - 1; id > 0 && left > 0; --id, --left) {
      body += (body.size() > 1 ? "," : "") + all[static_cast<std::size_t>(14 - id)];
    }
    return http::Response::json(200, body + "]");
  });
  for (const int limit : {2, 3, 4, 5, 13}) {
    CAPTURE(limit);
    std::vector<std::int64_t> seen;
    json::Object arguments{{"limit", limit}};
    for (int page = 0; page < 20; ++page) {
      const auto outcome = service.harness.call_value(kList, arguments);
      REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
      for (const auto& record : *at(outcome.value, {"result"}).if_array()) {
        seen.push_back(record.int64_or("id", 0));
      }
      const auto cursor = outcome.value.string_or("next_cursor", "");
      if (cursor.empty()) break;
      arguments["next_cursor"] = cursor;
    }
    CHECK(seen == std::vector<std::int64_t>{13, 12, 11, 9, 8, 6, 4, 3, 2, 1});
  }
}

TEST_CASE("a list of texts or numbers is one") {
  Desk service([](const Seen&) { return http::Response::json(200, R"(["a","b"])"); });
  const auto list = service.call(kList, "{}");
  CHECK(json::to_string(at(list.value, {"result"})) == R"(["a","b"])");
  CHECK(notice_of(list.value).empty());
}

}  // namespace patchbay::gateway
