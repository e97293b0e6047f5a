#include "reach/reach.h"

#include <doctest/doctest.h>

#include "json/parse.h"
#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::reach {
namespace {

const integration::Integration& definition() {
  static const auto kLoaded = pack::load_pack(pack::embedded_pack("connectwise_psa"));
  REQUIRE(kLoaded.integration != nullptr);
  return *kLoaded.integration;
}

json::Value read(std::string_view text) {
  auto parsed = json::parse(text);
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

Result<std::shared_ptr<const Reach>> limits(std::string_view text) {
  return Reach::make(std::make_shared<const Ways>(definition()), *read(text).if_object());
}

std::shared_ptr<const Reach> held(std::string_view text) {
  auto made = limits(text);
  REQUIRE_MESSAGE(made.has_value(), text);
  return *made;
}

const integration::Resource& resource(std::string_view name) {
  return *definition().find_resource(name);
}

std::string cut(std::string_view name, std::string_view text) {
  auto record = read(text);
  held(R"({"companyId":21})")->cut(resource(name), record);
  return json::to_string(record);
}

}  // namespace

TEST_CASE("a record is within by its own field, whatever else it says") {
  const auto reach = held(R"({"companyId":21})");
  const auto holds = [&](std::string_view name, std::string_view text,
                         std::string_view parent = "") {
    return reach->holds(resource(name), read(text), parent);
  };
  CHECK(holds("tickets", R"({"id":1,"company":{"id":21}})"));
  for (const char* other : {R"({"id":1,"company":{"id":22}})", R"({"id":1,"company":{"id":null}})",
                            R"({"id":1})", R"({"id":1,"company":null})", R"({"id":1,"company":21})",
                            R"({"id":1,"company":{"id":[21]}})", R"({"id":1,"company":{"id":210}})",
                            R"([])", R"(null)"}) {
    CHECK_FALSE_MESSAGE(holds("tickets", other), other);
  }
  CHECK(holds("companies", R"({"id":21})"));
  CHECK_FALSE(holds("companies", R"({"id":22})"));
  CHECK(holds("boards", R"({"id":1})"));
  CHECK(holds("ticket_notes", R"({"id":1,"ticketId":7})", "7"));
  CHECK_FALSE(holds("ticket_notes", R"({"id":1,"ticketId":8})", "7"));
  CHECK_FALSE(holds("ticket_notes", R"({"id":1})", "7"));
}

TEST_CASE("several owners are each within, and a board narrows what its lists take it for") {
  const auto reach = held(R"({"companyId":[21,22],"board":["Triage","Service Desk"]})");
  CHECK(reach->holds(resource("tickets"),
                     read(R"({"company":{"id":22},"board":{"name":"triage"}})"), ""));
  CHECK_FALSE(reach->holds(resource("tickets"),
                           read(R"({"company":{"id":22},"board":{"name":"Other"}})"), ""));
  CHECK_FALSE(reach->holds(resource("tickets"),
                           read(R"({"company":{"id":23},"board":{"name":"Triage"}})"), ""));
  CHECK(reach->holds(resource("contacts"), read(R"({"company":{"id":21}})"), ""));
  CHECK(reach->terms(resource("tickets")).size() == 2);
  CHECK(reach->terms(resource("contacts")).size() == 1);
}

TEST_CASE("what a record says of others' is cut, and what the definition does not describe") {
  CHECK(cut("tickets",
            R"({"id":1,"summary":"x","company":{"id":21,"name":"A"},"contact":{"id":2,"name":"J"},)"
            R"("mergedParentTicket":{"id":9,"summary":"secret"},"surprise":{"name":"B"}})") ==
        R"({"id":1,"summary":"x","company":{"id":21,"name":"A"},"contact":{"id":2,"name":"J"},)"
        R"("mergedParentTicket":{"id":9}})");
  CHECK(cut("companies", R"({"id":21,"parentCompany":{"id":3,"name":"B"}})") ==
        R"({"id":21,"parentCompany":null})");
  CHECK(cut("configurations", R"({"id":1,"vendor":{"id":3,"name":"V"},"company":{"id":21}})") ==
        R"({"id":1,"vendor":null,"company":{"id":21}})");
}

TEST_CASE("limits that mean nothing are refused") {
  for (const char* wrong :
       {R"({"companyId":[]})", R"({"companyId":"Acme"})", R"({"companyId":true})",
        R"({"companyId":null})", R"({"companyId":1.5})", R"({"companyId":{"id":1}})",
        R"({"companyId":0})", R"({"companyId":-1})", R"({"companyId":[21,0]})",
        R"({"contactId":0})", R"({"board":[1,"Triage"]})", R"({"board":" "})",
        R"({"board":[["Triage"]]})"}) {
    CHECK_FALSE_MESSAGE(limits(wrong).has_value(), wrong);
  }
  std::string many = "1";
  for (int i = 2; i <= 51; ++i) many += ',' + std::to_string(i);
  CHECK_FALSE(limits(R"({"companyId":[)" + many + "]}").has_value());
}

TEST_CASE("what was learnt within some limits is known under no others") {
  CHECK(held(R"({"companyId":21})")->digest() != held(R"({"companyId":22})")->digest());
  CHECK(held(R"({"companyId":21,"board":4})")->digest() ==
        held(R"({"board":4,"companyId":21})")->digest());
}

}  // namespace patchbay::reach
