// What a create is guarded against, an update into the same is guarded against; and texts are the
// same whatever blanks stand between their words.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

using integration::MethodKind;

const std::string kPrefix = "connect_wise_psa_";

std::string notice_of(const Answered& outcome) {
  return std::string(outcome.value.string_or("notice", ""));
}

bool is_refused(const Answered& outcome) {
  const auto* error = outcome.value.find("error");
  return error != nullptr && error->string_or("code", "") == "conflict" &&
         outcome.was_applied() == "no";
}

// Refused, also in a dry run; done where the call insists.
void check_refused(World& world, const std::string& tool, json::Value arguments,
                   const std::string& named) {
  CAPTURE(tool);
  for (const bool dry : {true, false}) {
    arguments["dry_run"] = dry;
    const auto outcome = world.harness.call_value(tool, arguments);
    CHECK_MESSAGE(is_refused(outcome), outcome.result.text);
    CHECK_MESSAGE(outcome.error().contains(named), outcome.error());
  }
  arguments["allow_duplicate"] = true;
  const auto insisted = world.harness.call_value(tool, arguments);
  CHECK_MESSAGE(!insisted.result.is_error, insisted.result.text);
}

std::int64_t made(World& world, const std::string& tool, json::Value arguments) {
  arguments["allow_duplicate"] = true;
  const auto outcome = world.harness.call_value(tool, arguments);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  return outcome.value.int64_or("id", 0);
}

json::Value time_at(const char* start) {
  return json::Object{
      {"ticketId", 5012}, {"member", "jdoe"}, {"timeStart", start}, {"actualHours", 1}};
}

}  // namespace

TEST_CASE("guards: what a create refuses whenever it was made, an update into it refuses") {
  for (const auto& each : shipped_tools()->tools()) {
    const auto& create = *each->method;
    if (create.kind != MethodKind::create) continue;
    const auto* update = each->resource->find_method("update");
    if (update == nullptr || update->description.empty()) continue;
    for (const auto& guard : create.duplicate_guards) {
      // What was made moments ago is repeated by a create only.
      if (guard.within.count() > 0) continue;
      CAPTURE(each->name);
      auto fields = guard.fields;
      fields.insert(fields.end(), guard.compared.begin(), guard.compared.end());
      fields.insert(fields.end(), guard.optional.begin(), guard.optional.end());
      const bool changes = std::ranges::any_of(update->arguments, [&](const auto& argument) {
        return std::ranges::find(fields, argument.field()) != fields.end();
      });
      if (changes) CHECK_FALSE(update->duplicate_guards.empty());
    }
  }
}

TEST_CASE("guards: a time entry is not moved onto another one, and an overlap is told") {
  World world;
  const auto first =
      made(world, "create_a_connect_wise_psa_time_entry", time_at("2026-11-20T09:00:00Z"));
  const auto second =
      made(world, "create_a_connect_wise_psa_time_entry", time_at("2026-11-20T13:00:00Z"));
  const std::string update = "update_a_connect_wise_psa_time_entry_by_id";
  for (const bool dry : {true, false}) {
    const auto outcome =
        world.harness.call_value(update, json::Object{{"id", second},
                                                      {"timeStart", "2026-11-20T09:30:00Z"},
                                                      {"timeEnd", "2026-11-20T10:30:00Z"},
                                                      {"dry_run", dry}});
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    CHECK_MESSAGE(notice_of(outcome).contains("overlaps with"), outcome.result.text);
    CHECK(notice_of(outcome).contains(std::to_string(first)));
  }
  check_refused(world, update,
                json::Object{{"id", second},
                             {"timeStart", "2026-11-20T09:00:00Z"},
                             {"timeEnd", "2026-11-20T10:00:00Z"}},
                std::to_string(first));
  // A change of what it is not told by, and a change of nothing.
  for (const auto& change : {json::Object{{"id", second}, {"notes", "Cables"}},
                             json::Object{{"id", second}, {"timeStart", "2026-11-20T09:00:00Z"}}}) {
    const auto outcome = world.harness.call_value(update, change);
    CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  }
}

