// What a key's look takes for the record that its call has made is that record, and no other that
// is like it.
#include <string>

#include "gateway/test_faults.h"
#include "gateway/test_journal.h"

namespace patchbay::gateway {
namespace {

struct Keyed {
  Journals journals;
  World world;
  Keyed() : world({}, with_journal({})) {}
  GatewayOptions with_journal(GatewayOptions options) {
    options.journal = journals.journal;
    return options;
  }
};

struct Trial {
  const char* name;
  std::string tool;
  json::Object earlier;   // what somebody made before
  json::Object later;     // what the key is for: like it, and another
  bool elsewhere = true;  // made by a server that this one knows nothing of
};

json::Object with(json::Object base, const json::Object& more) {
  for (const auto& [name, value] : more) base[name] = value;
  return base;
}

}  // namespace

TEST_CASE("own record: what is like it and another is not taken for it, and it is made once") {
  Keyed keyed;
  auto& world = keyed.world;
  const auto tickets = world.direct_ids(
      "/service/tickets?conditions=closedFlag=false%20and%20"
      "company/id=250");
  REQUIRE(tickets.size() >= 2);
  const auto contact = world.direct_ids("/company/contacts?conditions=company/id=250").front();
  const auto item = world.direct_ids("/procurement/catalog").front();
  const std::string create = "create_a_connect_wise_psa_";
  const json::Object invoice{
      {"type", "Standard"}, {"company", 250}, {"applyToType", "Ticket"}, {"date", "2026-11-20"}};
  const json::Object time{
      {"timeStart", "2026-11-20T05:00:00Z"}, {"actualHours", 1}, {"ticketId", tickets[0]}};
  const json::Object twin{{"summary", "Twin"}, {"company", 251}};
  const json::Object note{{"ticketId", tickets[0]}, {"text", "Same note"}};
  const json::Object agreement{{"name", "AG"}, {"company", 250}, {"type", 1}, {"contact", contact}};
  const json::Object addition{{"agreementId", 2}, {"product", item}, {"billCustomer", "Billable"}};
  const json::Object expense{
      {"type", 1}, {"amount", 9}, {"date", "2026-11-20"}, {"member", "jdoe"}};
  const json::Object insists{{"allow_duplicate", true}};
  const std::vector<Trial> trials = {
      {"an invoice of another ticket", create + "invoice",
       with(invoice, {{"applyToId", tickets[0]}}), with(invoice, {{"applyToId", tickets[1]}})},
      {"a twin that is meant", create + "ticket", twin, with(twin, insists), false},
      {"a note with other flags", create + "ticket_note",
       with(note, {{"internalAnalysisFlag", true}}),
       with(note, {{"detailDescriptionFlag", true}, {"allow_duplicate", true}}), false},
      {"an agreement from another day", create + "agreement",
       with(agreement, {{"startDate", "2026-12-01"}}),
       with(agreement, {{"startDate", "2027-12-01"}, {"allow_duplicate", true}}), false},
      {"an addition from another day", create + "agreement_addition",
       with(addition, {{"effectiveDate", "2027-01-01"}}),
       with(addition, {{"effectiveDate", "2027-02-01"}})},
      {"an expense of another company", create + "expense_entry", with(expense, {{"company", 250}}),
       with(expense, {{"company", 251}})},
      {"time on another ticket", create + "time_entry", with(time, {{"member", "jdoe"}}),
       with(time, {{"member", "jdoe"}, {"ticketId", tickets[1]}})},
      {"time of another member", create + "time_entry", {}, with(time, {{"member", "jane.doe"}})}};
  Harness other(world.runtime, world.psa.port());
  int key = 0;
  for (const auto& trial : trials) {
    CAPTURE(std::string(trial.name));
    std::int64_t known = 0;
    if (!trial.earlier.empty()) {
      auto& server = trial.elsewhere ? other : world.harness;
      const auto first = server.call_value(trial.tool, trial.earlier);
      REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
      known = first.value.int64_or("id", 0);
    }
    const auto again = with(trial.later, {{"idempotency_key", "k" + std::to_string(++key)}});
    answer_with(world, "POST", 200, "<html><title>Sign in</title></html>");
    const auto page = world.harness.call_value(trial.tool, again);
    CHECK_MESSAGE(page.was_applied() == "unknown", page.result.text);
    keyed.journals.clock.by += std::chrono::minutes(10);
    const auto made = world.harness.call_value(trial.tool, again);
    REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
    CHECK_MESSAGE(made.value.int64_or("id", 0) != known, made.result.text);
    CHECK_FALSE(made.value.string_or("notice", "").contains("it is taken for its"));
    CHECK(world.harness.call_value(trial.tool, again).value.int64_or("id", 0) ==
          made.value.int64_or("id", -1));
  }
}

TEST_CASE("own record: one that differs in what nobody goes by is told, and not taken") {
  Keyed keyed;
  auto& world = keyed.world;
  const std::string tool = "create_a_connect_wise_psa_ticket";
  const json::Object call{{"summary", "Like another"},
                          {"company", 251},
                          {"priority", "High"},
                          {"idempotency_key", "k"}};
  answer_with(world, "POST", 200, "<html><title>Sign in</title></html>");
  CHECK(world.harness.call_value(tool, call).was_applied() == "unknown");
  keyed.journals.clock.by += std::chrono::minutes(10);
  // By another server, which this one knows nothing of.
  const auto other =
      make_past(world, "/v4_6_release/apis/3.0/service/tickets",
                {{"summary", "Like another"}, {"company", json::Object{{"id", 251}}}});
  const auto told = world.harness.call_value(tool, call);
  CHECK(told.was_applied() == "unknown");
  CHECK_MESSAGE(told.error().contains(std::to_string(other.int64_or("id", 0)) +
                                      ", which differs in priority"),
                told.result.text);
}

}  // namespace patchbay::gateway
