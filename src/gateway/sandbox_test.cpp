// The gateway before the sandbox, over a socket: two independent readings of one API.
#include <algorithm>
#include <set>

#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";

std::vector<std::int64_t> sorted(std::vector<std::int64_t> ids) {
  std::ranges::sort(ids);
  return ids;
}

}  // namespace

TEST_CASE("sandbox: the connection is proved by a probe") {
  World world;
  Result<> probed;
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    probed = co_await world.harness.sender().probe(*world.harness.context.account);
  });
  CHECK(probed.has_value());
  Harness stranger(world.runtime, world.psa.port(), {},
                   {{"company_id", "patchbay"},
                    {"public_key", "demo-public-key"},
                    {"private_key", "wrong-key"},
                    {"client_id", "00000000-0000-4000-8000-00000000d3a0"}});
  const auto refused = stranger.call(kTickets, "{}");
  CHECK(refused.result.credentials_refused);
  CHECK(refused.value.find("error")->int64_or("status", 0) == 401);
}

TEST_CASE("sandbox: the triage workflow of the article") {
  World world;
  auto outcome = world.call(kTickets, R"({"board":"Triage","limit":5})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("result")->if_array()->size() == 5);
  for (const auto& ticket : *outcome.value.find("result")->if_array()) {
    CHECK(ticket.find("board")->string_or("name", "") == "Triage");
  }
  outcome = world.call(kTickets, R"({"company":"Acme Corp","summaryContains":"server"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(!outcome.value.find("result")->if_array()->empty());

  outcome = world.call(kUpdate, R"({"id":5012,"board":"Server Team","priority":"High"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto ticket = world.direct("/service/tickets/5012");
  CHECK(ticket.find("board")->string_or("name", "") == "Server Team");
  CHECK(ticket.find("priority")->string_or("name", "").contains("High"));

  outcome = world.call("create_a_connect_wise_psa_ticket_note",
                       R"({"ticketId":5012,"text":"Found 3 similar incidents.\nSecond line",
                           "internalAnalysisFlag":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.string_or("text", "") == "Found 3 similar incidents.\nSecond line");
}

TEST_CASE("sandbox: opportunities come with their forecast") {
  World world;
  const auto outcome = world.call(
      "list_all_connect_wise_psa_sales_opportunities",
      R"({"salesRep":"John Doe","stage":"Proposal Sent","open":true,"includeForecast":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto& records = *outcome.value.find("result")->if_array();
  REQUIRE(!records.empty());
  for (const auto& record : records) {
    CHECK(record.find("stage")->string_or("name", "") == "Proposal Sent");
    REQUIRE(record.find("forecast") != nullptr);
    CHECK(record.find("forecast")->find("revenue") != nullptr);
  }
}

TEST_CASE("sandbox: a time entry is logged in the account's zone") {
  World world;
  const auto outcome =
      world.call("create_a_connect_wise_psa_time_entry",
                 R"({"ticketId":40592,"timeStart":"2026-11-20T14:00","timeEnd":"2026-11-20T15:30",
          "billableOption":"Billable","notes":"Replaced the power supply.","member":"jdoe"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto entry =
      world.direct("/time/entries/" + std::to_string(outcome.value.int64_or("id", 0)));
  CHECK(entry.string_or("timeStart", "") == "2026-11-20T13:00:00Z");
  CHECK(entry.int64_or("chargeToId", 0) == 40592);
  CHECK(entry.string_or("chargeToType", "") == "ServiceTicket");
  CHECK(entry.find("actualHours")->as_double() == 1.5);
}

TEST_CASE("sandbox: following cursors yields every record once, in any order") {
  World world;
  const auto all = world.direct_ids("/service/tickets");
  REQUIRE(all.size() > 1500);
  const auto plain = world.follow(kTickets, R"({"limit":333})");
  CHECK(std::ranges::is_sorted(plain, std::greater()));
  CHECK(sorted(plain) == all);
  CHECK(sorted(world.follow(kTickets, R"({"limit":1000})")) == all);
  for (const std::string order :
       {"id asc", "summary", "closedFlag desc, summary asc", "lastUpdated desc", "closedDate asc",
        "closedDate desc", "owner/identifier", "priority/name desc", "requiredDate",
        "company/name desc, dateEntered asc"}) {
    CAPTURE(order);
    const auto ids =
        world.follow(kTickets, R"({"limit":400,"fields":["id"],"orderBy":")" + order + R"("})");
    CHECK(ids.size() == all.size());
    CHECK(sorted(ids) == all);
  }
}

TEST_CASE("sandbox: pages end exactly: full last pages have no cursor") {
  World world;
  const auto boards = world.direct_ids("/service/boards");
  for (const std::size_t limit :
       {std::size_t{1}, std::size_t{3}, boards.size() - 1, boards.size(), boards.size() + 1}) {
    int pages = 1;
    const auto ids =
        world.follow("list_all_connect_wise_psa_boards",
                     R"({"limit":)" + std::to_string(limit) + '}', [&](int) { ++pages; });
    CHECK(sorted(ids) == boards);
    CHECK(pages == static_cast<int>((boards.size() + limit - 1) / limit));
  }
}

TEST_CASE("sandbox: records that come while paging neither hide nor repeat others") {
  World world;
  const auto all = world.direct_ids("/service/tickets?conditions=board/name=%22Triage%22");
  REQUIRE(all.size() > 100);
  std::set<std::int64_t> removed;
  for (const std::string order : {"id desc", "id asc", "summary asc", "lastUpdated desc"}) {
    const auto ids = world.follow(
        kTickets, R"({"board":"Triage","limit":20,"fields":["id"],"orderBy":")" + order + R"("})",
        [&](int) {
          const auto made = world.call(
              kCreate,
              R"({"allow_duplicate":true,"summary":"m inserted meanwhile","company":"Acme Corp","board":"Triage"})");
          CHECK_MESSAGE(!made.result.is_error, made.result.text);
        });
    const std::set<std::int64_t> seen(ids.begin(), ids.end());
    CHECK(seen.size() == ids.size());
    for (const auto id : all) CHECK(seen.contains(id));
  }
}

TEST_CASE("sandbox: a page cut at the size limit goes on with the very next record") {
  World world;
  const auto all = world.direct_ids("/service/tickets?conditions=board/name=%22Triage%22");
  for (const std::size_t cap : {1500, 4000, 20'000}) {
    world.harness.context.max_result_bytes = cap;
    const auto ids = world.follow(kTickets, R"({"board":"Triage","limit":50})");
    CHECK(std::ranges::is_sorted(ids, std::greater()));
    CHECK(sorted(ids) == all);
  }
  world.harness.context.max_result_bytes = 900;
  const auto one = world.call("get_single_connect_wise_psa_ticket_by_id", R"({"id":5012})");
  CHECK(!one.result.is_error);
  CHECK(one.value.int64_or("id", 0) == 5012);
}

TEST_CASE("sandbox: no value of any filter changes what is asked") {
  World world;
  const std::vector<std::string> hostile = {R"(x" or 1=1)",
                                            R"(x" or id > 0 or summary = ")",
                                            R"(x') or id > 0 or ('')",
                                            R"(zz\)",
                                            R"(zz\" or id > 0 or summary = \"b)",
                                            "zz] or id > 0",
                                            "zz[2026-01-01]",
                                            ") or (id > 0",
                                            "zz&conditions=id>0",
                                            "zz%22 or id > 0",
                                            "zz\xE2\x80\x9D or id>0",
                                            "zz'; drop table tickets --"};
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->kind != integration::MethodKind::list) continue;
    const auto base = world.required_arguments(*tool);
    for (const auto& argument : tool->method->arguments) {
      if (argument.place != integration::ArgumentPlace::filter ||
          argument.type == integration::FieldType::boolean) {
        continue;
      }
      for (const auto& text : hostile) {
        auto arguments = base;
        arguments[argument.name] = text;
        const auto outcome = world.harness.call_value(tool->name, arguments);
        CAPTURE(tool->name);
        CAPTURE(argument.name);
        CAPTURE(text);
        // Either nothing has that text, or the value was refused here; the sandbox's parser never
        // had a reason to complain.
        if (outcome.result.is_error) {
          CHECK_MESSAGE(outcome.value.find("error")->string_or("code", "") == "invalid_argument",
                        outcome.result.text);
          CHECK(outcome.result.upstream_status != 400);
        } else {
          CHECK_MESSAGE(outcome.value.int64_or("result_count", -1) == 0, outcome.result.text);
        }
      }
      for (const auto& text : {std::string(100 * 1024, 'x'), std::string("a\0b", 3),
                               std::string("\xff\xfe"), std::string("line\nbreak")}) {
        auto arguments = base;
        arguments[argument.name] = text;
        const auto outcome = world.harness.call_value(tool->name, arguments);
        CAPTURE(tool->name);
        CAPTURE(argument.name);
        CHECK_MESSAGE(outcome.result.is_error, outcome.result.text.substr(0, 300));
        CHECK(outcome.result.text.size() < 5000);
      }
    }
  }
}

TEST_CASE("sandbox: a page that is shorter than asked for, because of what it includes, says so") {
  World world;
  const auto told = [&](const std::string& arguments) {
    const auto page = world.call("list_all_connect_wise_psa_sales_opportunities", arguments);
    return page.value.string_or("notice", "").contains("a page has 50 records at most");
  };
  CHECK(told(R"({"includeForecast":true,"limit":60,"fields":["id"]})"));
  CHECK_FALSE(told(R"({"includeForecast":true,"limit":50,"fields":["id"]})"));
  CHECK_FALSE(told(R"({"limit":60,"fields":["id"]})"));
}

// A text that such a filter takes.
const char* text_for(integration::FilterOperator op) {
  switch (op) {
    case integration::FilterOperator::as_email:
      return "jane@acme.example";
    case integration::FilterOperator::as_phone:
      return "503 555 0100";
    case integration::FilterOperator::as_domain:
      return "acme.example";
    default:
      return "a";
  }
}

TEST_CASE("sandbox: every typed filter is understood by the API") {
  World world;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->kind != integration::MethodKind::list) continue;
    const auto base = world.required_arguments(*tool);
    for (const auto& argument : tool->method->arguments) {
      if (argument.place != integration::ArgumentPlace::filter) continue;
      auto arguments = base;
      switch (argument.type) {
        case integration::FieldType::integer:
        case integration::FieldType::number:
        case integration::FieldType::reference:
          arguments[argument.name] = 1;
          break;
        case integration::FieldType::boolean:
          arguments[argument.name] = true;
          break;
        case integration::FieldType::date_time:
        case integration::FieldType::date:
          arguments[argument.name] = "2026-11-01";
          break;
        default:
          arguments[argument.name] = text_for(argument.filter_operator);
      }
      if (const auto* values = argument.schema.find("enum")) {
        arguments[argument.name] = values->if_array()->front();
      }
      const auto outcome = world.harness.call_value(tool->name, arguments);
      // A reference to a record 1 that the board does not have is refused by us, which is right.
      const bool ours = outcome.result.is_error && outcome.result.upstream_status == 200;
      CHECK_MESSAGE((!outcome.result.is_error || ours),
                    tool->name << ' ' << argument.name << ' ' << outcome.result.text);
    }
  }
}

TEST_CASE("sandbox: references that are unknown, ambiguous or out of scope write nothing") {
  World world;
  const auto before = world.direct("/service/tickets/5012");
  const auto unknown = world.call(kUpdate, R"({"id":5012,"board":"No Such Board"})");
  CHECK_MESSAGE(unknown.error().contains("board 'No Such Board' does not exist; there are: "),
                unknown.error());
  const auto foreign = world.call(kUpdate, R"({"id":5012,"status":"No Such Status"})");
  CHECK_MESSAGE(foreign.error().contains("does not exist on board '"), foreign.error());
  const auto nobody = world.call(kUpdate, R"({"id":5012,"owner":"nobody at all"})");
  CHECK(nobody.error().contains("owner 'nobody at all' does not exist"));
  const auto other = world.direct(
      "/service/boards/" + std::to_string(before.find("board")->int64_or("id", 0) == 1 ? 2 : 1) +
      "/statuses?pageSize=1");
  const auto id = other.if_array()->front().int64_or("id", 0);
  const auto scoped = world.call(kUpdate, R"({"id":5012,"status":)" + std::to_string(id) + '}');
  CHECK_MESSAGE(scoped.error().contains("does not exist on board"), scoped.result.text);
  CHECK(json::to_string(world.direct("/service/tickets/5012")) == json::to_string(before));
  const auto gone = world.call(kUpdate, R"({"id":999999,"status":"New"})");
  CHECK(gone.value.find("error")->int64_or("status", 0) == 404);
  CHECK(gone.was_applied() == "no");
}

TEST_CASE("sandbox: a subtype goes only with the types that the board allows") {
  World world;
  const auto id_of = [](const json::Value& record, const char* field) {
    const auto* value = record.find(field);
    return value != nullptr ? value->int64_or("id", 0) : 0;
  };
  for (const auto board_id : world.direct_ids("/service/boards")) {
    const auto board = std::to_string(board_id);
    const auto associations =
        world.direct("/service/boards/" + board + "/typeSubTypeItemAssociations?pageSize=1000");
    const auto& records = *associations.if_array();
    std::set<std::pair<std::int64_t, std::int64_t>> pairs;
    for (const auto& record : records) {
      pairs.emplace(id_of(record, "type"), id_of(record, "subType"));
    }
    // A pair of the board, and one whose parts are not found together.
    for (const auto& a : records) {
      for (const auto& b : records) {
        const auto type = id_of(a, "type");
        const auto sub_type = id_of(b, "subType");
        if (pairs.contains({type, sub_type})) continue;
        const auto start = R"({"id":5012,"board":)" + board + R"(,"type":)" + std::to_string(type) +
                           R"(,"clear":["item"],"subType":)";
        const auto wrong = world.call(kUpdate, start + std::to_string(sub_type) + '}');
        CHECK_MESSAGE(wrong.error().contains("does not go with type"), wrong.result.text);
        CHECK(wrong.error().contains("what does: "));
        const auto right = world.call(kUpdate, start + std::to_string(id_of(a, "subType")) + '}');
        CHECK_MESSAGE(!right.result.is_error, right.result.text);
        return;
      }
    }
  }
  FAIL("the sandbox has no pair that does not go together");
}

TEST_CASE("sandbox: its rate limit and its faults reach the caller as they are") {
  sandbox::SandboxOptions limited;
  limited.rate_limit = 3;
  World world(limited);
  Answered outcome;
  for (int i = 0; i < 5; ++i) outcome = world.call(kTickets, R"({"limit":1})");
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 429);
  CHECK(outcome.value.find("error")->int64_or("retry_after_seconds", 0) > 0);

  sandbox::SandboxOptions faulty;
  faulty.fault_percent = 100;
  World broken(faulty);
  outcome = broken.call(kTickets, "{}");
  CHECK(outcome.value.find("error")->string_or("code", "") == "unavailable");
}

// What becomes of its write: long_calls_test.cpp.
TEST_CASE("sandbox: a client that goes away takes its read with it") {
  sandbox::SandboxOptions slow;
  slow.latency = std::chrono::milliseconds(3000);
  World world(slow);
  CallResult result;
  const auto begun = std::chrono::steady_clock::now();
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    io::CancelSource source;
    auto context = world.harness.context;
    context.cancel = source.token();
    world.runtime.spawn(io::Loop::current(), [&source]() -> io::Task<> {
      co_await io::sleep(std::chrono::milliseconds(200));
      source.cancel();
    });
    result = co_await world.harness.gateway().call(
        *world.harness.tools->find("get_single_connect_wise_psa_ticket_by_id"),
        *json::parse(R"({"id":5012})"), context);
  });
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(2000));
  CHECK(result.is_error);
  const auto error = json::parse(result.text).value();
  CHECK(error.find("error")->string_or("code", "") == "cancelled");
  CHECK(error.find("error")->string_or("was_applied", "") == "no");
}

}  // namespace patchbay::gateway
