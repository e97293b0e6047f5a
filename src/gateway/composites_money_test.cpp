// Composites that add up money, to the cent: unbilled time and the margin of an agreement.
#include <algorithm>
#include <map>

#include "gateway/test_composite_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kUnbilled = "connect_wise_psa_time_entries_unbilled";
constexpr const char* kMargin = "connect_wise_psa_agreements_margin";

}  // namespace

TEST_CASE("composite: unbilled time adds up to the cent, by company and agreement") {
  World world;
  const auto outcome = good(world, kUnbilled, R"({"startAfter":"2026-10-15"})");
  const auto& part = member(outcome.value, "time");
  struct Sum {
    std::int64_t entries = 0, hours = 0, to_bill = 0, amount = 0;
  };
  std::map<std::pair<std::int64_t, std::int64_t>, Sum> expected;
  Sum total;
  for (const auto& entry :
       all_of(world,
              "/time/entries?conditions=billableOption=%22Billable%22%20AND%20"
              "invoiceFlag=false%20AND%20timeStart%3E=%5B2026-10-14T22:00:00Z%5D")) {
    const auto* company = entry.find("company");
    const auto* agreement = entry.find("agreement");
    auto& sum = expected[{company != nullptr ? company->int64_or("id", 0) : 0,
                          agreement != nullptr ? agreement->int64_or("id", 0) : 0}];
    for (auto* each : {&sum, &total}) {
      ++each->entries;
      each->hours += hundredths(entry.find("actualHours"));
      each->to_bill += hundredths(entry.find("hoursBilled"));
      each->amount += hundredths(entry.find("extendedInvoiceAmount"));
    }
  }
  REQUIRE(expected.size() > 3);
  const auto check = [](const json::Value& found, const Sum& sum) {
    CHECK(found.int64_or("entries", 0) == sum.entries);
    CHECK(hundredths(found.find("hours")) == sum.hours);
    CHECK(hundredths(found.find("hours_to_bill")) == sum.to_bill);
    CHECK(hundredths(found.find("amount")) == sum.amount);
  };
  check(member(part, "total"), total);
  const auto& groups = *member(part, "by_company_and_agreement").if_array();
  CHECK(groups.size() == std::min<std::size_t>(expected.size(), 200));
  for (const auto& group : groups) {
    const auto& agreement = member(group, "agreement");
    check(group, expected[{member(group, "company").int64_or("id", 0),
                           agreement.is_null() ? 0 : agreement.int64_or("id", 0)}]);
  }
  // One company, by name and by id.
  const auto company = member(groups.front(), "company");
  const auto by_name = good(world, kUnbilled,
                            R"({"startAfter":"2026-10-15","company":")" +
                                std::string(company.string_or("name", "")) + "\"}");
  const auto by_id = good(
      world, kUnbilled,
      R"({"startAfter":"2026-10-15","company":)" + std::to_string(company.int64_or("id", 0)) + "}");
  CHECK(member(by_name.value, "time") == member(by_id.value, "time"));
  Sum of_company;
  for (const auto& [key, sum] : expected) {
    if (key.first != company.int64_or("id", 0)) continue;
    of_company.entries += sum.entries;
    of_company.hours += sum.hours;
    of_company.to_bill += sum.to_bill;
    of_company.amount += sum.amount;
  }
  check(member(member(by_id.value, "time"), "total"), of_company);
}

