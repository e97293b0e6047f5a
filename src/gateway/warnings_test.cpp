// What staff is warned of, as it is at the moment of the call.
#include <atomic>
#include <string>

#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

struct Held {
  World world;
  std::string hold;     // the status's id
  std::string active;   // the one before it
  std::string warning;  // what is told of it

  Held() {
    const auto status = world.direct("/company/companies/statuses?conditions=name='Credit%20Hold'")
                            .if_array()
                            ->front();
    hold = std::to_string(status.int64_or("id", 0));
    warning = status.string_or("notificationMessage", "-");
    active =
        std::to_string(world.direct("/company/companies/250").find("status")->int64_or("id", 0));
  }
  void set(const std::string& status) {
    world.change("/company/companies/250",
                 R"([{"op":"replace","path":"status","value":{"id":)" + status + "}}]");
  }
  bool warns(const std::string& tool, json::Value arguments) {
    const auto outcome = world.harness.call_value(tool, std::move(arguments));
    REQUIRE_MESSAGE(!outcome.result.is_error, tool << ": " << outcome.result.text);
    return outcome.value.string_or("notice", "").contains(warning);
  }
};

}  // namespace

TEST_CASE(
    "warnings: a hold that was put on a moment ago is told by every write, and gone when it is") {
  Held desk;
  auto& world = desk.world;
  const auto ticket =
      world.direct("/service/tickets?pageSize=1&conditions=company/id=250").if_array()->front();
  const auto id = ticket.int64_or("id", 0);
  const auto item = world.direct_ids("/procurement/catalog").back();
  const auto contact =
      world.direct("/company/contacts?pageSize=1&conditions=company/id=250").if_array()->front();
  int round = 0;
  const auto all = [&](bool dry) {
    const auto n = std::to_string(++round);
    std::vector<std::pair<std::string, json::Object>> writes = {
        {"create_a_connect_wise_psa_ticket", {{"summary", "Work " + n}, {"company", 250}}},
        {"create_a_connect_wise_psa_ticket", {{"summary", "More " + n}, {"company", "Acme Corp"}}},
        {"update_a_connect_wise_psa_ticket_by_id", {{"id", id}, {"customerUpdatedFlag", true}}},
        {"update_a_connect_wise_psa_ticket_by_id", {{"id", id}, {"company", 250}}},
        {"create_a_connect_wise_psa_ticket_note",
         {{"ticketId", id}, {"text", "Called " + n}, {"internalAnalysisFlag", true}}},
        {"create_a_connect_wise_psa_time_entry",
         {{"ticketId", id},
          {"timeStart", "2026-11-20T0" + n + ":00:00Z"},
          {"actualHours", 0.25},
          {"member", "jdoe"}}},
        {"create_a_connect_wise_psa_product",
         {{"catalogItem", item},
          {"quantity", round},
          {"billableOption", "Billable"},
          {"ticket", id}}},
        {"update_a_connect_wise_psa_contact_by_id",
         {{"id", contact.int64_or("id", 0)}, {"title", "Title " + n}}},
        {"create_a_connect_wise_psa_contact_communication",
         {{"contactId", contact.int64_or("id", 0)},
          {"type", "Email"},
          {"value", "n" + n + "@nowhere.example"}}},
    };
    std::vector<std::pair<std::string, json::Value>> out;
    for (auto& [tool, arguments] : writes) {
      if (dry) arguments.append("dry_run", true);
      out.emplace_back(tool, json::Value(std::move(arguments)));
    }
    return out;
  };
  // Known to the gateway, and on no hold.
  for (const auto& [tool, arguments] : all(true)) {
    CAPTURE(tool);
    CHECK_FALSE(desk.warns(tool, arguments));
  }
  desk.set(desk.hold);
  for (const bool dry : {true, false}) {
    CAPTURE(dry);
    for (const auto& [tool, arguments] : all(dry)) {
      CHECK_MESSAGE(desk.warns(tool, arguments), tool);
    }
  }
  desk.set(desk.active);
  for (const auto& [tool, arguments] : all(true)) {
    CAPTURE(tool);
    CHECK_FALSE(desk.warns(tool, arguments));
  }
}

TEST_CASE("warnings: what a status means is asked once, and which one a company has every time") {
  std::atomic<int> statuses = 0;
  std::atomic<int> companies = 0;
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  StubUpstream upstream(runtime, [&](const StubUpstream::Seen& seen) {
    if (seen.path.ends_with("/company/companies/statuses")) {
      ++statuses;
      return http::Response::json(
          200, R"([{"id":7,"notifyFlag":true,"notificationMessage":"Ask first"}])");
    }
    if (seen.path.ends_with("/company/companies")) {
      ++companies;
      return http::Response::json(
          200, R"([{"id":250,"name":"Acme","status":{"id":7,"name":"Credit Hold"},"types":[]}])");
    }
    return http::Response::json(200, R"({"id":5012,"summary":"Slow","company":{"id":250}})");
  });
  Harness harness(runtime, upstream.port());
  for (int round = 1; round <= 3; ++round) {
    const auto answered = harness.call_value(
        "update_a_connect_wise_psa_ticket_by_id",
        json::Object{{"id", 5012}, {"summary", "Slow " + std::to_string(round)}});
    REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
    CHECK(answered.value.string_or("notice", "").contains("'Credit Hold': Ask first"));
    CHECK(companies == round);
    CHECK(statuses == 1);
  }
  runtime.stop();
}

}  // namespace patchbay::gateway