TEST_CASE("guards: whichever field makes a record the same as another, the update is refused") {
  World world;
  // Two at one time on two tickets, and one goes to the other's.
  const auto one =
      made(world, "create_a_connect_wise_psa_time_entry", time_at("2026-11-20T09:00:00Z"));
  auto at = time_at("2026-11-20T09:00:00Z");
  const auto tickets =
      world.direct_ids("/service/tickets?conditions=closedFlag=false%20and%20id!=5012");
  at["ticketId"] = tickets.front();
  const auto other = made(world, "create_a_connect_wise_psa_time_entry", at);
  check_refused(world, "update_a_connect_wise_psa_time_entry_by_id",
                json::Object{{"id", other}, {"chargeToId", 5012}}, std::to_string(one));
  const auto spent = [&](int amount, std::int64_t ticket) {
    return made(world, "create_a_connect_wise_psa_expense_entry",
                json::Object{{"type", "Mileage"},
                             {"amount", amount},
                             {"date", "2026-11-20"},
                             {"member", "jdoe"},
                             {"chargeToType", "ServiceTicket"},
                             {"chargeToId", ticket}});
  };
  const auto first = spent(32, 5012);
  const auto dearer = spent(33, 5012);
  const auto elsewhere = spent(32, tickets.front());
  const std::string expense = "update_a_connect_wise_psa_expense_entry_by_id";
  // Notes are no part of it.
  const auto noted =
      world.harness.call_value(expense, json::Object{{"id", dearer}, {"notes", "Twice"}});
  CHECK_MESSAGE(!noted.result.is_error, noted.result.text);
  check_refused(world, expense, json::Object{{"id", dearer}, {"amount", 32}},
                std::to_string(first));
  check_refused(world, expense, json::Object{{"id", elsewhere}, {"chargeToId", 5012}},
                "with the same");
  const auto addition = [&](const char* day) {
    return made(world, "create_a_connect_wise_psa_agreement_addition",
                json::Object{{"agreementId", 1},
                             {"product", "M365-BP"},
                             {"billCustomer", "Billable"},
                             {"effectiveDate", day}});
  };
  const auto begun = addition("2026-12-01");
  check_refused(
      world, "update_a_connect_wise_psa_agreement_addition_by_id",
      json::Object{
          {"agreementId", 1}, {"id", addition("2026-12-02")}, {"effectiveDate", "2026-12-01"}},
      std::to_string(begun));
}

TEST_CASE("guards: a dry run without a member says that overlaps cannot be told yet") {
  World world;
  auto arguments = time_at("2026-11-20T21:30:00Z");
  arguments["dry_run"] = true;
  const auto known = world.harness.call_value("create_a_connect_wise_psa_time_entry", arguments);
  CHECK_MESSAGE(!notice_of(known).contains("cannot be told yet"), notice_of(known));
  arguments.if_object()->erase("member");
  const auto open = world.harness.call_value("create_a_connect_wise_psa_time_entry", arguments);
  REQUIRE_MESSAGE(!open.result.is_error, open.result.text);
  CHECK_MESSAGE(notice_of(open).contains("member is not given"), notice_of(open));
}