TEST_CASE("composite: an agreement's margin is its revenue less its costs") {
  World world;
  const auto agreements =
      world.direct("/finance/agreements?conditions=agreementStatus=%22Active%22&pageSize=40");
  int with_time = 0;
  for (const auto& agreement : *agreements.if_array()) {
    const auto id = std::to_string(agreement.int64_or("id", 0));
    CAPTURE(id);
    const auto outcome =
        good(world, kMargin,
             R"({"agreement":)" + id + R"(,"startAfter":"2026-10-01","startBefore":"2026-11-01"})");
    std::int64_t revenue = hundredths(agreement.find("billAmount"));
    std::int64_t addition_cost = 0;
    for (const auto& addition : all_of(world, "/finance/agreements/" + id + "/additions")) {
      if (addition.string_or("effectiveDate", "") >= "2026-11-01T00:00:00Z") continue;
      const auto cancelled = addition.string_or("cancelledDate", "");
      if (!cancelled.empty() && cancelled < "2026-10-01T00:00:00Z") continue;
      if (!cancelled.empty() && cancelled <= addition.string_or("effectiveDate", "")) continue;
      if (addition.string_or("billCustomer", "") == "Billable") {
        revenue += hundredths(addition.find("extPrice"));
      }
      addition_cost += hundredths(addition.find("extCost"));
    }
    std::int64_t time_cost = 0;  // in ten-thousandths
    for (const auto& entry :
         all_of(world, "/time/entries?conditions=agreement/id=" + id +
                           "%20AND%20timeStart%3E=%5B2026-09-30T22:00:00Z%5D%20AND%20"
                           "timeStart%3C%5B2026-10-31T23:00:00Z%5D")) {
      time_cost += hundredths(entry.find("actualHours")) * hundredths(entry.find("hourlyCost"));
    }
    if (time_cost > 0) ++with_time;
    const auto& figures = member(outcome.value, "figures");
    CHECK(hundredths(figures.find("revenue")) == revenue);
    const auto cost = figures.find("cost")->as_double().value();
    CHECK(std::llround(cost * 10'000) == addition_cost * 100 + time_cost);
    const auto margin = figures.find("margin")->as_double().value();
    CHECK(std::llround(margin * 10'000) == revenue * 100 - addition_cost * 100 - time_cost);
    CHECK(member(outcome.value, "agreement").int64_or("id", 0) == agreement.int64_or("id", 0));
  }
  CHECK(with_time > 3);
}

TEST_CASE("composite: an agreement that is not in force in the span earns nothing") {
  World world;
  const auto agreements = world.direct(
      "/finance/agreements?conditions=endDate%3C%5B2026-10-01T00:00:00Z%5D%20AND%20billAmount%3E0"
      "&pageSize=1");
  const auto& ended = agreements.if_array()->front();
  const auto of = [&](std::int64_t id, const std::string& from, const std::string& until) {
    return good(world, kMargin,
                R"({"agreement":)" + std::to_string(id) + R"(,"startAfter":")" + from +
                    R"(","startBefore":")" + until + R"("})");
  };
  const auto revenue = [&](const Answered& outcome) {
    return hundredths(member(outcome.value, "figures").find("revenue"));
  };
  const auto id = ended.int64_or("id", 0);
  const std::string last_day(ended.string_or("endDate", "").substr(0, 10));
  const auto after = of(id, "2026-10-01", "2026-11-01");
  CHECK(revenue(after) == 0);
  const auto notice = after.value.string_or("notice", "");
  CHECK_MESSAGE(notice.contains("not in force in this span (endDate " + std::string(last_day)),
                notice);
  CHECK_MESSAGE(notice.contains("additions count as 0"), notice);
  // On its last day it still is.
  const auto then = of(id, last_day, "2026-10-01");
  CHECK(revenue(then) >= hundredths(ended.find("billAmount")));
  CHECK_MESSAGE(then.value.string_or("notice", "").contains("one billing cycle"), notice);
  CHECK_FALSE(then.value.string_or("notice", "").contains("not in force"));
  // Before it begins, up to and without its first day, wherever the account is.
  const std::string first_day(
      world.direct("/finance/agreements/1").string_or("startDate", "").substr(0, 10));
  const auto before = of(1, "2023-01-01", first_day);
  CHECK(revenue(before) == 0);
  CHECK(before.value.string_or("notice", "").contains("(startDate " + first_day));
  CHECK(revenue(of(1, "2023-01-01", first_day + "T01:00:00")) > 0);
}

TEST_CASE("composite: a cancelled agreement earns nothing after that day, which is shown") {
  World world;
  world.call("update_a_connect_wise_psa_agreement_by_id",
             R"({"id":1,"cancelledFlag":true,"dateCancelled":"2026-09-10"})");
  const auto outcome = good(world, kMargin,
                            R"({"agreement":1,"startAfter":"2026-10-01",)"
                            R"("startBefore":"2026-11-01"})");
  CHECK(hundredths(member(outcome.value, "figures").find("revenue")) == 0);
  CHECK(member(outcome.value, "agreement").string_or("dateCancelled", "").contains("2026-09-10"));
  CHECK(outcome.value.string_or("notice", "").contains("(dateCancelled 2026-09-10)"));
}

TEST_CASE("composite: an addition that was cancelled on its first day does not count") {
  World world;
  constexpr const char* kSpan =
      R"({"agreement":1,"startAfter":"2026-10-01","startBefore":"2026-11-01"})";
  const auto before = good(world, kMargin, kSpan);
  const auto created = world.call(
      "create_a_connect_wise_psa_agreement_addition",
      R"({"agreementId":1,"product":"EDR-SEAT","quantity":1,"unitPrice":999,)"
      R"("effectiveDate":"2026-10-10","cancelledDate":"2026-10-10","billCustomer":"Billable"})");
  REQUIRE_MESSAGE(!created.result.is_error, created.result.text);
  const auto after = good(world, kMargin, kSpan);
  CHECK(member(after.value, "figures") == member(before.value, "figures"));
  // A day longer, it does, and whole.
  const auto id = std::to_string(created.value.int64_or("id", 0));
  const auto longer =
      world.call("update_a_connect_wise_psa_agreement_addition_by_id",
                 R"({"agreementId":1,"id":)" + id + R"(,"cancelledDate":"2026-10-11"})");
  REQUIRE_MESSAGE(!longer.result.is_error, longer.result.text);
  const auto with_it = good(world, kMargin, kSpan);
  CHECK(hundredths(member(with_it.value, "figures").find("revenue")) ==
        hundredths(member(before.value, "figures").find("revenue")) + 99'900);
}

TEST_CASE("composite: an agreement of another company is refused, by id as by name") {
  World world;
  const auto agreement = world.direct("/finance/agreements/1");
  const auto owner = agreement.find("company")->int64_or("id", 0);
  std::string other;
  for (const auto& company : *world.direct("/company/companies?pageSize=50").if_array()) {
    if (company.int64_or("id", 0) != owner) other = company.string_or("name", "");
  }
  for (const char* tool : {kMargin, kUnbilled}) {
    CAPTURE(tool);
    json::Object arguments{{"agreement", 1}, {"company", other}};
    const auto refused = world.harness.call_value(tool, arguments);
    REQUIRE(refused.result.is_error);
    CHECK_MESSAGE(refused.error().contains("agreement 1 does not exist on company '" + other),
                  refused.result.text);
    arguments["company"] = owner;
    const auto fine = world.harness.call_value(tool, arguments);
    CHECK_MESSAGE(!fine.result.is_error, fine.result.text);
  }
}

TEST_CASE("composite: an agreement's name is looked up at its company") {
  World world;
  const auto agreements =
      world.direct("/finance/agreements?conditions=agreementStatus=%22Active%22&pageSize=1");
  const auto& first = agreements.if_array()->front();
  json::Object arguments{{"agreement", *first.find("name")}};
  // Several companies have one of that name.
  const auto ambiguous = world.harness.call_value(kMargin, arguments);
  CHECK(ambiguous.result.is_error);
  CHECK(ambiguous.error().contains("agreement"));
  arguments["company"] = *first.find("company")->find("name");
  const auto outcome = world.harness.call_value(kMargin, arguments);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(member(outcome.value, "agreement").int64_or("id", 0) == first.int64_or("id", 0));
}

}  // namespace patchbay::gateway
