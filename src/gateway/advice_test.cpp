// What calls that went astray are told, over the sandbox: contradictions, filters that name
// nothing, values that an API accepts and drops, and hints that name what exists.
#include <doctest/doctest.h>

#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

struct Desk : World {
  bool told(const std::string& tool, const std::string& arguments, std::string_view wanted) {
    const auto outcome = call(tool, arguments);
    const auto text = outcome.result.is_error ? outcome.error()
                                              : std::string(outcome.value.string_or("notice", ""));
    const bool found = text.find(wanted) != std::string::npos;
    CHECK_MESSAGE(found, tool << ' ' << arguments << ' ' << outcome.result.text.substr(0, 1500));
    return found;
  }
  bool works(const std::string& tool, const std::string& arguments) {
    const auto outcome = call(tool, arguments);
    CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
    return !outcome.result.is_error;
  }
};

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kTicket = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kLog = "create_a_connect_wise_psa_time_entry";
constexpr const char* kNote = "create_a_connect_wise_psa_ticket_note";
constexpr const char* kNotes = "list_all_connect_wise_psa_ticket_notes";
constexpr const char* kDeals = "list_all_connect_wise_psa_sales_opportunities";

}  // namespace

TEST_CASE("advice: two arguments that say different things of one field are refused") {
  Desk desk;
  const std::string when = R"("timeStart":"2026-11-20T14:00","actualHours":1,)";
  desk.told(kLog, '{' + when + R"("ticketId":5012,"chargeToId":40592})", "contradict");
  desk.told(kLog, '{' + when + R"("ticketId":5012,"chargeToType":"Company"})", "contradict");
  desk.works(kLog, '{' + when + R"("ticketId":5012,"chargeToId":5012})");
  desk.works(kLog, '{' + when +
                       R"("ticketId":5012,"chargeToType":"ServiceTicket","allow_duplicate":true})");
  desk.told(kLog, '{' + when + R"("chargeToType":"ServiceTicket"})", "chargeToId");
}

TEST_CASE("advice: a filter that names nothing is no empty list") {
  Desk desk;
  desk.told(kTickets, R"({"status":"No Such Status"})", "does not exist on any board; there are: ");
  desk.told(kTickets, R"({"type":"12345"})", "does not exist on any board");
  desk.told(kTickets, R"({"type":12345})", "list_all_connect_wise_psa_board_types");
  desk.told(kTickets, R"({"company":99999})", "company 99999 does not exist");
  desk.told(kTickets, R"({"companyId":99999})", "list_all_connect_wise_psa_companies");
  desk.works(kTickets, R"({"status":"New","summaryContains":"no ticket says this"})");
  desk.works(kTickets, R"({"board":{"id":1}})");
}

TEST_CASE("advice: ids are integers however they are written, and no fields are the usual ones") {
  Desk desk;
  for (const auto* id : {"5012", "5012.0", "5.012e3", "\"5012\""}) {
    const auto outcome = desk.call(kTicket, std::string(R"({"id":)") + id + '}');
    CHECK_MESSAGE(outcome.value.int64_or("id", 0) == 5012, outcome.result.text);
  }
  // Beside them stands a cursor, which is never the same.
  const auto records = [&](const std::string& arguments) {
    return json::to_string(*desk.call(kTickets, arguments).value.find("result"));
  };
  const auto usual = records(R"({"limit":1})");
  CHECK(records(R"({"limit":1,"fields":[]})") == usual);
  CHECK(records(R"({"limit":1,"fields":""})") == usual);
}

TEST_CASE("advice: a write tells what it did not apply") {
  Desk desk;
  const auto made = desk.call(kLog, R"({"ticketId":5012,"timeStart":"2026-11-20T14:00",
    "timeEnd":"2026-11-20T15:30","actualHours":4})");
  CHECK_MESSAGE(made.value.string_or("notice", "").contains("actualHours: sent 4, record has 1.5"),
                made.result.text);
  const auto plain = desk.call(kLog, R"({"ticketId":5012,"timeStart":"2026-11-20T14:00",
    "timeEnd":"2026-11-20T15:30:00+01:00","actualHours":1.50,"notes":" padded "})");
  CHECK_MESSAGE(plain.value.find("notice") == nullptr, plain.result.text);
  desk.told(kUpdate, R"({"id":5012,"requiredDate":"2027-03-28T02:30"})", "the clocks leave");
}

