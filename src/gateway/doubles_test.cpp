// What is left out by one call and said by the next is the same all the same: no double is made of
// it.
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kToday = "2026-11-22";  // of the tests' clock
constexpr const char* kOtherDay = "2026-12-15";

std::string code_of(const Answered& outcome) {
  const auto* error = outcome.value.find("error");
  return error != nullptr ? std::string(error->string_or("code", "")) : "";
}

json::Value with(json::Value arguments, const std::string& name, const char* value) {
  if (value != nullptr) arguments[name] = value;
  return arguments;
}

// What is given of the day in the first call and in the second; nullptr: nothing.
void check_refused(World& world, const std::string& tool, const std::string& day,
                   const json::Value& arguments, const char* first, const char* second) {
  CAPTURE(tool);
  CAPTURE(first);
  CAPTURE(second);
  const auto made = world.harness.call_value(tool, with(arguments, day, first));
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  const auto again = world.harness.call_value(tool, with(arguments, day, second));
  CHECK_MESSAGE(code_of(again) == "conflict", again.result.text);
  CHECK(again.was_applied() == "no");
}

void check_made(World& world, const std::string& tool, json::Value arguments) {
  const auto made = world.harness.call_value(tool, arguments);
  CHECK_MESSAGE(!made.result.is_error, tool << ": " << made.result.text);
}

std::int64_t new_ticket(World& world) {
  static int count = 0;
  const auto made = world.harness.call_value(
      "create_a_connect_wise_psa_ticket",
      json::Object{{"summary", "Billed " + std::to_string(++count)}, {"company", 250}});
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  return made.value.int64_or("id", 0);
}

}  // namespace

TEST_CASE("doubles: a day that is left out is the day of the call, whatever the time of day") {
  World world;
  const std::string invoice = "create_a_connect_wise_psa_invoice";
  const auto ways = std::to_array<std::pair<const char*, const char*>>(
      {{nullptr, nullptr}, {nullptr, kToday}, {kToday, nullptr}, {kToday, kToday}});
  for (const auto& [first, second] : ways) {
    const json::Value bill = json::Object{{"type", "Standard"},
                                          {"company", 250},
                                          {"applyToType", "Ticket"},
                                          {"applyToId", new_ticket(world)}};
    check_refused(world, invoice, "date", bill, first, second);
    // Another day's is another invoice.
    check_made(world, invoice, with(bill, "date", kOtherDay));
  }
  const auto invoices = world.direct("/finance/invoices?conditions=balance>50&pageSize=4");
  REQUIRE(invoices.if_array()->size() == 4);
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const json::Value pay =
        json::Object{{"invoiceId", (*invoices.if_array())[i].int64_or("id", 0)}, {"amount", 2}};
    const auto& [first, second] = ways[i];
    check_refused(world, "create_a_connect_wise_psa_invoice_payment", "paymentDate", pay, first,
                  second);
    check_made(world, "create_a_connect_wise_psa_invoice_payment",
               with(pay, "paymentDate", kOtherDay));
  }
}

TEST_CASE("doubles: a day that the API keeps as a time is that day") {
  World world;
  const std::string order = "create_a_connect_wise_psa_order";
  json::Value screens = json::Object{{"company", 250},
                                     {"description", "Two screens"},
                                     {"status", world.direct_ids("/sales/orders/statuses").front()},
                                     {"salesRep", "jdoe"}};
  check_refused(world, order, "orderDate", screens, nullptr, kToday);
  check_made(world, order, with(screens, "orderDate", kOtherDay));
  screens["company"] = 251;
  check_refused(world, order, "orderDate", screens, kToday, kToday);
  const auto vendors = world.direct_ids("/company/companies");
  const auto status = world.direct_ids("/procurement/purchaseorderstatuses").front();
  const auto terms = world.direct_ids("/finance/billingTerms").front();
  check_refused(
      world, "create_a_connect_wise_psa_purchase_order", "poDate",
      json::Object{{"vendorCompany", vendors.front()}, {"status", status}, {"terms", terms}},
      nullptr, kToday);
}

TEST_CASE("doubles: people of one name, with parts of it left out") {
  World world;
  const std::string contact = "create_a_connect_wise_psa_contact";
  const json::Value solo = json::Object{{"firstName", "Solo"}, {"company", 250}};
  check_refused(world, contact, "lastName", solo, nullptr, nullptr);
  // Who has a last name is another.
  check_made(world, contact, with(solo, "lastName", "Han"));
  check_refused(world, contact, "lastName", solo, "Lando", "LANDO ");
  // At another company as well.
  check_made(world, contact, json::Object{{"firstName", "Solo"}, {"company", 251}});
  check_refused(world, contact, "lastName", json::Object{{"firstName", "Nomad"}}, "Rover", "Rover");
  check_refused(world, contact, "lastName", json::Object{{"firstName", "Nomad"}}, nullptr, nullptr);
}

}  // namespace patchbay::gateway
