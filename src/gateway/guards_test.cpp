// What is looked at before a write that costs money, cannot be undone, or is there already.
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

const std::string kPrefix = "connect_wise_psa_";

std::string notice_of(const Answered& outcome) {
  return std::string(outcome.value.string_or("notice", ""));
}

std::string code_of(const Answered& outcome) {
  const auto* error = outcome.value.find("error");
  return error != nullptr ? std::string(error->string_or("code", "")) : "";
}

std::int64_t id_of(const json::Value& record, std::string_view field) {
  return record.find(field)->int64_or("id", 0);
}

// Two open tickets of one board whose company is the same, or not.
std::pair<std::int64_t, std::int64_t> two_tickets(World& world, bool same_company) {
  const auto tickets =
      world.direct("/service/tickets?pageSize=200&conditions=board/id=1%20and%20closedFlag=false");
  const auto& all = *tickets.if_array();
  for (const auto& one : all) {
    for (const auto& other : all) {
      const auto a = one.int64_or("id", 0);
      const auto b = other.int64_or("id", 0);
      if (a != b && (id_of(one, "company") == id_of(other, "company")) == same_company) {
        return {a, b};
      }
    }
  }
  FAIL("no such tickets");
  return {};
}

json::Value closing(World& world) {
  const auto statuses = world.direct(
      "/service/boards/1/statuses?pageSize=1&conditions=closedStatus=true%20and%20inactive=false");
  return statuses.if_array()->front().int64_or("id", 0);
}

json::Value merge_of(World& world, std::pair<std::int64_t, std::int64_t> tickets) {
  return json::Object{{"ticketId", tickets.first},
                      {"mergeTicketIds", json::Array{tickets.second}},
                      {"status", closing(world)}};
}

// Twice the same: made, then named instead of made. With allow_duplicate it is made again.
void check_guarded(World& world, const std::string& tool, json::Value arguments) {
  CAPTURE(tool);
  const auto first = world.harness.call_value(tool, arguments);
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  const auto again = world.harness.call_value(tool, arguments);
  CHECK_MESSAGE(code_of(again) == "conflict", again.result.text);
  CHECK(again.was_applied() == "no");
  CHECK_MESSAGE(again.error().contains(std::to_string(first.value.int64_or("id", -1))),
                again.error());
  auto dry = arguments;
  dry["dry_run"] = true;
  CHECK(code_of(world.harness.call_value(tool, dry)) == "conflict");
  arguments["allow_duplicate"] = true;
  const auto insisted = world.harness.call_value(tool, arguments);
  CHECK_MESSAGE(!insisted.result.is_error, insisted.result.text);
}

}  // namespace

TEST_CASE("guards: tickets of two companies are merged only where the call says so by name") {
  World world;
  const auto tickets = two_tickets(world, false);
  auto merge = merge_of(world, tickets);
  const auto before = world.direct("/service/tickets/" + std::to_string(tickets.second));
  auto outcome = world.harness.call_value(kPrefix + "tickets_merge", merge);
  CHECK_MESSAGE(code_of(outcome) == "conflict", outcome.result.text);
  CHECK(outcome.was_applied() == "no");
  CHECK_MESSAGE(outcome.error().contains("allow_other_company"), outcome.error());
  CHECK_MESSAGE(
      outcome.error().contains(std::string(before.find("company")->string_or("name", "-"))),
      outcome.error());
  CHECK(world.direct("/service/tickets/" + std::to_string(tickets.second)) == before);
  merge["dry_run"] = true;
  CHECK(code_of(world.harness.call_value(kPrefix + "tickets_merge", merge)) == "conflict");
  merge["allow_other_company"] = true;
  outcome = world.harness.call_value(kPrefix + "tickets_merge", merge);
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("touches")->if_array()->size() == 2);
}

