// Arguments of the shipped pack, before the sandbox: what the API takes, the tools take, and who
// gives what a tool does not take is told what does its job.
#include <string>

#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kTicket = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kNote = "create_a_connect_wise_psa_ticket_note";
constexpr const char* kTime = "create_a_connect_wise_psa_time_entry";

std::string id_of(const Answered& outcome) {
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  return std::to_string(outcome.value.int64_or("id", 0));
}

}  // namespace

TEST_CASE("what a tool does not take is answered with what does its job") {
  World world;
  struct Row {
    const char* tool;
    const char* arguments;
    const char* told;
  };
  for (const Row& row :
       {Row{kUpdate, R"({"id":5012,"parentTicketId":5013})",
            "connect_wise_psa_tickets_attach_children"},
        Row{kUpdate, R"({"id":5012,"notes":"Called back"})", kNote},
        Row{kUpdate, R"({"id":5012,"closedFlag":true})", "status"},
        Row{kCreate, R"({"summary":"x","company":"Acme Corp","description":"y"})",
            "initialInternalAnalysis"},
        Row{"create_a_connect_wise_psa_contact", R"({"firstName":"Ann","email":"a@b.example"})",
            "create_a_connect_wise_psa_contact_communication"},
        Row{kTickets, R"({"page":2})", "next_cursor"}, Row{kTickets, R"({"pageSize":50})", "limit"},
        Row{kTickets, R"({"closedFlag":false})", "closed"},
        Row{kTickets, R"({"dateEntered":"2026-11-01"})", "createdAfter"},
        Row{kNote,
            R"({"ticketId":5012,"text":"x","internalAnalysisFlag":true,"emailCc":"a@b.example"})",
            "processNotifications"},
        Row{kTime, R"({"projectTicketId":7,"timeStart":"2026-11-20T10:00","actualHours":1})",
            "chargeToType"}}) {
    const auto outcome = world.call(row.tool, row.arguments);
    CHECK_MESSAGE(outcome.error().contains("unknown argument"), outcome.result.text);
    CHECK_MESSAGE(outcome.error().contains(row.told), outcome.result.text);
    CHECK(outcome.was_applied() == "no");
  }
}

TEST_CASE("one of what belongs together is asked for before anything is sent") {
  World world;
  const auto note = world.call(kNote, R"({"ticketId":5012})");
  CHECK(note.error().contains("text: is required"));
  CHECK(note.error().contains("internalAnalysisFlag: is required, or in its place"));
  CHECK(world.call(kNote, R"({"ticketId":5012,"text":"x","internalAnalysisFlag":false})")
            .error()
            .contains("one of them must be given, as true"));
  const auto time = world.call(kTime, R"({"timeStart":"2026-11-20T10:00"})");
  CHECK(time.error().contains("ticketId: is required, or in its place chargeToId or company"));
  CHECK(time.error().contains("timeEnd: is required, or in its place actualHours"));
  CHECK(world
            .call("create_a_connect_wise_psa_product",
                  R"({"catalogItem":1,"billableOption":"Billable"})")
            .error()
            .contains("ticket: is required"));
  CHECK(world
            .call("create_a_connect_wise_psa_expense_entry",
                  R"({"type":"Mileage","amount":3,"date":"2026-11-20"})")
            .error()
            .contains("chargeToId: is required, or in its place company"));
}

TEST_CASE("what the API takes beside a record, the tools take") {
  World world;
  const auto child = id_of(world.call(
      kCreate, R"({"summary":"A child","company":"Acme Corp","parentTicketId":5012,)"
               R"("automaticEmailCc":"boss@acme.example","automaticEmailCcFlag":true})"));
  const auto ticket = world.direct("/service/tickets/" + child);
  CHECK(ticket.int64_or("parentTicketId", 0) == 5012);
  CHECK(ticket.string_or("automaticEmailCc", "") == "boss@acme.example");
  CHECK(ticket.bool_or("automaticEmailCcFlag", false));

  const auto entry = id_of(world.call(
      kTime,
      R"({"ticketId":5012,"timeStart":"2026-11-20T10:00","actualHours":1,"notes":"Told here",)"
      R"("emailContactFlag":true,"emailResourceFlag":true,"emailCc":"boss@acme.example"})"));
  const auto time = world.direct("/time/entries/" + entry);
  CHECK(time.bool_or("emailContactFlag", false));
  CHECK(time.bool_or("emailResourceFlag", false));
  CHECK(time.string_or("emailCc", "") == "boss@acme.example");

  // And what a time entry says is told with the ticket.
  const auto whole = world.call(kTicket, R"({"id":5012,"includeTimeNotes":true})");
  CHECK_MESSAGE(whole.result.text.contains("Told here"), whole.result.text);
}

TEST_CASE("companies and contacts are listed by their type") {
  World world;
  for (const char* path : {"company/companies", "company/contacts"}) {
    CAPTURE(path);
    const std::string list = std::string(path).contains("companies")
                                 ? "list_all_connect_wise_psa_companies"
                                 : "list_all_connect_wise_psa_contacts";
    std::string type;
    std::int64_t expected = 0;
    const auto records = world.direct('/' + std::string(path) + "?fields=id,types&pageSize=1000");
    for (const auto& record : *records.if_array()) {
      const auto* types = record.find("types");
      if (types == nullptr || types->if_array()->empty()) continue;
      if (type.empty()) type = types->if_array()->front().string_or("name", "");
      for (const auto& each : *types->if_array()) expected += each.string_or("name", "") == type;
    }
    REQUIRE_FALSE(type.empty());
    const auto counted =
        world.harness.call_value(list, json::Object{{"type", type}, {"count", true}});
    CHECK_MESSAGE(counted.value.int64_or("count", -1) == expected, counted.result.text);
  }
}

TEST_CASE("a list of ids may come as one text") {
  World world;
  const auto outcome =
      world.call("connect_wise_psa_tickets_attach_children",
                 R"({"ticketId":5012,"childTicketIds":"38640, 38675","dry_run":true})");
  CHECK_MESSAGE(outcome.result.text.contains(R"("childTicketIds":[38640,38675])"),
                outcome.result.text);
}

}  // namespace patchbay::gateway
