// Calls as events of the audit log: the gateway before the sandbox, over the real journal.
#include <string>

#include <doctest/doctest.h>

#include "audit/event_json.h"
#include "audit/log.h"
#include "gateway/test_journal.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

// The environment keeps `arguments`.
struct Desk {
  Journals journals;
  World world;

  explicit Desk(audit::Arguments arguments) : world({}, with_journal()) {
    store::EnvironmentRow row{.id = "env_1", .name = "One"};
    row.audit = audit::to_json({.arguments = arguments});
    REQUIRE(journals.repository->insert(row));
    journals.journal->learn("env_1", arguments);
    world.harness.context.caller = {.environment_id = "env_1", .server_id = "mcp_1"};
    world.harness.context.request_id = "req_1";
  }
  GatewayOptions with_journal() {
    GatewayOptions options;
    options.journal = journals.journal;
    return options;
  }
  // The event of the one call of the tool, once it is written.
  json::Value event_of(const std::string& tool) {
    for (int i = 0; i < 500; ++i) {
      const auto page = audit::read_log(*journals.repository, {.tool = tool}, {}, 10).value();
      if (!page.events.empty()) {
        REQUIRE(page.events.size() == 1);
        return audit::view(page.events.front());
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    FAIL("no event of " << tool);
    return {};
  }
};

constexpr const char* kGet = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kList = "list_all_connect_wise_psa_tickets";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
constexpr const char* kContact = "create_a_connect_wise_psa_contact";

std::string text(const json::Value& event, std::string_view name) {
  return std::string(event.string_or(name, ""));
}

}  // namespace

TEST_CASE("recorded: a read says what it was about, how long it took and how much it saved") {
  Desk desk(audit::Arguments::none);
  const auto got = desk.world.call(kGet, R"({"id":5012})");
  REQUIRE_FALSE(got.result.is_error);
  const auto event = desk.event_of(kGet);
  CHECK(text(event, "kind") == "read");
  CHECK(text(event, "outcome") == "done");
  CHECK(text(event, "resource") == "tickets");
  CHECK(text(event, "record_id") == "5012");
  CHECK(text(event, "environment_id") == "env_1");
  CHECK(text(event, "mcp_server_id") == "mcp_1");
  CHECK(text(event, "request_id") == "req_1");
  CHECK(text(event, "arguments_digest").size() == 64);
  CHECK(event.int64_or("upstream_status", 0) == 200);
  CHECK(event.int64_or("result_bytes", 0) == static_cast<std::int64_t>(got.result.text.size()));
  CHECK(event.int64_or("upstream_bytes", 0) > 0);
  CHECK(event.find("arguments")->is_null());
  CHECK(event.find("summary")->is_null());
}

TEST_CASE("recorded: what is refused before anything is sent leaves an event as well") {
  Desk desk(audit::Arguments::none);
  CHECK(desk.world.call(kList, R"({"nonsense":1})").result.is_error);
  const auto event = desk.event_of(kList);
  CHECK(text(event, "outcome") == "failed");
  CHECK(text(event, "error_code") == "invalid_argument");
  CHECK(event.find("upstream_status")->is_null());
}

TEST_CASE("recorded: a write is one event, begun and ended, with the record that it made") {
  Desk desk(audit::Arguments::none);
  const auto made = desk.world.call(kCreate, R"({"company":"Acme Corp","summary":"Recorded"})");
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  const auto event = desk.event_of(kCreate);
  CHECK(text(event, "kind") == "write");
  CHECK(text(event, "outcome") == "done");
  CHECK(text(event, "record_id") == std::to_string(made.value.int64_or("id", 0)));
  CHECK(event.int64_or("ended_number", 0) > event.int64_or("number", 0));
  // What is only shown changes nothing, and is none.
  Desk dry(audit::Arguments::none);
  CHECK_FALSE(dry.world.call(kCreate, R"({"company":"Acme Corp","summary":"Shown","dry_run":true})")
                  .result.is_error);
  CHECK(text(dry.event_of(kCreate), "kind") == "read");
}

TEST_CASE("recorded: an environment may keep numbers and choices of arguments, and no text") {
  Desk desk(audit::Arguments::values);
  const auto made = desk.world.call(
      kContact,
      R"({"firstName":"Jane","lastName":"Doe","company":250,"title":"Engineer","defaultFlag":false})");
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  const auto event = desk.event_of(kContact);
  const auto& kept = *event.find("arguments");
  CHECK(kept.find("firstName")->string_or("redacted", "") == "personal");
  CHECK(kept.find("title")->int64_or("characters", 0) == 8);
  CHECK(kept.int64_or("company", 0) == 250);
  CHECK(kept.bool_or("defaultFlag", true) == false);
  CHECK(event.find("summary")->int64_or("id", 0) == made.value.int64_or("id", -1));
}

}  // namespace patchbay::gateway
