// A record that goes elsewhere, and what hung on where it was.
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kTicket = "update_a_connect_wise_psa_ticket_by_id";

std::string notice_of(const Answered& outcome) {
  return std::string(outcome.value.string_or("notice", ""));
}

// A ticket of a company with a contact that has an e-mail address, a site and an agreement.
json::Value full_ticket(World& world) {
  const auto tickets = world.direct(
      "/service/tickets?pageSize=1&conditions=contact/id!=null%20and%20agreement/id!=null%20and%20"
      "site/id!=null%20and%20contactEmailAddress!=null");
  REQUIRE(!tickets.if_array()->empty());
  return tickets.if_array()->front();
}

std::int64_t other_company(World& world, const json::Value& record) {
  for (const auto id : world.direct_ids("/company/companies")) {
    if (id != record.find("company")->int64_or("id", 0)) return id;
  }
  return 0;
}

std::string path_of(const json::Value& ticket) {
  return "/service/tickets/" + std::to_string(ticket.int64_or("id", 0));
}

// What the request says of a field: null, an id's text, or "-" where it says nothing.
std::string sent(const Answered& dry, std::string_view field) {
  for (const auto& operation : *dry.value.find("request")->find("body")->if_array()) {
    if (operation.string_or("path", "") != field) continue;
    const auto* value = operation.find("value");
    return value == nullptr ? "null" : json::to_string(*value);
  }
  return "-";
}

}  // namespace

TEST_CASE("moves: a ticket of another company keeps nobody's contact, address or agreement") {
  World world;
  const auto before = full_ticket(world);
  const auto to = other_company(world, before);
  const json::Value move = json::Object{{"id", before.int64_or("id", 0)}, {"company", to}};
  auto dry_move = move;
  dry_move["dry_run"] = true;
  const auto dry = world.harness.call_value(kTicket, dry_move);
  REQUIRE_MESSAGE(!dry.result.is_error, dry.result.text);
  for (const char* field : {"contact", "agreement", "contactEmailAddress", "contactName"}) {
    CAPTURE(field);
    CHECK(sent(dry, field) == "null");
    CHECK(notice_of(dry).contains(field));
  }
  CHECK(world.direct(path_of(before)) == before);
  const auto done = world.harness.call_value(kTicket, move);
  REQUIRE_MESSAGE(!done.result.is_error, done.result.text);
  CHECK_MESSAGE(notice_of(done).contains("contact '"), notice_of(done));
  const auto after = world.direct(path_of(before));
  for (const char* field : {"contact", "agreement", "contactEmailAddress", "contactName"}) {
    CAPTURE(field);
    CHECK(after.find(field) == nullptr);
  }
  // Whichever site it has is the new company's.
  if (const auto* site = after.find("site")) {
    const auto sites = world.direct_ids("/company/companies/" + std::to_string(to) + "/sites");
    CHECK(std::ranges::find(sites, site->int64_or("id", 0)) != sites.end());
  }
}

TEST_CASE("moves: who has the same name there takes the place, with an address of his own") {
  World world;
  const auto before = full_ticket(world);
  const auto to = other_company(world, before);
  const std::string name(before.find("contact")->string_or("name", ""));
  const auto space = name.find(' ');
  json::Value person = json::Object{
      {"firstName", name.substr(0, space)}, {"lastName", name.substr(space + 1)}, {"company", to}};
  const auto made = world.harness.call_value("create_a_connect_wise_psa_contact", person);
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  const auto id = made.value.int64_or("id", 0);
  const auto mail = world.harness.call_value("create_a_connect_wise_psa_contact_communication",
                                             json::Object{{"contactId", id},
                                                          {"type", "Email"},
                                                          {"value", "same.name@elsewhere.example"},
                                                          {"defaultFlag", true}});
  REQUIRE_MESSAGE(!mail.result.is_error, mail.result.text);
  const auto done = world.harness.call_value(
      kTicket, json::Object{{"id", before.int64_or("id", 0)}, {"company", to}});
  REQUIRE_MESSAGE(!done.result.is_error, done.result.text);
  CHECK_MESSAGE(notice_of(done).contains("becomes the one of that name"), notice_of(done));
  const auto after = world.direct(path_of(before));
  CHECK(after.find("contact")->int64_or("id", 0) == id);
  CHECK(after.string_or("contactEmailAddress", "") == "same.name@elsewhere.example");
}