TEST_CASE("guards: a merge tells what it touches, before and as it stands afterwards") {
  World world;
  const auto tickets = two_tickets(world, true);
  auto merge = merge_of(world, tickets);
  merge["dry_run"] = true;
  auto outcome = world.harness.call_value(kPrefix + "tickets_merge", merge);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto closed = [&](const json::Value& told, std::int64_t id) {
    for (const auto& record : *told.find("touches")->if_array()) {
      if (record.int64_or("id", 0) != id) continue;
      CHECK(!record.string_or("summary", "").empty());
      CHECK(record.find("company")->int64_or("id", 0) > 0);
      return record.bool_or("closedFlag", false);
    }
    FAIL("not told: " << id);
    return false;
  };
  CHECK_FALSE(closed(outcome.value, tickets.second));
  merge["dry_run"] = false;
  outcome = world.harness.call_value(kPrefix + "tickets_merge", merge);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(closed(outcome.value, tickets.second));
  CHECK_FALSE(closed(outcome.value, tickets.first));
}

TEST_CASE("guards: a ticket is joined to itself by no tool, and is told why") {
  World world;
  const auto sent = [&] { return world.direct("/service/tickets/5012"); };
  const auto before = sent();
  auto outcome = world.call(kPrefix + "tickets_attach_children",
                            R"({"ticketId":5012,"childTicketIds":[5012]})");
  CHECK(code_of(outcome) == "invalid_argument");
  CHECK_MESSAGE(outcome.error().contains("itself"), outcome.error());
  outcome = world.call(kPrefix + "tickets_merge",
                       R"({"ticketId":5012,"mergeTicketIds":[40592,5012],"status":"Closed"})");
  CHECK(outcome.result.is_error);
  CHECK_MESSAGE(outcome.error().contains("itself"), outcome.error());
  CHECK(sent() == before);
}

TEST_CASE("guards: what costs money is not made twice") {
  World world;
  check_guarded(world, "create_a_connect_wise_psa_time_entry",
                json::Object{{"ticketId", 5012},
                             {"timeStart", "2026-11-20T09:00:00Z"},
                             {"actualHours", 1},
                             {"member", "jdoe"}});
  // Without a member it is the API member's: another's time at the same hour is no double.
  check_guarded(
      world, "create_a_connect_wise_psa_time_entry",
      json::Object{{"ticketId", 5012}, {"timeStart", "2026-11-20T09:00:00Z"}, {"actualHours", 1}});
  const auto agreement = world.direct_ids("/finance/agreements").front();
  const auto item = world.direct_ids("/procurement/catalog").back();
  check_guarded(world, "create_a_connect_wise_psa_agreement_addition",
                json::Object{{"agreementId", agreement},
                             {"product", item},
                             {"quantity", 1},
                             {"billCustomer", "Billable"},
                             {"effectiveDate", "2027-03-01"}});
  check_guarded(world, "create_a_connect_wise_psa_invoice",
                json::Object{{"type", "Miscellaneous"},
                             {"company", 250},
                             {"date", "2026-11-30"},
                             {"reference", "November"}});
  check_guarded(world, "create_a_connect_wise_psa_product",
                json::Object{{"catalogItem", item},
                             {"quantity", 1},
                             {"billableOption", "Billable"},
                             {"ticket", 5012}});
}

TEST_CASE("guards: notes, and people of a company, are not made twice") {
  World world;
  check_guarded(world, "create_a_connect_wise_psa_ticket_note",
                json::Object{{"ticketId", 5012},
                             {"text", "Called back [and] waiting."},
                             {"internalAnalysisFlag", true}});
  check_guarded(world, "create_a_connect_wise_psa_company_note",
                json::Object{{"companyId", 250}, {"text", "Prefers calls before ten."}});
  check_guarded(world, "create_a_connect_wise_psa_contact",
                json::Object{{"firstName", "Ada"}, {"lastName", "Quill"}, {"company", 250}});
  const auto contact = world.direct_ids("/company/contacts").front();
  check_guarded(
      world, "create_a_connect_wise_psa_contact_communication",
      json::Object{
          {"contactId", contact}, {"type", "Email"}, {"value", "ada.quill@nowhere.example"}});
  // The same text on another ticket is another note.
  const auto other = world.call("create_a_connect_wise_psa_ticket_note",
                                R"({"ticketId":40592,"text":"Called back [and] waiting.",
                     "internalAnalysisFlag":true})");
  CHECK_MESSAGE(!other.result.is_error, other.result.text);
}

