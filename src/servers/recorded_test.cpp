// Which calls leave an event that never come to the gateway, and what each says.
#include <string>
#include <vector>

#include "audit/event_json.h"
#include "audit/journal.h"
#include "audit/log.h"
#include "servers/test_instance.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers::testing;

namespace {

std::string call_of(std::string_view tool, std::string_view arguments = "{}") {
  return legacy_body("tools/call", R"({"name":")" + std::string(tool) + R"(","arguments":)" +
                                       std::string(arguments) + "}");
}

constexpr std::string_view kDelete = "delete_a_desk_ticket_by_id";
constexpr std::string_view kDeleteFive = R"({"id":5})";

// The events of calls, newest first, once those are written that are awaited.
std::vector<json::Value> events_of(Instance& instance, std::size_t awaited) {
  for (int i = 0; i < 500; ++i) {
    const auto page =
        audit::read_log(*instance.world.repository, {.server_id = instance.minted->row.id}, {}, 100)
            .value();
    if (page.events.size() >= awaited) {
      REQUIRE(page.events.size() == awaited);
      std::vector<json::Value> shown;
      for (const store::EventRow& row : page.events) shown.emplace_back(audit::view(row));
      return shown;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  FAIL("the events did not come");
  return {};
}

std::string text(const json::Value& event, std::string_view name) {
  return std::string(event.string_or(name, ""));
}

}  // namespace

TEST_CASE("recorded: a tool that is not there, whatever its name") {
  Instance instance;
  const std::string token = instance.mint();
  instance.post(token, call_of("drop_all_tables"));
  instance.post(token, call_of(std::string(5'000, 'x')));
  const auto events = events_of(instance, 2);
  CHECK(text(events[1], "tool") == "drop_all_tables");
  CHECK(text(events[1], "error_code") == "unknown_tool");
  CHECK(text(events[1], "outcome") == "failed");
  CHECK_FALSE(text(events[1], "request_id").empty());
  CHECK(text(events[0], "tool").size() == 200);
}

TEST_CASE("recorded: a call over its quota") {
  Instance instance;
  const std::string token =
      instance.mint(R"({"quota":{"calls_per_minute":1},"confirm_writes":true})");
  instance.post(token, call_of("no_such_tool"));
  instance.post(token, call_of(kDelete, kDeleteFive));
  instance.post(token, call_of(kDelete, kDeleteFive));
  const auto events = events_of(instance, 3);
  CHECK(text(events[0], "error_code") == "rate_limited");
  CHECK(text(events[0], "tool") == kDelete);
  CHECK(text(events[0], "kind") == "write");
  CHECK(text(events[1], "error_code") == "confirmation_required");
}

TEST_CASE("recorded: a call that waits for a person's yes, and each time that it is asked for") {
  Instance instance;
  const std::string token = instance.mint(R"({"require_approval":["delete"]})");
  // Its record cannot be looked at: the upstream is not there.
  instance.post(token, call_of(kDelete, kDeleteFive));
  instance.post(token, call_of("get_approval_status", R"({"approval_id":"apr_x"})"));
  const auto events = events_of(instance, 2);
  CHECK(text(events[0], "tool") == "get_approval_status");
  CHECK(text(events[0], "kind") == "read");
  CHECK(text(events[1], "tool") == kDelete);
  CHECK(text(events[1], "kind") == "write");
  CHECK(text(events[1], "outcome") == "failed");
  CHECK_FALSE(text(events[1], "error_code").empty());
}