TEST_CASE("moves: what the caller gives stands, and a change of nothing looks at nothing") {
  World world;
  const auto before = full_ticket(world);
  const auto to = other_company(world, before);
  const auto agreement = before.find("agreement")->int64_or("id", 0);
  auto outcome = world.harness.call_value(
      kTicket, json::Object{{"id", before.int64_or("id", 0)},
                            {"company", before.find("company")->int64_or("id", 0)}});
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK_MESSAGE(!notice_of(outcome).contains("hangs on"), notice_of(outcome));
  CHECK(world.direct(path_of(before)).find("contact")->int64_or("id", 0) ==
        before.find("contact")->int64_or("id", 0));
  outcome = world.harness.call_value(
      kTicket,
      json::Object{{"id", before.int64_or("id", 0)}, {"company", to}, {"agreement", agreement}});
  // The old company's agreement, also by its id, would have the next hour billed to it.
  CHECK_MESSAGE(outcome.error().contains("agreement"), outcome.result.text);
  CHECK(world.direct(path_of(before)).find("company")->int64_or("id", 0) ==
        before.find("company")->int64_or("id", 0));
}

TEST_CASE("moves: another contact brings its own name and address into the ticket") {
  World world;
  const auto before = full_ticket(world);
  const auto company = before.find("company")->int64_or("id", 0);
  std::int64_t other = 0;
  for (const auto id :
       world.direct_ids("/company/contacts?conditions=company/id=" + std::to_string(company))) {
    if (id != before.find("contact")->int64_or("id", 0)) other = id;
  }
  REQUIRE(other != 0);
  const auto dry = world.harness.call_value(
      kTicket,
      json::Object{{"id", before.int64_or("id", 0)}, {"contact", other}, {"dry_run", true}});
  REQUIRE_MESSAGE(!dry.result.is_error, dry.result.text);
  const auto contact = world.direct("/company/contacts/" + std::to_string(other));
  CHECK(sent(dry, "contactName") == "\"" + std::string(contact.string_or("firstName", "")) + ' ' +
                                        std::string(contact.string_or("lastName", "")) + "\"");
  CHECK(sent(dry, "contactEmailAddress") != json::to_string(*before.find("contactEmailAddress")));
}

TEST_CASE("moves: on another board, what has no name there goes, and what the API does is told") {
  World world;
  const auto before = world.direct("/service/tickets/5012");
  const auto board = before.find("board")->int64_or("id", 0);
  for (const auto to : world.direct_ids("/service/boards?conditions=projectFlag=false")) {
    if (to == board) continue;
    CAPTURE(to);
    const auto at = world.direct("/service/tickets/5012");
    const auto outcome =
        world.harness.call_value(kTicket, json::Object{{"id", 5012}, {"board", to}});
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    const auto after = world.direct("/service/tickets/5012");
    for (const char* field : {"status", "type", "subType", "item", "team"}) {
      CAPTURE(field);
      const auto* was = at.find(field);
      const auto* is = after.find(field);
      if (was == nullptr) continue;
      const bool same_name =
          is != nullptr && is->string_or("name", "") == was->string_or("name", "");
      // Of the same name or not: another record, which is told.
      if (!same_name) CHECK_MESSAGE(notice_of(outcome).contains(field), notice_of(outcome));
    }
  }
}

TEST_CASE("moves: what must be there and has no like is asked for before anything is sent") {
  World world;
  const auto opportunities =
      world.direct("/sales/opportunities?pageSize=1&conditions=contact/id!=null");
  const auto& before = opportunities.if_array()->front();
  const auto to = other_company(world, before);
  const auto outcome =
      world.harness.call_value("update_a_connect_wise_psa_sales_opportunity_by_id",
                               json::Object{{"id", before.int64_or("id", 0)}, {"company", to}});
  CHECK(outcome.result.is_error);
  CHECK_MESSAGE(outcome.error().contains("contact"), outcome.error());
  CHECK_MESSAGE(outcome.error().contains("give contact as well"), outcome.error());
  CHECK(outcome.was_applied() == "no");
  CHECK(world.direct("/sales/opportunities/" + std::to_string(before.int64_or("id", 0)))
            .find("company")
            ->int64_or("id", 0) == before.find("company")->int64_or("id", 0));
}

