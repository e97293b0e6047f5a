// People are found by what one knows of them: addresses, numbers, domains, as they are written
// anywhere. Against the sandbox, which compares them as text.
#include <algorithm>
#include <cctype>

#include <doctest/doctest.h>

#include "base/text.h"
#include "gateway/names/marks.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

constexpr const char* kCreateTicket = "create_a_connect_wise_psa_ticket";

std::string as_json(std::string_view text) {
  return json::to_string(json::Value(text));
}

// A contact that is reached by mail and by phone.
struct Person {
  std::int64_t id = 0;
  std::string name;
  std::string company;
  std::string email;
  std::string phone;
};

std::vector<Person> people_of(World& world) {
  std::vector<Person> out;
  const auto contacts = world.direct("/company/contacts?pageSize=200&orderBy=id");
  for (const auto& contact : *contacts.if_array()) {
    Person person{contact.int64_or("id", 0),
                  std::string(contact.string_or("firstName", "")) + ' ' +
                      std::string(contact.string_or("lastName", "")),
                  std::string(contact.find("company")->string_or("name", "")), "", ""};
    for (const auto& item : *contact.find("communicationItems")->if_array()) {
      auto& place =
          item.string_or("communicationType", "") == "Email" ? person.email : person.phone;
      if (place.empty()) place = item.string_or("value", "");
    }
    if (!person.email.empty() && !person.phone.empty()) out.push_back(std::move(person));
  }
  return out;
}

std::string digits_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= '0' && c <= '9') out += c;
  }
  return out;
}

}  // namespace

TEST_CASE("a contact is named by e-mail address or phone number, in any spelling") {
  World world;
  const auto people = people_of(world);
  REQUIRE(people.size() > 20);
  for (std::size_t i = 0; i < 12; ++i) {
    const auto& person = people[i];
    const auto digits = digits_of(person.phone);
    const auto national = digits.substr(digits.size() - 10);
    std::string upper = person.email;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    for (const auto& known :
         {person.email, upper, person.phone, national, "+1" + national,
          "(" + national.substr(0, 3) + ") " + national.substr(3, 3) + "-" + national.substr(6)}) {
      CAPTURE(known);
      CAPTURE(person.phone);
      const auto answered = world.call(
          kCreateTicket, R"({"dry_run":true,"summary":"s","company":)" + as_json(person.company) +
                             R"(,"contact":)" + as_json(known) + '}');
      REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
      const auto* contact = answered.value.find("resolved")->find("contact");
      REQUIRE(contact != nullptr);
      CHECK(contact->int64_or("id", 0) == person.id);
      CHECK(contact->string_or("name", "") == person.name);
      // As a filter of a list, and as a reference in one.
      const bool mail = known.contains('@');
      const auto listed = world.call("list_all_connect_wise_psa_contacts",
                                     std::string(mail ? R"({"email":)" : R"({"phone":)") +
                                         as_json(known) + R"(,"fields":["id"]})");
      REQUIRE_MESSAGE(!listed.result.is_error, listed.result.text);
      CHECK_MESSAGE(listed.result.text == "{\"result_count\":1,\"result\":[\n{\"id\":" +
                                              std::to_string(person.id) + "}\n]}",
                    listed.result.text);
      const auto by_reference = world.call("list_all_connect_wise_psa_tickets",
                                           R"({"count":true,"contact":)" + as_json(known) + '}');
      const auto by_id =
          world.call("list_all_connect_wise_psa_tickets",
                     R"({"count":true,"contact":)" + std::to_string(person.id) + '}');
      CHECK(by_reference.result.text == by_id.result.text);
    }
  }
}

TEST_CASE("a filter on a contact's addresses goes with the caller's own child conditions") {
  World world;
  const auto person = people_of(world).front();
  const auto count = [&](const std::string& types) {
    const auto answered = world.call("list_all_connect_wise_psa_contacts",
                                     R"({"count":true,"email":)" + as_json(person.email) +
                                         R"(,"childConditions":)" + as_json(types) + '}');
    REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
    return answered.value.int64_or("count", -1);
  };
  CHECK(count("communicationItems/communicationType = \"Email\"") == 1);
  CHECK(count("communicationItems/communicationType = \"Fax\"") == 0);
}

