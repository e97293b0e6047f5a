// What belongs together in several lists, told in one report, against the sandbox's own records.
#include <algorithm>
#include <map>
#include <set>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/test_composite_world.h"
#include "integration/report.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kAgreements = "list_all_connect_wise_psa_agreements";
constexpr const char* kCompanies = "list_all_connect_wise_psa_companies";
constexpr const char* kProjects = "list_all_connect_wise_psa_projects";

std::int64_t id_in(const json::Value& record, const char* reference) {
  const auto* found = record.find(reference);
  return found != nullptr ? found->int64_or("id", 0) : 0;
}

// By ticket, in hundredths of an hour.
std::map<std::int64_t, std::int64_t> logged_hours(World& world) {
  std::map<std::int64_t, std::int64_t> hours;
  for (const auto& entry :
       all_of(world, "/time/entries?conditions=chargeToType=%22ServiceTicket%22")) {
    hours[entry.int64_or("chargeToId", 0)] += hundredths(entry.find("actualHours"));
  }
  return hours;
}

const json::Array& groups_of(const Answered& outcome) {
  return *member(outcome.value, "groups").if_array();
}

}  // namespace

TEST_CASE("report: hours logged on tickets, by board, and their shares of the whole") {
  World world;
  const auto hours = logged_hours(world);
  std::map<std::int64_t, std::int64_t> expected;
  std::int64_t all = 0;
  for (const auto& ticket : all_of(world, "/service/tickets?fields=id,board,recordType")) {
    const auto found = hours.find(ticket.int64_or("id", 0));
    if (found == hours.end()) continue;
    expected[id_in(ticket, "board")] += found->second;
    all += found->second;
  }
  const auto outcome = good(
      world, kTickets, R"({"groupBy":["board"],"measures":["loggedHours","share loggedHours"]})");
  CHECK(hundredths(member(outcome.value, "total").find("sum loggedHours")) == all);
  std::int64_t last = -1;
  for (const auto& group : groups_of(outcome)) {
    const auto sum = hundredths(group.find("sum loggedHours"));
    CHECK(sum == expected[id_in(group, "board")]);
    CHECK((last < 0 || sum <= last));
    last = sum;
    const double share = 100.0 * static_cast<double>(sum) / static_cast<double>(all);
    CHECK(std::abs(group.find("share loggedHours")->as_double().value() - share) < 0.0051);
  }
}

TEST_CASE("report: tickets without time are one call, and it lists them") {
  World world;
  const auto hours = logged_hours(world);
  std::set<std::int64_t> expected;
  for (const auto& ticket :
       all_of(world, "/service/tickets?fields=id&conditions=closedFlag=false")) {
    const auto id = ticket.int64_or("id", 0);
    if (!hours.contains(id)) expected.insert(id);
  }
  REQUIRE(!expected.empty());
  const auto outcome = good(world, kTickets,
                            R"({"closed":false,"where":"loggedHours = 0",
                               "groupBy":["company"],"measures":["count"],"limit":1000})");
  CHECK(member(outcome.value, "total").int64_or("count", -1) ==
        static_cast<std::int64_t>(expected.size()));
  std::size_t checked = 0;
  for (const auto& group : groups_of(outcome)) {
    if (group.int64_or("count", 0) > 25 || ++checked > 3) continue;
    json::Object arguments = *member(group, "filters").if_object();
    arguments["closed"] = false;
    arguments["limit"] = 100;
    const auto rows = world.harness.call_value(kTickets, arguments);
    REQUIRE_MESSAGE(!rows.result.is_error, rows.result.text);
    const auto& records = *member(rows.value, "result").if_array();
    CHECK(static_cast<std::int64_t>(records.size()) == group.int64_or("count", -1));
    for (const auto& record : records) CHECK(expected.contains(record.int64_or("id", 0)));
  }
  CHECK(checked > 0);
}

TEST_CASE("report: where alone shows the records that are like that") {
  World world;
  const auto outcome =
      good(world, kTickets, R"({"closed":false,"limit":3,"where":"loggedHours = 0"})");
  REQUIRE(!groups_of(outcome).empty());
  const auto& first = groups_of(outcome).front();
  CHECK(member(first, "ticket").find("name") != nullptr);
  CHECK(first.int64_or("count", 0) == 1);
}