TEST_CASE("moves: time that goes to another company's ticket tells what agreement it keeps") {
  World world;
  const auto entries = world.direct(
      "/time/entries?pageSize=200&conditions=agreement/id!=null%20and%20"
      "chargeToType=%22ServiceTicket%22%20and%20invoiceFlag=false&orderBy=id%20desc");
  const auto other = full_ticket(world);
  bool told = false;
  for (const auto& entry : *entries.if_array()) {
    if (entry.find("company")->int64_or("id", 0) == other.find("company")->int64_or("id", 0)) {
      continue;
    }
    const auto outcome = world.harness.call_value(
        "update_a_connect_wise_psa_time_entry_by_id",
        json::Object{{"id", entry.int64_or("id", 0)}, {"chargeToId", other.int64_or("id", 0)}});
    if (outcome.result.is_error) continue;  // in a closed period, or on a submitted sheet
    const auto after = world.direct("/time/entries/" + std::to_string(entry.int64_or("id", 0)));
    const auto* agreement = after.find("agreement");
    const bool kept = agreement != nullptr &&
                      agreement->int64_or("id", 0) == entry.find("agreement")->int64_or("id", 0);
    // Kept or not: a word of it.
    CHECK_MESSAGE(notice_of(outcome).contains("agreement"), outcome.result.text);
    // What the API derives is never said to stay.
    CHECK_MESSAGE(!notice_of(outcome).contains("may stay"), outcome.result.text);
    if (kept) CHECK_MESSAGE(notice_of(outcome).contains("stayed"), notice_of(outcome));
    told = true;
    break;
  }
  CHECK(told);
}

TEST_CASE("moves: who pays goes with the company, and nobody of the old one with the bill") {
  World world;
  for (const char* kind : {"project", "order", "agreement"}) {
    CAPTURE(kind);
    const std::string path = std::string(kind) == "project" ? "/project/projects"
                             : std::string(kind) == "order" ? "/sales/orders"
                                                            : "/finance/agreements";
    const auto all = world.direct(path + "?pageSize=200&conditions=billToCompany/id!=null");
    const json::Value* before = nullptr;
    for (const auto& each : *all.if_array()) {
      const auto company = each.find("company")->int64_or("id", 0);
      if (each.find("billToCompany")->int64_or("id", -1) == company) before = &each;
    }
    REQUIRE(before != nullptr);
    const auto id = before->int64_or("id", 0);
    const auto people = world.direct("/company/contacts?pageSize=1&conditions=company/id!=" +
                                     std::to_string(before->find("company")->int64_or("id", 0)));
    const auto to = people.if_array()->front().find("company")->int64_or("id", 0);
    json::Value move = json::Object{{"id", id}, {"company", to}};
    const auto theirs =
        world.direct_ids("/company/contacts?conditions=company/id=" + std::to_string(to));
    if (std::string(kind) == "agreement") move["contact"] = theirs.front();
    auto dry_move = move;
    dry_move["dry_run"] = true;
    const auto dry = world.harness.call_value(
        "update_a_connect_wise_psa_" + std::string(kind) + "_by_id", dry_move);
    REQUIRE_MESSAGE(!dry.result.is_error, dry.result.text);
    CHECK_MESSAGE(notice_of(dry).contains("billToCompany becomes"), notice_of(dry));
    const auto done =
        world.harness.call_value("update_a_connect_wise_psa_" + std::string(kind) + "_by_id", move);
    REQUIRE_MESSAGE(!done.result.is_error, done.result.text);
    CHECK_MESSAGE(notice_of(done).contains("billToCompany becomes"), notice_of(done));
    const auto after = world.direct(path + '/' + std::to_string(id));
    CHECK(after.find("billToCompany")->int64_or("id", 0) == to);
    // Nobody of the old company stays with the new one's bill.
    if (const auto* contact = after.find("billToContact")) {
      CHECK(std::ranges::find(theirs, contact->int64_or("id", 0)) != theirs.end());
    }
  }
}

TEST_CASE(
    "moves: who paid for another's order stays, is told, and is changed where the call says so") {
  World world;
  const auto order = world.direct("/sales/orders?pageSize=1&conditions=billToCompany/id!=null");
  const auto& before = order.if_array()->front();
  const auto id = before.int64_or("id", 0);
  const auto companies = world.direct_ids("/company/companies?conditions=deletedFlag=false");
  const auto own = before.find("company")->int64_or("id", 0);
  std::vector<std::int64_t> others;
  std::ranges::copy_if(companies, std::back_inserter(others),
                       [&](const auto company) { return company != own; });
  REQUIRE(others.size() > 2);
  const std::string update = "update_a_connect_wise_psa_order_by_id";
  auto outcome =
      world.harness.call_value(update, json::Object{{"id", id}, {"billToCompany", others[0]}});
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  outcome = world.harness.call_value(update, json::Object{{"id", id}, {"company", others[1]}});
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK_MESSAGE(notice_of(outcome).contains("billToCompany stays"), outcome.result.text);
  const auto after = world.direct("/sales/orders/" + std::to_string(id));
  CHECK(after.find("billToCompany")->int64_or("id", 0) == others[0]);
  CHECK(after.find("company")->int64_or("id", 0) == others[1]);
}