TEST_CASE("guards: an address or number of another contact of the company is named") {
  World world;
  const std::string create = "create_a_connect_wise_psa_contact_communication";
  const std::string update = "update_a_connect_wise_psa_contact_communication_by_id";
  const auto contact = [&](std::int64_t company, const char* name) {
    return made(world, "create_a_connect_wise_psa_contact",
                json::Object{{"firstName", "Ada"}, {"lastName", name}, {"company", company}});
  };
  const auto one = contact(250, "Quill");
  const auto other = contact(250, "Pen");
  const auto elsewhere =
      contact(world.direct_ids("/company/companies?conditions=id!=250").front(), "Ink");
  const auto communication = [](std::int64_t of, const char* type, const char* value) {
    return json::Object{{"contactId", of}, {"type", type}, {"value", value}};
  };
  made(world, create, communication(one, "Email", "ada@nowhere.example"));
  made(world, create, communication(one, "Direct", "555 0101 22"));
  check_refused(world, create, communication(other, "Email", "ADA@nowhere.example"),
                std::to_string(one));
  check_refused(world, create, communication(one, "Direct", "555  0101 22"), "allow_duplicate");
  made(world, create, communication(other, "Direct", "555  0101 22"));  // of the office, perhaps
  const auto own = made(world, create, communication(other, "Email", "pen@nowhere.example"));
  const auto into = [&](const char* value) {
    return json::Object{{"contactId", other}, {"id", own}, {"value", value}};
  };
  // Its own value, given again.
  CHECK_FALSE(world.harness.call_value(update, into("pen@nowhere.example")).result.is_error);
  made(world, create, communication(one, "Email", "quill@nowhere.example"));
  check_refused(world, update, into("quill@nowhere.example"), std::to_string(one));
  // Another company's people have their own.
  const auto free =
      world.harness.call_value(create, communication(elsewhere, "Email", "ada@nowhere.example"));
  CHECK_MESSAGE(!free.result.is_error, free.result.text);
}

TEST_CASE("guards: texts are the same whatever blanks stand between and around their words") {
  World world;
  const auto twice = [&](const std::string& tool, json::Value arguments, const std::string& field) {
    CAPTURE(tool);
    for (const auto& [first, second] :
         {std::pair("one  dd two", "One dd two"), std::pair("one dd three", " one\t dd  three "),
          std::pair("one \n dd four", "one dd four")}) {
      arguments[field] = first;
      const auto made = world.harness.call_value(tool, arguments);
      REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
      arguments[field] = second;
      CHECK_MESSAGE(is_refused(world.harness.call_value(tool, arguments)), second);
    }
    arguments[field] = "one dd five";
    const auto other = world.harness.call_value(tool, arguments);
    CHECK_MESSAGE(!other.result.is_error, other.result.text);
  };
  twice("create_a_connect_wise_psa_ticket", json::Object{{"company", 250}}, "summary");
  twice("create_a_connect_wise_psa_ticket_note",
        json::Object{{"ticketId", 5012}, {"internalAnalysisFlag", true}}, "text");
  twice("create_a_connect_wise_psa_contact", json::Object{{"company", 250}, {"lastName", "Q"}},
        "firstName");
  twice("create_a_connect_wise_psa_invoice",
        json::Object{{"company", 250}, {"type", "Miscellaneous"}}, "reference");
}

TEST_CASE("guards: an opportunity is converted once, whatever it becomes") {
  World world;
  const auto open = world.direct_ids("/sales/opportunities?conditions=closedDate=null").front();
  const auto convert = [&](const std::string& kind, json::Value more) {
    more["id"] = open;
    more["allow_not_won"] = true;
    return world.harness.call_value(kPrefix + "sales_opportunities_convert_to_" + kind, more);
  };
  const auto first = convert("order", json::Object{{"includeAllProductsFlag", true}});
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  const auto type = world.direct_ids("/finance/agreements/types").front();
  const auto board = world.direct_ids("/service/boards?conditions=projectFlag=true").front();
  const std::map<std::string, json::Value> others = {
      {"order", json::Object{{"includeAllProductsFlag", true}}},
      {"project", json::Object{{"board", board}}},
      {"ticket", json::Object{{"summary", "Install it"}}},
      {"agreement", json::Object{{"type", type}}}};
  for (const auto& [kind, arguments] : others) {
    CAPTURE(kind);
    auto dry = arguments;
    dry["dry_run"] = true;
    for (const auto& each : {dry, arguments}) {
      const auto outcome = convert(kind, each);
      CHECK_MESSAGE(is_refused(outcome), outcome.result.text);
      CHECK_MESSAGE(outcome.error().contains("order "), outcome.error());
      CHECK(outcome.error().contains("allow_duplicate"));
    }
  }
  auto insists = others.at("ticket");
  insists["allow_duplicate"] = true;
  const auto second = convert("ticket", insists);
  CHECK_MESSAGE(!second.result.is_error, second.result.text);
}