TEST_CASE("report: the last touch of a ticket is its last note, time or appointment") {
  World world;
  const auto picked = world.direct(
      "/service/"
      "tickets?conditions=closedFlag=false&fields=id,company&pageSize=1&orderBy=id%20desc");
  const auto& ticket = picked.if_array()->front();
  const auto id = std::to_string(ticket.int64_or("id", 0));
  std::string last;
  const auto take = [&](const json::Value& record, const char* field) {
    last = std::max(last, std::string(record.string_or(field, "")));
  };
  take(world.direct("/service/tickets/" + id), "dateEntered");
  const auto whole = world.direct("/service/tickets/" + id);
  if (const auto* info = whole.find("_info")) take(*info, "dateEntered");
  for (const auto& note : all_of(world, "/service/tickets/" + id + "/notes")) {
    take(note, "dateCreated");
  }
  for (const auto& entry : all_of(world, "/time/entries?conditions=chargeToId=" + id)) {
    if (entry.string_or("chargeToType", "") == "ServiceTicket") take(entry, "timeStart");
  }
  const auto outcome = good(
      world, kTickets,
      R"({"conditions":"id = )" + id +
          R"(","groupBy":["ticket"],"measures":["max lastNote","max lastTime","max daysUntouched"]})");
  const auto& group = groups_of(outcome).front();
  const auto now = world.clock.now();
  const auto since = parse_iso8601(last, TimeZone::utc());
  REQUIRE_MESSAGE(since.has_value(), last);
  const double days = static_cast<double>((now - *since).count()) / 86'400'000.0;
  CHECK(std::abs(group.find("max daysUntouched")->as_double().value() - days) < 0.0151);
}

TEST_CASE("report: seats billed by client and product, and the margin of agreements") {
  World world;
  const auto now = format_utc(world.clock.now());
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> seats;  // company, product
  std::map<std::int64_t, std::int64_t> margins;                         // by agreement
  for (const auto& agreement :
       all_of(world, "/finance/agreements?conditions=cancelledFlag=false")) {
    const auto id = agreement.int64_or("id", 0);
    auto& margin = margins[id];
    margin = hundredths(agreement.find("billAmount"));
    for (const auto& addition :
         all_of(world, "/finance/agreements/" + std::to_string(id) + "/additions")) {
      const auto ends = addition.string_or("cancelledDate", "");
      if (addition.string_or("effectiveDate", "") > now || (!ends.empty() && ends <= now)) continue;
      seats[{id_in(agreement, "company"), id_in(addition, "product")}] +=
          hundredths(addition.find("quantity"));
      if (addition.string_or("billCustomer", "") == "Billable") {
        margin += hundredths(addition.find("extPrice"));
      }
      margin -= hundredths(addition.find("extCost"));
    }
  }
  const auto by_client = good(
      world, kAgreements,
      R"({"cancelled":false,"groupBy":["company","product"],"measures":["seats"],"limit":1000})");
  std::int64_t shown = 0;
  for (const auto& group : groups_of(by_client)) {
    const std::pair key(id_in(group, "company"), id_in(group, "product"));
    CHECK(hundredths(group.find("sum seats")) == seats[key]);
    ++shown;
  }
  CHECK(shown > 5);
  std::int64_t all = 0;
  for (const auto& [key, quantity] : seats) all += quantity;
  CHECK(hundredths(member(by_client.value, "total").find("sum seats")) == all);
  const auto outcome = good(
      world, kAgreements,
      R"({"cancelled":false,"groupBy":["agreement"],"measures":["cycleMargin"],"orderBy":"sum cycleMargin asc"})");
  REQUIRE(!groups_of(outcome).empty());
  for (const auto& group : groups_of(outcome)) {
    const auto* found = group.find("sum cycleMargin");
    if (found != nullptr) CHECK(hundredths(found) == margins[id_in(group, "agreement")]);
  }
}