TEST_CASE("moves: a project that moves tells of its tickets, a ticket follows its project") {
  World world;
  const auto tickets = world.direct("/project/tickets?pageSize=200&conditions=contact/id!=null");
  REQUIRE(!tickets.if_array()->empty());
  const auto& before = tickets.if_array()->front();
  const auto id = before.int64_or("id", 0);
  const auto company = before.find("company")->int64_or("id", 0);
  const auto own = before.find("project")->int64_or("id", 0);
  const auto to = other_company(world, before);
  auto outcome =
      world.harness.call_value("update_a_connect_wise_psa_project_by_id",
                               json::Object{{"id", own}, {"company", to}, {"dry_run", true}});
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK_MESSAGE(notice_of(outcome).contains(" project tickets, by their project"),
                notice_of(outcome));
  for (const auto& project : *world.direct("/project/projects?pageSize=200").if_array()) {
    const auto theirs = project.find("company")->int64_or("id", 0);
    const auto phases = world.direct_ids("/project/projects/" +
                                         std::to_string(project.int64_or("id", 0)) + "/phases");
    if (theirs == company || phases.empty()) continue;
    json::Value move =
        json::Object{{"id", id}, {"project", project.int64_or("id", 0)}, {"phase", phases.front()}};
    auto dry_move = move;
    dry_move["dry_run"] = true;
    const auto dry =
        world.harness.call_value("update_a_connect_wise_psa_project_ticket_by_id", dry_move);
    outcome = world.harness.call_value("update_a_connect_wise_psa_project_ticket_by_id", move);
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    for (const auto& each : {dry, outcome}) {
      CHECK_MESSAGE(notice_of(each).contains("company becomes"), each.result.text);
      CHECK_MESSAGE(notice_of(each).contains("contact '"), each.result.text);
    }
    const auto after = world.direct("/project/tickets/" + std::to_string(id));
    CHECK(after.find("company")->int64_or("id", 0) == theirs);
    const auto* contact = after.find("contact");
    if (contact != nullptr) {
      CHECK(contact->int64_or("id", 0) != before.find("contact")->int64_or("id", 0));
    }
    return;
  }
  FAIL("no project of another company");
}

TEST_CASE("moves: an activity's ticket is of its company, or the call says so, or is told") {
  World world;
  const auto ticket = full_ticket(world);
  const auto own = ticket.find("company")->int64_or("id", 0);
  const auto other = other_company(world, ticket);
  json::Value arguments = json::Object{{"name", "Call"},
                                       {"assignTo", "jdoe"},
                                       {"company", other},
                                       {"ticket", ticket.int64_or("id", 0)}};
  for (const bool dry : {true, false}) {
    arguments["dry_run"] = dry;
    const auto refused = world.harness.call_value("create_a_connect_wise_psa_activity", arguments);
    CHECK_MESSAGE(refused.error().contains("allow_other_company"), refused.result.text);
    CHECK(refused.was_applied() == "no");
  }
  arguments["company"] = own;
  const auto made = world.harness.call_value("create_a_connect_wise_psa_activity", arguments);
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  for (const bool dry : {true, false}) {
    const auto moved = world.harness.call_value(
        "update_a_connect_wise_psa_activity_by_id",
        json::Object{{"id", made.value.int64_or("id", 0)}, {"company", other}, {"dry_run", dry}});
    REQUIRE_MESSAGE(!moved.result.is_error, moved.result.text);
    CHECK_MESSAGE(notice_of(moved).contains("ticket "), moved.result.text);
    CHECK_MESSAGE(notice_of(moved).contains("stays, whose company may be another"),
                  moved.result.text);
  }
}

