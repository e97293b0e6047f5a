#include "webhooks/message.h"

#include <memory>

#include <doctest/doctest.h>

#include "json/parse.h"

namespace patchbay::webhooks {
namespace {

std::shared_ptr<const vault::Vault> a_vault() {
  return vault::Vault::open(vault::Vault::generate_key()).value();
}

store::Message made(const vault::Vault& vault) {
  return make_message(vault,
                      {.event = Event::server_created,
                       .environment_id = "env_1",
                       .data = {{"id", "mcp_1"}},
                       .once = "first"},
                      WallTime(std::chrono::milliseconds(1'796'000'000'250)));
}

TEST_CASE("A message says what happened, when, and of what; it waits sealed") {
  const auto vault = a_vault();
  const store::Message message = made(*vault);
  CHECK(message.id.starts_with("msg_"));
  CHECK(message.event == bit_of(Event::server_created));
  CHECK(message.name == "mcp_server.created");
  CHECK(message.once == "first");
  CHECK_FALSE(message.payload.bytes.contains("mcp_1"));
  const store::DeliveryRow row = delivery_of(message, "whk_1");
  CHECK(row.id == "whk_1." + message.id);
  CHECK(row.due_at == message.at);
  const auto opened = open_payload(*vault, row, "env_1");
  REQUIRE(opened);
  CHECK(opened->reveal() ==
        R"({"type":"mcp_server.created","timestamp":"2026-11-30T00:53:20.250Z",)"
        R"("data":{"id":"mcp_1"}})");
}

TEST_CASE("A message does not open as another one, nor for another environment") {
  const auto vault = a_vault();
  const store::DeliveryRow row = delivery_of(made(*vault), "whk_1");
  CHECK_FALSE(open_payload(*vault, row, "env_2"));
  store::DeliveryRow moved = row;
  moved.message_id = "msg_other";
  CHECK_FALSE(open_payload(*vault, moved, "env_1"));
  store::DeliveryRow altered = row;
  altered.payload.bytes.back() ^= 1;
  CHECK_FALSE(open_payload(*vault, altered, "env_1"));
  CHECK_FALSE(open_payload(*a_vault(), row, "env_1"));
}

TEST_CASE("Events have one name each, and a bit that no other has") {
  std::int64_t bits = bit_of(Event::test);
  for (const EventName& one : kEvents) {
    CHECK(event_of(one.name) == one.event);
    CHECK(to_string(one.event) == one.name);
    CHECK((bits & bit_of(one.event)) == 0);
    bits |= bit_of(one.event);
  }
  CHECK_FALSE(event_of(kTestName));
  CHECK(to_string(Event::test) == kTestName);
}

}  // namespace
}  // namespace patchbay::webhooks
