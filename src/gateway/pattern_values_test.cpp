// Names and texts with characters of the API's pattern language, before the sandbox, which reads
// them as the vendor's guide has it: each means itself, at every door that compares it.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

// Of each pair the first is, as a pattern, the second as well.
const std::vector<std::pair<std::string, std::string>> kPairs = {
    {"Norrland [A] Works", "Norrland A Works"},
    {"Five*Five Print", "Five by Five Print"},
    {"Hundred% Juice", "Hundred and One Juice"},
    {"Under_Score Media", "UnderXScore Media"},
    {"[*]% All_in", "nothing at All in"}};

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& [odd, plain] : kPairs) {
    out.push_back(odd);
    out.push_back(plain);
  }
  return out;
}

std::vector<std::string> field_of(const Answered& outcome, const char* field) {
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  std::vector<std::string> out;
  for (const auto& record : *outcome.value.find("result")->if_array()) {
    out.emplace_back(record.string_or(field, ""));
  }
  return out;
}

constexpr const char* kCreateTicket = "create_a_connect_wise_psa_ticket";

}  // namespace

TEST_CASE("a company with wildcards in its name is found by it, and no other is") {
  World world;
  int made = 0;
  for (const auto& name : names()) {
    const auto outcome =
        world.harness.call_value("create_a_connect_wise_psa_company",
                                 json::Object{{"identifier", "Pattern" + std::to_string(++made)},
                                              {"name", name},
                                              {"addressLine1", "1 Poultry"}});
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  }
  for (const auto& name : names()) {
    CAPTURE(name);
    const std::vector<std::string> only = {name};
    CHECK(field_of(world.harness.call_value("list_all_connect_wise_psa_companies",
                                            json::Object{{"nameContains", name}}),
                   "name") == only);
    const auto written = world.harness.call_value(
        kCreateTicket, json::Object{{"summary", "About " + name}, {"company", name}});
    REQUIRE_MESSAGE(!written.result.is_error, written.result.text);
    CHECK(written.value.find("company")->string_or("name", "") == name);
    // By a filter that compares the name itself.
    CHECK(field_of(world.harness.call_value("list_all_connect_wise_psa_tickets",
                                            json::Object{{"company", name}}),
                   "summary") == std::vector<std::string>{"About " + name});
  }
}

TEST_CASE("only the same text is a duplicate, whatever it would stand for as a pattern") {
  World world;
  const auto create = [&](const std::string& summary) {
    return world.harness.call_value(kCreateTicket,
                                    json::Object{{"summary", summary}, {"company", "Acme Corp"}});
  };
  for (const auto& [odd, plain] : kPairs) {
    CAPTURE(odd);
    CHECK(!create(plain).result.is_error);
    CHECK(!create(odd).result.is_error);
    CHECK(create(odd).error().contains("was created less than"));
    CHECK(create(plain).error().contains("was created less than"));
  }
}

TEST_CASE("pages go on behind a record whose text is a pattern") {
  World world;
  for (const auto& name : names()) {
    const auto made = world.harness.call_value(
        kCreateTicket, json::Object{{"summary", "Pages " + name}, {"company", "Acme Corp"}});
    REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  }
  std::size_t seen = 0;
  json::Object arguments{{"summaryContains", "Pages "}, {"orderBy", "summary asc"}, {"limit", 1}};
  for (std::size_t page = 0; page < names().size() + 5; ++page) {
    const auto outcome = world.harness.call_value("list_all_connect_wise_psa_tickets", arguments);
    seen += field_of(outcome, "summary").size();
    const auto cursor = outcome.value.string_or("next_cursor", "");
    if (cursor.empty()) break;
    arguments["next_cursor"] = cursor;
  }
  CHECK(seen == names().size());
}

TEST_CASE("who writes conditions writes patterns") {
  World world;
  for (const auto* name : {"Star alpha", "Star beta"}) {
    const auto made = world.harness.call_value(
        kCreateTicket, json::Object{{"summary", name}, {"company", "Acme Corp"}});
    REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  }
  CHECK(field_of(world.harness.call_value(
                     "list_all_connect_wise_psa_tickets",
                     json::Object{{"conditions", R"(summary = "Star*a")"}, {"orderBy", "id"}}),
                 "summary") == std::vector<std::string>{"Star alpha", "Star beta"});
}

}  // namespace patchbay::gateway