TEST_CASE("advice: hints name what there is") {
  Desk desk;
  desk.told(kTicket, R"({"id":999999})", kTickets);
  desk.told(kNotes, R"({"ticketId":999999})", kTickets);
  desk.told(kNote, R"({"ticketId":5012,"text":""})", "must not be empty");
  desk.told(kTickets, R"({"conditions":"customFields/value = \"x\""})", "customFieldConditions");
  desk.told("list_all_connect_wise_psa_contacts", R"({"orderBy":"name"})", "firstName");
  desk.told(kCreate, R"({"summary":"s","company":99999})", "list_all_connect_wise_psa_companies");
  const auto unknown = desk.call(kCreate, R"({"summary":"s","company":99999})");
  CHECK_FALSE(unknown.error().contains("belong to one board"));
  desk.told(kDeals, R"({"owner":"John Doe"})", "did you mean primarySalesRep?");
  CHECK(desk.call(kDeals, R"({"salesRep":"John Doe"})").value.find("result")->if_array()->size() ==
        desk.call(kDeals, R"({"primarySalesRep":"John Doe"})")
            .value.find("result")
            ->if_array()
            ->size());
}

TEST_CASE("advice: what a tool does not take is answered with what does its job") {
  Desk desk;
  const std::string ticket = R"({"summary":"s","company":"Acme Corp",)";
  desk.told(kCreate, ticket + R"("email":"jane@acme.example"})", "contact takes an e-mail address");
  desk.told(kCreate, ticket + R"("phone":"5035550100"})", "contact takes a phone number");
  desk.told(kUpdate, R"({"id":5012,"email":"jane@acme.example"})", "contact takes an e-mail");
  for (const char* name : {"closed", "closedFlag"}) {
    const std::string closed = '"' + std::string(name) + "\":true}";
    desk.told(kCreate, ticket + closed, kUpdate);
    desk.told(kUpdate, R"({"id":5012,)" + closed, "a status that closes tickets");
  }
  desk.told(kTickets, R"({"closedFlag":false})", "did you mean closed?");
  desk.told(kTickets, R"({"page":2})", "pages go by next_cursor");
  desk.told(kUpdate, R"({"id":5012,"parentTicketId":40592})",
            "connect_wise_psa_tickets_attach_children");
  desk.works(kCreate, ticket + R"("parentTicketId":40592,"dry_run":true})");
  desk.told(kNotes, R"({"ticketId":5012,"includeTimeNotes":true})",
            "list_all_connect_wise_psa_ticket_all_notes");
  desk.works(kTicket, R"({"id":5012,"includeTimeNotes":true})");
  desk.told(kNote, R"({"ticketId":5012,"text":"t","internalAnalysisFlag":true,"emailCc":"x"})",
            "processNotifications");
  desk.told("create_a_connect_wise_psa_contact", R"({"firstName":"J","email":"j@acme.example"})",
            "create_a_connect_wise_psa_contact_communication");
}

TEST_CASE("advice: what a schedule entry is about is asked for by its name") {
  Desk desk;
  for (const char* type : {"S", "C"}) {
    const auto said = desk.call("create_a_connect_wise_psa_schedule_entry",
                                R"({"member":"jdoe","type":")" + std::string(type) + "\"}");
    CHECK_MESSAGE(said.error().contains("Give objectId and call again."), said.result.text);
    CHECK_FALSE(said.error().contains(" 0 "));
  }
}

TEST_CASE("advice: a subtype or item needs what it belongs to") {
  Desk desk;
  const auto board = R"("board":"Server Team")";
  const auto items =
      desk.call("list_all_connect_wise_psa_board_items", R"({"boardId":1,"limit":1})");
  const auto& first = *items.value.find("result")->if_array();
  REQUIRE_MESSAGE(!first.empty(), items.result.text);
  const auto item = std::to_string(first.front().int64_or("id", 0));
  desk.told(kCreate, R"({"summary":"s","company":"Acme Corp","board":1,"item":)" + item + '}',
            "item needs a type beside it");
  const auto ticket = desk.call(kTicket, R"({"id":5012})");
  const auto other = ticket.value.find("board")->int64_or("id", 0) == 1 ? "2" : "1";
  const auto subtypes = desk.call("list_all_connect_wise_psa_board_subtypes",
                                  std::string(R"({"limit":1,"boardId":)") + other + '}');
  const auto id =
      std::to_string(subtypes.value.find("result")->if_array()->front().int64_or("id", 0));
  desk.told(kUpdate, std::string(R"({"id":5012,"board":)") + other + R"(,"subType":)" + id + '}',
            "give a type as well");
  CHECK(desk.works(kUpdate, std::string(R"({"id":5012,)") + board + '}'));
}

}  // namespace patchbay::gateway