TEST_CASE("moves: a main contact that leaves, and a ticket with configurations, are told") {
  World world;
  const auto companies = world.direct("/company/companies?conditions=defaultContact/id!=null");
  const auto& company = companies.if_array()->front();
  auto outcome = world.harness.call_value(
      "update_a_connect_wise_psa_contact_by_id",
      json::Object{{"id", company.find("defaultContact")->int64_or("id", 0)},
                   {"company", companies.if_array()->at(1).int64_or("id", 0)},
                   {"dry_run", true}});
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK_MESSAGE(notice_of(outcome).contains("by their defaultContact"), outcome.result.text);
  for (const auto& ticket : *world.direct("/service/tickets?pageSize=400").if_array()) {
    const auto id = ticket.int64_or("id", 0);
    const auto attached =
        world.direct_ids("/service/tickets/" + std::to_string(id) + "/configurations").size();
    if (attached == 0) continue;
    outcome = world.harness.call_value(
        kTicket,
        json::Object{{"id", id}, {"company", other_company(world, ticket)}, {"dry_run", true}});
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    CHECK_MESSAGE(notice_of(outcome).contains("still: " + std::to_string(attached)),
                  outcome.result.text);
    return;
  }
  FAIL("no ticket with a configuration");
}

TEST_CASE("moves: what is cleared is said to be missing only where it is") {
  World world;
  const auto before = full_ticket(world);
  const auto to = other_company(world, before);
  const std::string full(before.find("contact")->string_or("name", ""));
  const auto blank = full.find(' ');
  REQUIRE(blank != std::string::npos);
  const json::Value person = json::Object{{"firstName", full.substr(0, blank)},
                                          {"lastName", full.substr(blank + 1)},
                                          {"company", to},
                                          {"allow_duplicate", true}};
  const auto move = [&] {
    const auto dry = world.harness.call_value(
        kTicket,
        json::Object{{"id", before.int64_or("id", 0)}, {"company", to}, {"dry_run", true}});
    REQUIRE_MESSAGE(!dry.result.is_error, dry.result.text);
    return dry;
  };
  const auto add = [&](const char* inactive) {
    const auto made = world.harness.call_value("create_a_connect_wise_psa_contact", person);
    REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
    world.change(
        "/company/contacts/" + std::to_string(made.value.int64_or("id", 0)),
        R"([{"op":"replace","path":"inactiveFlag","value":)" + std::string(inactive) + "}]");
  };
  add("true");
  auto dry = move();
  CHECK(sent(dry, "contact") == "null");
  CHECK_MESSAGE(notice_of(dry).contains("' is cleared: the one of that name on company"),
                notice_of(dry));
  CHECK_MESSAGE(notice_of(dry).contains("is out of use"), notice_of(dry));
  add("false");
  add("false");
  dry = move();
  CHECK(sent(dry, "contact") == "null");
  CHECK_MESSAGE(notice_of(dry).contains("' is cleared: there are several of that name on company"),
                notice_of(dry));
}

TEST_CASE("moves: tickets above and below that stay with the old company are told") {
  World world;
  const auto before = full_ticket(world);
  const auto own = before.find("company")->int64_or("id", 0);
  const auto to = other_company(world, before);
  const auto id = before.int64_or("id", 0);
  const auto child = [&](std::int64_t company, bool dry) {
    const auto made = world.harness.call_value("create_a_connect_wise_psa_ticket",
                                               json::Object{{"summary", "Below"},
                                                            {"company", company},
                                                            {"parentTicketId", id},
                                                            {"allow_duplicate", true},
                                                            {"dry_run", dry}});
    REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
    return made;
  };
  const auto below = child(own, false).value.int64_or("id", 0);
  const auto move = [&](std::int64_t ticket) {
    const auto dry = world.harness.call_value(
        kTicket, json::Object{{"id", ticket}, {"company", to}, {"dry_run", true}});
    REQUIRE_MESSAGE(!dry.result.is_error, dry.result.text);
    return notice_of(dry);
  };
  CHECK_MESSAGE(move(id).contains("by their parentTicketId"), move(id));
  CHECK_MESSAGE(move(below).contains("by its parentTicketId"), move(below));
  // Put under one of another company: told, since an outage has reports of several.
  CHECK_FALSE(notice_of(child(own, true)).contains("same company"));
  CHECK_MESSAGE(notice_of(child(to, true)).contains("Not all of these are of the same company"),
                notice_of(child(to, true)));
  const auto elsewhere = world.harness.call_value(
      "create_a_connect_wise_psa_ticket", json::Object{{"summary", "Elsewhere"}, {"company", to}});
  REQUIRE_MESSAGE(!elsewhere.result.is_error, elsewhere.result.text);
  const auto attached = world.harness.call_value(
      "connect_wise_psa_tickets_attach_children",
      json::Object{{"ticketId", id},
                   {"childTicketIds", json::Array{elsewhere.value.int64_or("id", 0)}},
                   {"dry_run", true}});
  CHECK_MESSAGE(notice_of(attached).contains("Not all of these are of the same company"),
                attached.result.text);
}

}  // namespace patchbay::gateway