TEST_CASE("report: time on agreements is of a span, and of all time only where that is no lie") {
  World world;
  std::int64_t hours = 0;
  std::int64_t of_all_time = 0;
  const auto* const kFrom = "2026-01-01T00:00:00Z";
  for (const auto& entry : all_of(world, "/time/entries?conditions=agreement/id!=null")) {
    const auto worked = hundredths(entry.find("actualHours"));
    of_all_time += worked;
    if (entry.string_or("timeStart", "") >= kFrom) hours += worked;
  }
  REQUIRE(hours > 0);
  REQUIRE(hours < of_all_time);
  const auto told = [&](const std::string& arguments) {
    return world.harness.call(kAgreements, arguments);
  };
  const auto sum = [](const Answered& outcome) {
    return hundredths(member(outcome.value, "total").find("sum loggedHours"));
  };
  const auto spanned = told(R"({"measures":"loggedHours","loggedAfter":"2026-01-01T00:00:00Z"})");
  CHECK(sum(spanned) == hours);
  CHECK(spanned.value.string_or("notice", "").empty());
  const auto whole = told(R"({"measures":"loggedHours"})");
  CHECK(sum(whole) == of_all_time);
  CHECK(whole.value.string_or("notice", "") ==
        "loggedHours is of all time; give loggedAfter and loggedBefore for a span.");
  // A month's revenue less the cost of years is no margin.
  CHECK(told(R"({"measures":"margin"})").error().contains("margin sets what is so at one time"));
  CHECK(told(R"({"where":"margin < 0"})").error().contains("margin sets what is so at one time"));
  CHECK(told(R"({"measures":"cycleMargin"})").value.string_or("notice", "").empty());
  const auto margins = good(world, kAgreements,
                            R"({"measures":["cycleMargin","timeCost","margin"],
                               "loggedAfter":"2026-01-01","loggedBefore":"2026-02-01"})");
  const auto& total = member(margins.value, "total");
  CHECK(hundredths(total.find("sum margin")) ==
        hundredths(total.find("sum cycleMargin")) - hundredths(total.find("sum timeCost")));
  // Half a span is none, nor is one that ends before it begins, and a time is told by its own name.
  CHECK(
      told(R"({"measures":"margin","loggedBefore":"2026-02-01"})").error().contains("margin sets"));
  CHECK(told(R"({"measures":"loggedHours","loggedAfter":"2026-02-01","loggedBefore":"2026-01-01"})")
            .error()
            .contains("loggedBefore: is not after loggedAfter"));
  CHECK(
      told(
          R"({"measures":"loggedHours","nameContains":"Nothing is called so","loggedAfter":"soon"})")
          .error()
          .contains("loggedAfter: is no time"));
  CHECK(told(R"({"measures":["sum loggedHours","avg loggedHours"]})")
            .value.string_or("notice", "")
            .starts_with("loggedHours is of all time"));
  // What says nothing is not taken.
  CHECK(told(R"({"measures":"cycleMargin","loggedAfter":"2026-01-01"})")
            .error()
            .contains("loggedAfter"));
  CHECK(told(R"({"loggedAfter":"2026-01-01"})").error().contains("loggedAfter"));
}

TEST_CASE("report: how often something is so, and a pipeline by its chances") {
  World world;
  std::map<std::int64_t, std::pair<double, double>> kept;  // by company: in SLA, of all
  for (const auto& ticket : all_of(world, "/service/tickets?conditions=closedFlag%3Dtrue")) {
    const auto* flag = ticket.find("isInSla");
    if (flag == nullptr || flag->if_bool() == nullptr) continue;
    auto& [good_ones, all] = kept[id_in(ticket, "company")];
    good_ones += *flag->if_bool() ? 1 : 0;
    ++all;
  }
  const auto rates = good(
      world, kTickets, R"({"closed":true,"groupBy":"company","measures":"avg inSla","limit":10})");
  REQUIRE(!groups_of(rates).empty());
  for (const auto& group : groups_of(rates)) {
    const auto& [good_ones, all] = kept.at(id_in(group, "company"));
    CHECK(group.find("avg inSla")->as_double().value() ==
          doctest::Approx(good_ones / all).epsilon(0.0002));
  }
  double weighted = 0;
  for (const auto& one : all_of(world, "/sales/opportunities?conditions=closedDate%3Dnull")) {
    const auto forecast =
        world.direct("/sales/opportunities/" + std::to_string(one.int64_or("id", 0)) + "/forecast");
    const auto* chance = one.find("probability");
    if (chance == nullptr) continue;
    weighted += forecast.find("forecastRevenueTotals")->find("revenue")->as_double().value() *
                std::stod(std::string(chance->string_or("name", "0"))) / 100;
  }
  const auto pipeline = good(world, "list_all_connect_wise_psa_sales_opportunities",
                             R"({"open":true,"measures":"weightedRevenue"})");
  CHECK(member(pipeline.value, "total").find("sum weightedRevenue")->as_double().value() ==
        doctest::Approx(weighted));
}

TEST_CASE("report: filters that are not listed change nothing of what a report reads beside") {
  World world;
  std::size_t reports = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    const auto report = integration::report_of(*tool->method);
    if (!report || report->relations.empty() || !tool->method->path.names().empty()) continue;
    const auto own = std::ranges::find_if(report->amounts, [](const auto& amount) {
      return amount.relation && amount.kind != integration::ReportAmount::Kind::time;
    });
    if (own == report->amounts.end()) continue;
    CAPTURE(tool->name);
    json::Object arguments{{"measures", own->name}};
    for (const auto& [argument, of_list] : report->relations[*own->relation].span) {
      arguments[argument] = argument.ends_with("After") ? "2026-01-01" : "2026-02-01";
    }
    const auto plain = world.harness.call_value(tool->name, arguments);
    // By any field of the record: of ids above none there are all.
    arguments["idMin"] = 0;
    const auto wider = world.harness.call_value(tool->name, arguments);
    CHECK_MESSAGE(!wider.result.is_error, wider.result.text);
    CHECK(member(wider.value, "total") == member(plain.value, "total"));
    ++reports;
  }
  CHECK(reports > 4);
}

