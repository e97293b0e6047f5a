// Creates that bring others along, before the real sandbox.
#include "gateway/test_harness.h"
#include "gateway/test_journal.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

std::string said(const Answered& answered) {
  return answered.result.text;
}

std::int64_t applied_of(const json::Value& answer, std::string_view what) {
  const auto* made = answer.find(what);
  return made != nullptr ? made->int64_or("applied", -1) : -1;
}

constexpr const char* kCompany = "create_a_connect_wise_psa_company";
constexpr const char* kOkapi = R"({"identifier":"OkapiLtd","name":"Okapi Ltd","idempotency_key":"k",
    "sites":[{"name":"Harbour","city":"Bergen"}],
    "contacts":[
      {"firstName":"Ada","lastName":"Moe","site":"Harbour","communications":[
        {"type":"Email","value":"ada@okapi.example","defaultFlag":true}]},
      {"firstName":"Bo","lastName":"Lie","site":"No such site"}]})";

}  // namespace

TEST_CASE("nested: a company with a site, contacts and their addresses is one call") {
  Journals journals;
  World world({}, {.journal = journals.journal});
  const auto made = world.call(kCompany, kOkapi);
  REQUIRE_MESSAGE(!made.result.is_error, said(made));
  const auto id = std::to_string(made.value.int64_or("id", 0));
  CHECK_MESSAGE(applied_of(made.value, "sites") == 1, said(made));
  CHECK_MESSAGE(applied_of(made.value, "contacts") == 1, said(made));
  CHECK(made.value.find("contacts")->int64_or("failed", 0) == 1);
  CHECK(made.value.string_or("notice", "").contains("1 record that should belong to it is not"));
  const auto& contacts = *made.value.find("contacts")->find("result")->if_array();
  CHECK_MESSAGE(applied_of(contacts[0], "communications") == 1, said(made));
  CHECK(contacts[1].string_or("message", "").contains("No such site"));

  const auto there = world.direct("/company/contacts?conditions=company/id=" + id);
  REQUIRE(there.if_array()->size() == 1);
  const auto& ada = there.if_array()->front();
  CHECK(ada.find("site")->string_or("name", "") == "Harbour");
  const auto mails = world.direct("/company/contacts/" + std::to_string(ada.int64_or("id", 0)) +
                                  "/communications");
  REQUIRE(mails.if_array()->size() == 1);
  CHECK(mails.if_array()->front().string_or("value", "") == "ada@okapi.example");

  // Again with the same key: what is there stays one, and what failed is tried once more.
  std::string mended = kOkapi;
  mended.replace(mended.find("No such site"), 12, "Harbour");
  const auto again = world.call(kCompany, mended);
  REQUIRE_MESSAGE(!again.result.is_error, said(again));
  CHECK(std::to_string(again.value.int64_or("id", 0)) == id);
  CHECK_MESSAGE(applied_of(again.value, "contacts") == 2, said(again));
  CHECK(world.direct("/company/contacts?conditions=company/id=" + id).if_array()->size() == 2);
  CHECK(world.direct("/company/companies?conditions=identifier='OkapiLtd'").if_array()->size() ==
        1);
}

TEST_CASE("nested: where what they belong to is refused, nothing is sent") {
  World world;
  const auto before = world.direct_ids("/company/contacts").size();
  const auto refused = world.call(kCompany, R"({"identifier":"X","name":"X","status":"Nowhere",
      "contacts":[{"firstName":"Ada"}]})");
  CHECK(refused.result.is_error);
  CHECK_MESSAGE(refused.error().contains("1 of contacts"), said(refused));
  for (const char* odd : {R"({"identifier":"X","name":"X","contacts":{"firstName":"Ada"}})",
                          R"({"identifier":"X","name":"X","contacts":["Ada"]})",
                          R"({"identifier":"X","name":"X","contacts":[{"company":"Acme Corp"}]})",
                          R"({"identifier":"X","name":"X","contacts":[{"records":[]}]})",
                          R"({"identifier":"X","name":"X","contacts":[{"communications":[1]}]})"}) {
    const auto answered = world.call(kCompany, odd);
    CAPTURE(odd);
    CHECK_MESSAGE(answered.error().contains("Nothing was sent"), said(answered));
  }
  CHECK(world.direct_ids("/company/contacts").size() == before);
  CHECK(world.direct("/company/companies?conditions=identifier='X'").if_array()->empty());
}

TEST_CASE("nested: an order has its lines, and a project its phases and tickets") {
  World world;
  const auto order = world.call("create_a_connect_wise_psa_purchase_order",
                                R"({"vendorCompany":"Nova Biotech","status":"New",
      "terms":"Net 30 days","lines":[{"lineNumber":1,"product":"FW-60","description":"Firewall",
      "quantity":2,"unitOfMeasure":"Each"},{"lineNumber":2,"product":"No such item",
      "description":"None","quantity":1,"unitOfMeasure":"Each"}]})");
  REQUIRE_MESSAGE(!order.result.is_error, said(order));
  CHECK_MESSAGE(applied_of(order.value, "lines") == 1, said(order));

  CHECK(order.value.find("lines")->int64_or("failed", 0) == 1);
  const auto sold = world.call("create_a_connect_wise_psa_order",
                               R"({"company":"Acme Corp","status":"New","salesRep":"jdoe",
      "lines":[{"catalogItem":"FW-60","quantity":1,"billableOption":"Billable"}]})");
  CHECK_MESSAGE(applied_of(sold.value, "lines") == 1, said(sold));

  const auto project =
      world.call("create_a_connect_wise_psa_project",
                 R"({"name":"Okapi move","company":"Acme Corp","board":"Project Delivery",
      "billingMethod":"ActualRates","estimatedStart":"2026-12-01","estimatedEnd":"2027-02-28",
      "phases":[{"description":"Cabling","tickets":[{"summary":"Pull cables"},
                                                    {"summary":"Label cables"}]},
                {"description":"Moving"}],
      "tickets":[{"summary":"Hire a van","phase":"Moving"}]})");
  REQUIRE_MESSAGE(!project.result.is_error, said(project));
  CHECK_MESSAGE(applied_of(project.value, "phases") == 2, said(project));
  CHECK_MESSAGE(applied_of(project.value, "tickets") == 1, said(project));
  const auto id = std::to_string(project.value.int64_or("id", 0));
  const auto tickets = world.direct("/project/tickets?conditions=project/id=" + id);
  CHECK(tickets.if_array()->size() == 3);
}

