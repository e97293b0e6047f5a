// Filters of lists: each stands for a thing that is kept somewhere, for one of a few values, or for
// free text, and a word that is none of these is no empty list.
#include <algorithm>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::FieldType;
using integration::FilterOperator;

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kContacts = "list_all_connect_wise_psa_contacts";
constexpr const char* kCompanies = "list_all_connect_wise_psa_companies";

// A record's own texts, of which no list tells those that there are.
const std::set<std::string> kFreeTexts = {
    // The API keeps no list of them: whoever makes a callback says what it is about.
    "callbacks.type", "callbacks.level",
    // What the record itself is called by.
    "catalog_items.identifier", "companies.identifier", "contacts.firstName", "contacts.lastName",
    "departments.identifier", "documents.fileName", "invoices.invoiceNumber", "members.firstName",
    "members.identifier", "members.lastName", "schedule_types.identifier", "tax_codes.identifier",
    // What stands on it, and nowhere else.
    "catalog_items.manufacturerPartNumber", "companies.city", "companies.state",
    "company_sites.city", "configurations.ipAddress", "configurations.serialNumber",
    "configurations.tagNumber", "orders.poNumber", "purchase_orders.poNumber",
    "purchase_orders.trackingNumber", "ticket_configurations.deviceIdentifier"};

bool takes(const catalog::Tool& tool, std::string_view name) {
  return std::ranges::find(tool.argument_names, name) != tool.argument_names.end();
}

bool is_free(const catalog::Tool& tool, const Argument& argument) {
  const bool is_part = argument.filter_operator == FilterOperator::contains ||
                       argument.filter_operator == FilterOperator::not_contains ||
                       argument.filter_operator == FilterOperator::like;
  return argument.type == FieldType::string && !argument.reference &&
         argument.schema.find("enum") == nullptr &&
         (is_part || kFreeTexts.contains(tool.resource->name + '.' + argument.name));
}

}  // namespace

TEST_CASE("every filter of every list refuses a word that it cannot mean, or is free text") {
  World world;
  std::size_t refused = 0;
  std::size_t free = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->kind != integration::MethodKind::list) continue;
    for (const auto& argument : tool->method->arguments) {
      if (argument.place != ArgumentPlace::filter && argument.place != ArgumentPlace::query) {
        continue;
      }
      if (is_free(*tool, argument)) {
        ++free;
        continue;
      }
      for (const bool count : {false, true}) {
        if (count && !takes(*tool, "count")) continue;
        auto arguments = world.required_arguments(*tool);
        arguments[argument.name] = json::Value("Banana");
        if (count) arguments["count"] = json::Value(true);
        const auto answered = world.harness.call_value(tool->name, json::Value(arguments));
        ++refused;
        CHECK_MESSAGE(answered.error().contains(argument.name),
                      tool->name << " " << argument.name << " count " << count << ": "
                                 << answered.result.text.substr(0, 300));
      }
    }
  }
  CHECK(refused > 500);
  CHECK(free > 50);
}

TEST_CASE("a type is named in any form, and what a list is narrowed by is told") {
  World world;
  const auto count = [&](const char* tool, const std::string& type) {
    const auto answered = world.call(tool, R"({"count":true,"type":)" + type + '}');
    REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
    return answered.value.int64_or("count", -1);
  };
  const auto clients = count(kCompanies, "\"Client\"");
  CHECK(clients > 0);
  CHECK(count(kCompanies, "\"client\"") == clients);
  CHECK(count(kCompanies, "1") == clients);
  CHECK(count(kCompanies, "\"1\"") == clients);
  CHECK(count(kCompanies, R"({"id":1,"name":"Client"})") == clients);
  const auto users = count(kContacts, "\"End User\"");
  CHECK(users > 0);
  CHECK(count(kContacts, R"({"name":"End User"})") == users);
  CHECK(count(kContacts, "5") == users);
  const auto wrong = world.call(kCompanies, R"({"type":"Cliend"})");
  CHECK_MESSAGE(wrong.error().contains("type 'Cliend' does not exist; there are: Client"),
                wrong.result.text);
  CHECK(wrong.error().contains("list_all_connect_wise_psa_company_types"));
  CHECK(world.call(kCompanies, R"({"type":999})").error().contains("type 999 does not exist"));
  CHECK(world.call(kCompanies, R"({"type":{"id":1,"name":"Prospect"}})")
            .error()
            .contains("type says two things: 1 is 'Client'"));
}

TEST_CASE("who wrote something is named as members are anywhere else") {
  World world;
  const auto by = [&](const std::string& who) {
    const auto answered = world.call(kTickets, R"({"count":true,"enteredBy":")" + who + "\"}");
    REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
    return answered.value.int64_or("count", -1);
  };
  const auto members = world.direct("/system/members?conditions=identifier=%22jdoe%22");
  const auto& john = members.if_array()->front();
  const auto written = by("jdoe");
  CHECK(by("John Doe") == written);
  CHECK(by(std::to_string(john.int64_or("id", 0))) == written);
}

TEST_CASE("who is gone is still named by what they wrote") {
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  StubUpstream upstream(runtime, [](const StubUpstream::Seen& seen) {
    const auto conditions = seen.query.find("conditions");
    const bool found = seen.path == "/service/tickets" && conditions != seen.query.end() &&
                       conditions->second.contains("zadmin");
    return http::Response::json(200, found ? R"([{"id":7,"summary":"s"}])" : "[]");
  });
  Harness harness(runtime, upstream.port());
  const auto found = harness.call(kTickets, R"({"enteredBy":"zadmin"})");
  REQUIRE_MESSAGE(!found.result.is_error, found.result.text);
  CHECK(found.value.int64_or("result_count", 0) == 1);
  const auto none = harness.call(kTickets, R"({"enteredBy":"Banana"})");
  CHECK_MESSAGE(none.error().contains("enteredBy 'Banana' does not exist"), none.result.text);
  runtime.stop();
}

}  // namespace patchbay::gateway