TEST_CASE("a member is named by e-mail address, a company by its domain or phone number") {
  World world;
  const auto members = world.direct("/system/members?conditions=inactiveFlag=false&pageSize=5");
  for (const auto& member : *members.if_array()) {
    const auto answered = world.call(
        kCreateTicket, R"({"dry_run":true,"summary":"s","company":"Acme Corp","owner":)" +
                           as_json(member.string_or("primaryEmail", "")) + '}');
    REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
    CHECK(answered.value.find("resolved")->find("owner")->int64_or("id", 0) ==
          member.int64_or("id", -1));
  }
  const auto companies = world.direct("/company/companies?orderBy=id&pageSize=8");
  for (const auto& company : *companies.if_array()) {
    const std::string site(company.string_or("website", ""));
    REQUIRE(site.starts_with("https://"));
    const auto domain = site.substr(8);
    const std::string phone(company.string_or("phoneNumber", ""));
    for (const auto& known : {domain, "www." + domain, site + "/contact?x=1", phone}) {
      if (known.empty()) continue;
      const auto answered = world.call(
          kCreateTicket, R"({"dry_run":true,"summary":"s","company":)" + as_json(known) + '}');
      REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
      CHECK(answered.value.find("resolved")->find("company")->int64_or("id", 0) ==
            company.int64_or("id", -1));
    }
    const auto listed = world.call("list_all_connect_wise_psa_companies",
                                   R"({"website":)" + as_json(domain) + R"(,"fields":["id"]})");
    CHECK_MESSAGE(listed.result.text.contains(
                      "[\n{\"id\":" + std::to_string(company.int64_or("id", 0)) + "}\n]"),
                  listed.result.text);
  }
}

TEST_CASE("what nobody is known by is refused, and a faulty filter is told") {
  World world;
  const auto nobody = world.call(
      kCreateTicket,
      R"({"dry_run":true,"summary":"s","company":"Acme Corp","contact":"nobody@acme.example"})");
  CHECK_MESSAGE(nobody.error().contains("contact 'nobody@acme.example' does not exist"),
                nobody.result.text);
  const auto faulty =
      world.call("list_all_connect_wise_psa_contacts", R"({"email":"jane","phone":"12"})");
  CHECK_MESSAGE(faulty.error().contains("email: takes a whole e-mail address"), faulty.result.text);
  const auto both = world.call("list_all_connect_wise_psa_contacts",
                               R"({"email":"jane@acme.example","phone":"503 555 0100"})");
  CHECK_MESSAGE(both.error().contains("phone: cannot stand beside email"), both.result.text);
}

TEST_CASE("numbers are the same by their digits, and not by a part of them") {
  using integration::FilterOperator;
  const auto same = [](std::string_view stored, std::string_view wanted) {
    const json::Value record = json::Object{{"phone", stored}};
    const bool one = has_mark(record, "phone", FilterOperator::as_phone, wanted);
    const json::Value other = json::Object{{"phone", wanted}};
    CHECK(has_mark(other, "phone", FilterOperator::as_phone, stored) == one);
    return one;
  };
  CHECK(same("(503) 555-0100", "5035550100"));
  CHECK(same("+1 503 555 0100", "503.555.0100"));
  CHECK(same("1 503 555 0100", "503 555 0100"));
  CHECK(same("+44 20 7946 0000", "020 7946 0000"));
  CHECK(same("0044 20 7946 0000", "+442079460000"));
  CHECK(same("+47 22 12 34 56", "22123456"));
  CHECK_FALSE(same("503 555 0100", "555 0100"));  // of which area?
  CHECK_FALSE(same("+1 503 555 0100", "+44 503 555 0100"));
  CHECK_FALSE(same("5035550100", "5035550101"));
  const json::Value record =
      json::parse(R"({"sites":[{"url":"x"},{"url":"http://WWW.acme.example/a"}]})").value();
  CHECK(has_mark(record, "sites/url", FilterOperator::as_domain, "acme.example"));
  CHECK_FALSE(has_mark(record, "sites/url", FilterOperator::as_domain, "notacme.example"));
  CHECK_FALSE(reads_as(FilterOperator::as_domain, "192.0.2.1"));
  CHECK_FALSE(reads_as(FilterOperator::as_email, "a@b@c"));
}

}  // namespace patchbay::gateway