TEST_CASE("guards: a ticket that was merged is not merged again unless the call says so") {
  World world;
  const auto ticket = [&](const char* board) {
    return made(world, "create_a_connect_wise_psa_ticket",
                json::Object{{"summary", "Merged"}, {"company", 250}, {"board", board}});
  };
  const auto merge = [&](std::int64_t into, std::int64_t gone, const json::Value& status) {
    return json::Object{
        {"ticketId", into}, {"mergeTicketIds", json::Array{gone}}, {"status", status}};
  };
  const auto statuses = [&](std::int64_t id) {
    const auto record = world.direct("/service/tickets/" + std::to_string(id));
    return world.direct("/service/boards/" +
                        std::to_string(record.find("board")->int64_or("id", 0)) +
                        "/statuses?conditions=closedStatus=true%20and%20inactive=false");
  };
  const auto one = ticket("Triage");
  const auto other = ticket("Triage");
  const auto gone = ticket("Triage");
  const auto closed = statuses(gone).if_array()->front().int64_or("id", 0);
  const std::string tool = kPrefix + "tickets_merge";
  auto outcome = world.harness.call_value(tool, merge(one, gone, closed));
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  // Nor is it taken for the one that stays.
  for (const auto& again : {merge(other, gone, closed), merge(gone, other, closed)}) {
    outcome = world.harness.call_value(tool, again);
    CHECK_MESSAGE(is_refused(outcome), outcome.result.text);
    CHECK_MESSAGE(outcome.error().contains(std::to_string(one)), outcome.error());
    CHECK(outcome.error().contains("allow_merged"));
  }
  json::Value insists = merge(other, gone, closed);
  insists["allow_merged"] = true;
  outcome = world.harness.call_value(tool, insists);
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
}

TEST_CASE("guards: a merge's status is one of the board of those that get it") {
  World world;
  const auto boards = world.direct("/service/boards?conditions=inactiveFlag=false&orderBy=id");
  REQUIRE(boards.if_array()->size() > 1);
  const auto triage = boards.if_array()->at(0).int64_or("id", 0);
  const auto server = boards.if_array()->at(1).int64_or("id", 0);
  const auto ticket = [&](std::int64_t board) {
    return made(world, "create_a_connect_wise_psa_ticket",
                json::Object{{"summary", "Merged"}, {"company", 250}, {"board", board}});
  };
  const auto merge = [&](json::Array gone, std::string_view status) {
    return world.harness.call_value(
        kPrefix + "tickets_merge",
        json::Object{{"ticketId", ticket(triage)}, {"mergeTicketIds", gone}, {"status", status}});
  };
  const auto own = world.direct("/service/boards/" + std::to_string(server) +
                                "/statuses?conditions=closedStatus=true%20and%20inactive=false");
  const auto name = std::string(own.if_array()->front().string_or("name", ""));
  auto outcome = merge(json::Array{ticket(server)}, name);
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  outcome = merge(json::Array{ticket(server)}, "Nowhere");
  CHECK_MESSAGE(outcome.error().contains(name), outcome.error());
  CHECK_MESSAGE(
      outcome.error().contains(std::string(boards.if_array()->at(1).string_or("name", "-"))),
      outcome.error());
  outcome = merge(json::Array{ticket(server), ticket(triage)}, name);
  CHECK_MESSAGE(outcome.error().contains("are not of one board"), outcome.result.text);
  CHECK(outcome.was_applied() == "no");
}

}  // namespace patchbay::gateway