TEST_CASE("guards: only a won opportunity is converted, and once") {
  World world;
  const auto open = world.direct("/sales/opportunities?pageSize=1&conditions=closedDate=null")
                        .if_array()
                        ->front();
  const auto id = open.int64_or("id", 0);
  const std::string tool = kPrefix + "sales_opportunities_convert_to_ticket";
  json::Value convert = json::Object{{"id", id}, {"summary", "Install it"}};
  auto outcome = world.harness.call_value(tool, convert);
  CHECK_MESSAGE(code_of(outcome) == "conflict", outcome.result.text);
  CHECK_MESSAGE(outcome.error().contains("allow_not_won"), outcome.error());
  CHECK(outcome.was_applied() == "no");
  convert["allow_not_won"] = true;
  outcome = world.harness.call_value(tool, convert);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("touches")->if_array()->front().string_or("name", "") ==
        open.string_or("name", "-"));
  outcome = world.harness.call_value(tool, convert);
  CHECK_MESSAGE(code_of(outcome) == "conflict", outcome.result.text);
  CHECK_MESSAGE(outcome.error().contains("allow_duplicate"), outcome.error());
}

TEST_CASE("guards: time that overlaps is told with whose and what, and is made all the same") {
  World world;
  auto outcome = world.call("create_a_connect_wise_psa_time_entry",
                            R"({"ticketId":5012,"timeStart":"2026-11-20T10:00:00Z",
                                "timeEnd":"2026-11-20T11:00:00Z","member":"jdoe"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto first = std::to_string(outcome.value.int64_or("id", 0));
  const std::string beside = R"({"ticketId":40592,"timeStart":"2026-11-20T10:30:00Z",
                                "actualHours":1,"member":"jdoe")";
  outcome = world.call("create_a_connect_wise_psa_time_entry", beside + R"(,"dry_run":true})");
  CHECK_MESSAGE(notice_of(outcome).contains("overlaps with"), outcome.result.text);
  outcome = world.call("create_a_connect_wise_psa_time_entry", beside + '}');
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK_MESSAGE(notice_of(outcome).contains("entry " + first), notice_of(outcome));
  CHECK_MESSAGE(notice_of(outcome).contains("2026-11-20T10:00:00Z"), notice_of(outcome));
  // Another's time does not.
  outcome = world.call("create_a_connect_wise_psa_time_entry",
                       R"({"ticketId":40592,"timeStart":"2026-11-20T10:30:00Z",
                           "actualHours":0.25})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK_MESSAGE(!notice_of(outcome).contains("entry " + first), notice_of(outcome));
}

TEST_CASE("guards: a schedule clash says whose, when and with what") {
  World world;
  const auto types = world.direct("/schedule/types");
  const json::Value* leave = nullptr;
  for (const auto& type : *types.if_array()) {
    const auto code = type.string_or("identifier", "");
    if (code != "S" && code != "C") leave = &type;
  }
  REQUIRE(leave != nullptr);
  auto outcome = world.harness.call_value("create_a_connect_wise_psa_schedule_entry",
                                          json::Object{{"type", leave->int64_or("id", 0)},
                                                       {"name", "Away"},
                                                       {"member", "jdoe"},
                                                       {"dateStart", "2027-02-01T09:00:00Z"},
                                                       {"dateEnd", "2027-02-01T17:00:00Z"}});
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  outcome = world.call("create_a_connect_wise_psa_schedule_entry",
                       R"({"type":"S","objectId":40592,"member":"jdoe",
                           "dateStart":"2027-02-01T10:00:00Z","dateEnd":"2027-02-01T11:00:00Z"})");
  CHECK(outcome.result.is_error);
  for (const std::string& said : {std::string("2027-02-01T09:00:00Z"), std::string("'Away'"),
                                  std::string(leave->string_or("name", "-"))}) {
    CHECK_MESSAGE(outcome.error().contains(said), said << ": " << outcome.error());
  }
  CHECK_MESSAGE((outcome.error().contains("jdoe") || outcome.error().contains("John Doe")),
                outcome.error());
}

