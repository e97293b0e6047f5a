#include "gateway/sandbox_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kGet = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";

json::Value value_of(const json::Value& ticket, std::string_view caption) {
  for (const auto& entry : *ticket.find("customFields")->if_array()) {
    const auto* value = entry.find("value");
    if (entry.string_or("caption", "") == caption && value != nullptr) return *value;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("custom fields: set by caption, the others keep their values, and come back by caption") {
  World world;
  auto outcome =
      world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":7,"after hours":true}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("customFields")->int64_or("Affected users", 0) == 7);
  CHECK(outcome.value.find("customFields")->bool_or("After hours", false));
  // Numbers as texts are mended; what is not named stays.
  outcome = world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":"8"}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  auto ticket = world.direct("/service/tickets/5012");
  CHECK(value_of(ticket, "Affected users").as_int64() == 8);
  CHECK(value_of(ticket, "After hours") == json::Value(true));

  outcome = world.call(kGet, R"({"id":5012})");
  CHECK(outcome.value.find("customFields")->is_object());
  CHECK(outcome.value.find("customFields")->int64_or("Affected users", 0) == 8);
  outcome = world.call(kGet, R"({"id":5012,"verbose":true})");
  CHECK(outcome.value.find("customFields")->is_array());
  outcome = world.call("list_all_connect_wise_psa_tickets",
                       R"({"conditions":"id = 5012","fields":["id","customFields"]})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("result")
            ->if_array()
            ->front()
            .find("customFields")
            ->int64_or("Affected users", 0) == 8);

  // null clears one.
  outcome = world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":null}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  ticket = world.direct("/service/tickets/5012");
  CHECK(value_of(ticket, "Affected users").is_null());
  CHECK(value_of(ticket, "After hours") == json::Value(true));
}

TEST_CASE("custom fields: an unknown caption or a wrong type is refused before anything is sent") {
  World world;
  const auto before = world.direct("/service/tickets/5012");
  auto outcome = world.call(kUpdate, R"({"id":5012,"customFields":{"Afected users":7}})");
  CHECK(outcome.result.is_error);
  CHECK(outcome.error().contains("Affected users"));
  CHECK(outcome.error().contains("After hours"));
  CHECK(outcome.was_applied() == "no");
  outcome = world.call(
      kUpdate, R"({"id":5012,"customFields":{"Affected users":"many","After hours":"maybe"}})");
  CHECK(outcome.error().contains("takes a number"));
  CHECK(outcome.error().contains("takes true or false"));
  CHECK(world.direct("/service/tickets/5012") == before);
  outcome =
      world.call(kUpdate, R"({"id":5012,"customFields":{"Affected users":9},"dry_run":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.result.text.contains("customFields"));
  CHECK(world.direct("/service/tickets/5012") == before);
}

TEST_CASE("custom fields: a new record takes them as well") {
  World world;
  const auto outcome = world.call(
      kCreate,
      R"({"summary":"With fields","company":"Acme Corp","customFields":{"Affected users":3}})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto ticket =
      world.direct("/service/tickets/" + std::to_string(outcome.value.int64_or("id", 0)));
  CHECK(value_of(ticket, "Affected users").as_int64() == 3);
  CHECK(value_of(ticket, "After hours").is_null());
}

}  // namespace patchbay::gateway