TEST_CASE("nested: a dry run shows the requests of all of them, and is not sent") {
  World world;
  const auto contacts = world.direct_ids("/company/contacts").size();
  std::string asked = kOkapi;
  asked.insert(1, R"("dry_run":true,)");
  const auto shown = world.call(kCompany, asked);
  REQUIRE_MESSAGE(!shown.result.is_error, said(shown));
  CHECK(shown.value.find("request")->string_or("path", "") == "/company/companies");
  const auto part = [&](const json::Value& of, const char* name) -> const json::Array& {
    const auto* made = of.find(name);
    REQUIRE_MESSAGE(made != nullptr, said(shown));
    CHECK(made->int64_or("applied", -1) == 0);
    return *made->find("result")->if_array();
  };
  const auto& site = part(shown.value, "sites")[0];
  CHECK(site.string_or("was_applied", "") == "no");
  const auto& request = *site.find("request");
  CHECK(request.string_or("method", "") == "POST");
  CHECK(request.string_or("path", "") == "/company/companies/{id of the company}/sites");
  CHECK(request.find("body")->string_or("city", "") == "Bergen");
  const auto& people = part(shown.value, "contacts");
  REQUIRE_MESSAGE(people.size() == 2, said(shown));
  const auto& ada = *people[0].find("request")->find("body");
  CHECK(ada.find("company")->string_or("id", "") == "{id of the company}");
  CHECK(ada.find("site")->string_or("name", "") == "Harbour");  // looked up once it is there
  const auto& mail = *part(people[0], "communications")[0].find("request");
  CHECK(mail.string_or("path", "") == "/company/contacts/{id of the contact}/communications");
  // What nothing new holds is looked up, as far as that goes.
  CHECK(mail.find("body")->find("type")->int64_or("id", 0) > 0);
  CHECK(shown.value.string_or("notice", "").contains("with its id"));
  CHECK(!said(shown).contains("2147483647"));
  CHECK(world.direct_ids("/company/contacts").size() == contacts);
  CHECK(world.direct("/company/companies?conditions=identifier='OkapiLtd'").if_array()->empty());

  // What would be refused says so where it stands.
  const auto odd = world.call(kCompany, R"({"dry_run":true,"identifier":"X","name":"X",
      "contacts":[{"firstName":"Ada"},{"lastName":"Moe"},{"firstName":"Bo","colour":"red"}]})");
  CHECK_MESSAGE(odd.value.find("contacts")->int64_or("failed", 0) == 2, said(odd));
  CHECK(odd.value.string_or("notice", "").contains("2 records would be refused"));

  // Three deep, with what a phase takes from its project.
  const auto project = world.call("create_a_connect_wise_psa_project",
                                  R"({"dry_run":true,"name":"Okapi move","company":"Acme Corp",
      "board":"Project Delivery","billingMethod":"ActualRates","estimatedStart":"2026-12-01",
      "estimatedEnd":"2027-02-28","phases":[{"description":"Cabling","tickets":[
      {"summary":"Pull cables","status":"New","owner":"asmith"}]}],
      "tickets":[{"summary":"Hire a van","phase":"Cabling"}]})");
  REQUIRE_MESSAGE(!project.result.is_error, said(project));
  const auto& phase = part(project.value, "phases")[0];
  const auto& pull = *part(phase, "tickets")[0].find("request")->find("body");
  CHECK(pull.find("project")->string_or("id", "") == "{id of the project}");
  CHECK(pull.find("phase")->string_or("id", "") == "{id of the project phase}");
  CHECK(pull.find("status")->string_or("name", "") == "New");
  CHECK(pull.find("owner")->int64_or("id", 0) > 0);
  const auto& van = *part(project.value, "tickets")[0].find("request")->find("body");
  CHECK(van.find("phase")->string_or("name", "") == "Cabling");
  for (const auto& [tool, arguments] :
       {std::pair{"create_a_connect_wise_psa_purchase_order",
                  R"({"dry_run":true,"vendorCompany":"Nova Biotech","status":"New",
      "terms":"Net 30 days","lines":[{"lineNumber":1,"product":"FW-60","description":"Firewall",
      "quantity":2,"unitOfMeasure":"Each"}]})"},
        std::pair{"create_a_connect_wise_psa_order",
                  R"({"dry_run":true,"company":"Acme Corp","status":"New","salesRep":"jdoe",
      "lines":[{"catalogItem":"FW-60","quantity":1,"billableOption":"Billable"}]})"}}) {
    const auto order = world.call(tool, arguments);
    const auto& line = part(order.value, "lines")[0];
    CHECK_MESSAGE(line.string_or("was_applied", "") == "no", said(order));
    CHECK_MESSAGE(line.find("request") != nullptr, said(order));
  }
}

}  // namespace patchbay::gateway