TEST_CASE("guards: who works for a company on credit hold is warned, in the dry run as well") {
  World world;
  const auto hold = world.direct("/company/companies/statuses?conditions=name='Credit%20Hold'")
                        .if_array()
                        ->front();
  const auto set =
      world.harness.call_value("update_a_connect_wise_psa_company_by_id",
                               json::Object{{"id", 250}, {"status", hold.int64_or("id", 0)}});
  REQUIRE_MESSAGE(!set.result.is_error, set.result.text);
  const std::string warning(hold.string_or("notificationMessage", "-"));
  for (const char* dry : {"true", "false"}) {
    auto outcome =
        world.call("create_a_connect_wise_psa_ticket",
                   R"({"company":250,"summary":"Work","dry_run":)" + std::string(dry) + '}');
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    CHECK_MESSAGE(notice_of(outcome).contains(warning), notice_of(outcome));
  }
  // Also where the company is that of what is worked on.
  const auto ticket =
      world.direct("/service/tickets?pageSize=1&conditions=company/id=250").if_array()->front();
  const auto outcome = world.harness.call_value("create_a_connect_wise_psa_time_entry",
                                                json::Object{{"ticketId", ticket.int64_or("id", 0)},
                                                             {"timeStart", "2026-11-20T07:00:00Z"},
                                                             {"actualHours", 0.25},
                                                             {"dry_run", true}});
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK_MESSAGE(notice_of(outcome).contains(warning), notice_of(outcome));
}

TEST_CASE("guards: a status that is called closed and does not close is told") {
  World world;
  // One of the board of ticket 5012 whose name says more than its flag.
  const auto ticket = world.direct("/service/tickets/5012");
  const auto board = std::to_string(id_of(ticket, "board"));
  const auto statuses = world.direct("/service/boards/" + board + "/statuses");
  for (const auto& status : *statuses.if_array()) {
    const std::string name(status.string_or("name", ""));
    const auto outcome =
        world.harness.call_value("update_a_connect_wise_psa_ticket_by_id",
                                 json::Object{{"id", 5012}, {"status", status.int64_or("id", 0)}});
    if (outcome.result.is_error) continue;
    CAPTURE(name);
    const bool says_so = name.contains("Clos") || name.contains("Resolv") ||
                         name.contains("Complet") || name.contains("Cancel");
    const bool told = notice_of(outcome).contains("does not close");
    CHECK(told == (says_so && !outcome.value.bool_or("closedFlag", false)));
  }
}

TEST_CASE("guards: an invoice that bills nothing says so") {
  World world;
  const auto outcome =
      world.call("create_a_connect_wise_psa_invoice",
                 R"({"type":"Miscellaneous","company":250,"date":"2026-11-29","reference":"x"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK_MESSAGE(notice_of(outcome).contains("bills nothing"), outcome.result.text);
}

TEST_CASE("guards: an invoice is made for no other company's work") {
  World world;
  const auto ticket = world.direct("/service/tickets/5012");
  const auto own = id_of(ticket, "company");
  std::int64_t other = 0;
  for (const auto id : world.direct_ids("/company/companies")) {
    if (id != own) other = id;
  }
  json::Value invoice = json::Object{
      {"type", "Standard"}, {"company", other}, {"applyToType", "Ticket"}, {"applyToId", 5012}};
  auto outcome = world.harness.call_value("create_a_connect_wise_psa_invoice", invoice);
  CHECK_MESSAGE(code_of(outcome) == "conflict", outcome.result.text);
  CHECK_MESSAGE(outcome.error().contains("allow_other_company"), outcome.error());
  invoice["company"] = own;
  invoice["dry_run"] = true;
  outcome = world.harness.call_value("create_a_connect_wise_psa_invoice", invoice);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("touches")->if_array()->front().string_or("summary", "") ==
        ticket.string_or("summary", "-"));
}

TEST_CASE("guards: every tool that writes takes a key") {
  for (const auto& tool : shipped_tools()->tools()) {
    if (!tool->method->writes()) continue;
    const auto& arguments = tool->method->arguments;
    const auto key = std::ranges::find(arguments, "idempotency_key", &integration::Argument::name);
    CHECK_MESSAGE((key != arguments.end()), tool->name);
  }
}

}  // namespace patchbay::gateway
