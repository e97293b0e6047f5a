// Contacts: of their e-mail addresses one is the default, and of their telephone numbers one.
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::string made_contact(TestClient& client) {
  const TestReply made = client.post("/company/contacts", R"({"firstName":"Ada","lastName":"Lund",
      "company":{"identifier":"AcmeCorp"},"communicationItems":[
      {"type":{"id":1},"value":"first@example.com","defaultFlag":true,"communicationType":"Email"},
      {"type":{"id":2},"value":"5550001","defaultFlag":true,"communicationType":"Phone"}]})");
  REQUIRE_MESSAGE(made.status == 201, made.text);
  return std::to_string(made.body.int64_or("id", 0));
}

// Value → whether it is a default, as the contact shows its items and as they are of themselves.
std::map<std::string, bool> defaults_of(TestClient& client, const std::string& contact) {
  std::map<std::string, bool> out;
  const TestReply shown = client.get("/company/contacts/" + contact);
  for (const auto& item : *shown.body.find("communicationItems")->if_array()) {
    out[std::string(item.string_or("value", ""))] = item.bool_or("defaultFlag", false);
  }
  const TestReply own = client.get("/company/contacts/" + contact + "/communications");
  CHECK(own.size() == out.size());
  for (const auto& item : *own.body.if_array()) {
    CHECK(out.at(std::string(item.string_or("value", ""))) == item.bool_or("defaultFlag", false));
  }
  return out;
}

}  // namespace

TEST_CASE("a second default e-mail address takes that from the first, and from no number") {
  TestClient client;
  const auto contact = made_contact(client);
  const TestReply added =
      client.post("/company/contacts/" + contact + "/communications",
                  R"({"type":{"id":1},"value":"second@example.com","defaultFlag":true})");
  REQUIRE_MESSAGE(added.status == 201, added.text);
  CHECK(defaults_of(client, contact) == std::map<std::string, bool>{{"first@example.com", false},
                                                                    {"second@example.com", true},
                                                                    {"5550001", true}});
}

TEST_CASE("an address that becomes the default later takes it as well") {
  TestClient client;
  const auto contact = made_contact(client);
  const auto path = "/company/contacts/" + contact + "/communications";
  const TestReply added =
      client.post(path, R"({"type":{"id":1},"value":"second@example.com","defaultFlag":false})");
  REQUIRE(added.status == 201);
  CHECK(defaults_of(client, contact).at("first@example.com"));
  const TestReply changed = client.patch(path + '/' + std::to_string(added.body.int64_or("id", 0)),
                                         R"([{"op":"replace","path":"defaultFlag","value":true}])");
  REQUIRE_MESSAGE(changed.status == 200, changed.text);
  CHECK(defaults_of(client, contact).at("second@example.com"));
  CHECK_FALSE(defaults_of(client, contact).at("first@example.com"));
}

TEST_CASE("of several defaults that come with a contact the last one stays") {
  TestClient client;
  const TestReply made = client.post("/company/contacts", R"({"firstName":"Ada",
      "company":{"identifier":"AcmeCorp"},"communicationItems":[
      {"type":{"id":1},"value":"a@example.com","defaultFlag":true},
      {"type":{"id":1},"value":"b@example.com","defaultFlag":true},
      {"type":{"id":2},"value":"5550001","defaultFlag":true}]})");
  REQUIRE_MESSAGE(made.status == 201, made.text);
  CHECK(defaults_of(client, std::to_string(made.body.int64_or("id", 0))) ==
        std::map<std::string, bool>{
            {"a@example.com", false}, {"b@example.com", true}, {"5550001", true}});
}