TEST_CASE("report: clients without an agreement") {
  World world;
  const auto now = format_utc(world.clock.now());
  std::set<std::int64_t> with;
  for (const auto& agreement :
       all_of(world, "/finance/agreements?conditions=cancelledFlag=false")) {
    const auto ends = agreement.string_or("endDate", "");
    if (agreement.string_or("startDate", "") > now || (!ends.empty() && ends <= now)) continue;
    with.insert(id_in(agreement, "company"));
  }
  std::int64_t without = 0;
  for (const auto& company : all_of(world, "/company/companies?fields=id")) {
    without += with.contains(company.int64_or("id", 0)) ? 0 : 1;
  }
  const auto outcome =
      good(world, kCompanies, R"({"where":"agreements = 0","measures":["count"]})");
  CHECK(member(outcome.value, "total").int64_or("count", -1) == without);
}

TEST_CASE("report: budget and actuals of projects by phase and by person") {
  World world;
  const auto phases = good(
      world, kProjects,
      R"({"groupBy":["project","phase"],"measures":["phaseBudgetHours","phaseActualHours"],"limit":1000})");
  std::int64_t budget = 0;
  std::int64_t count = 0;
  std::map<std::int64_t, std::int64_t> by_phase;
  for (const auto& project : all_of(world, "/project/projects?fields=id")) {
    for (const auto& phase : all_of(
             world, "/project/projects/" + std::to_string(project.int64_or("id", 0)) + "/phases")) {
      ++count;
      budget += hundredths(phase.find("budgetHours"));
      by_phase[phase.int64_or("id", 0)] = hundredths(phase.find("budgetHours"));
    }
  }
  CHECK(member(phases.value, "total").int64_or("count", -1) == count);
  CHECK(hundredths(member(phases.value, "total").find("sum phaseBudgetHours")) == budget);
  for (const auto& group : groups_of(phases)) {
    CHECK(hundredths(group.find("sum phaseBudgetHours")) == by_phase[id_in(group, "phase")]);
  }
  std::map<std::int64_t, std::int64_t> by_member;
  for (const auto& entry : all_of(world, "/time/entries?conditions=project/id!=null")) {
    by_member[id_in(entry, "member")] += hundredths(entry.find("actualHours"));
  }
  const auto people =
      good(world, kProjects, R"({"groupBy":["loggedBy"],"measures":["loggedHours"],"limit":1000})");
  for (const auto& group : groups_of(people)) {
    CHECK(hundredths(group.find("sum loggedHours")) == by_member[id_in(group, "loggedBy")]);
  }
  const auto wrong =
      world.call(kProjects, R"({"groupBy":["loggedBy"],"measures":["budgetHours"]})");
  CHECK(wrong.result.is_error);
  CHECK_MESSAGE(wrong.error().contains("counted once for each"), wrong.error());
}

TEST_CASE("report: revenue of opportunities comes from their forecasts") {
  World world;
  std::map<std::int64_t, std::int64_t> revenue;
  for (const auto& one :
       all_of(world, "/sales/opportunities?fields=id,stage&conditions=closedDate=null")) {
    const auto forecast =
        world.direct("/sales/opportunities/" + std::to_string(one.int64_or("id", 0)) + "/forecast");
    const auto* totals = forecast.find("forecastRevenueTotals");
    if (totals != nullptr) revenue[id_in(one, "stage")] += hundredths(totals->find("revenue"));
  }
  const auto outcome = good(world, "list_all_connect_wise_psa_sales_opportunities",
                            R"({"open":true,"groupBy":["stage"],"measures":["revenue"]})");
  REQUIRE(!groups_of(outcome).empty());
  for (const auto& group : groups_of(outcome)) {
    CHECK(hundredths(group.find("sum revenue")) == revenue[id_in(group, "stage")]);
  }
}

TEST_CASE("report: the first groups, the rest as others, and a threshold") {
  World world;
  const auto few = good(world, kTickets, R"({"groupBy":"company","limit":3})");
  CHECK(groups_of(few).size() == 3);
  std::int64_t sum = member(few.value, "others").int64_or("count", 0);
  for (const auto& group : groups_of(few)) sum += group.int64_or("count", 0);
  CHECK(sum == member(few.value, "total").int64_or("count", -1));
  const auto many = good(world, kTickets,
                         R"({"groupBy":["company"],"having":"count >= 60","orderBy":"company"})");
  std::string last;
  for (const auto& group : groups_of(many)) {
    CHECK(group.int64_or("count", 0) >= 60);
    const std::string name(member(group, "company").string_or("name", ""));
    CHECK(last <= name);
    last = name;
  }
  CHECK(many.value.string_or("notice", "").contains("do not pass having"));
}

}  // namespace patchbay::gateway
