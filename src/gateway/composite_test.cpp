// Composites before the sandbox: each against what the plain lists say, summed up here.
#include <algorithm>
#include <cmath>
#include <map>

#include "gateway/sandbox_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kBrief = "connect_wise_psa_tickets_brief";
constexpr const char* kStale = "connect_wise_psa_tickets_stale";
constexpr const char* kWorkload = "connect_wise_psa_boards_workload";
constexpr const char* kUnbilled = "connect_wise_psa_time_entries_unbilled";
constexpr const char* kThinNotes = "connect_wise_psa_time_entries_thin_notes";
constexpr const char* kMargin = "connect_wise_psa_agreements_margin";

// All records of a list, past the gateway.
std::vector<json::Value> all_of(World& world, const std::string& target) {
  std::vector<json::Value> out;
  for (int page = 1;; ++page) {
    const auto records = world.direct(target + (target.contains('?') ? '&' : '?') +
                                      "pageSize=1000&page=" + std::to_string(page));
    for (const auto& record : *records.if_array()) out.push_back(record);
    if (records.if_array()->size() < 1000) return out;
  }
}

// Amounts in hundredths, so that sums here are exact as well.
std::int64_t hundredths(const json::Value* value) {
  if (value == nullptr) return 0;
  const auto* text = value->if_string();
  const double number = text != nullptr ? std::stod(*text) : value->as_double().value_or(0);
  return std::llround(number * 100);
}

const json::Value& member(const json::Value& value, const char* name) {
  const auto* found = value.find(name);
  REQUIRE_MESSAGE(found != nullptr, name << " in " << json::to_string(value).substr(0, 400));
  return *found;
}

const json::Value& call_of(const Outcome& outcome, std::string_view step) {
  for (const auto& call : *member(outcome.value, "calls").if_array()) {
    if (call.string_or("step", "") == step) return call;
  }
  FAIL("no call of step " << step);
  return outcome.value;
}

Outcome good(World& world, const std::string& tool, const std::string& arguments) {
  auto outcome = world.call(tool, arguments);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  return outcome;
}

// A service ticket with several notes.
std::string talked_about(World& world) {
  const auto tickets = world.direct("/service/tickets?fields=id&pageSize=200&orderBy=id%20desc");
  for (const auto& ticket : *tickets.if_array()) {
    const auto id = std::to_string(ticket.int64_or("id", 0));
    if (world.direct_ids("/service/tickets/" + id + "/notes").size() > 3) return id;
  }
  FAIL("no ticket has four notes");
  return {};
}

// The same call by the tool that the composite names.
Outcome repeated(World& world, const json::Value& call) {
  auto outcome =
      world.harness.call_value(std::string(call.string_or("tool", "")), member(call, "arguments"));
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  return outcome;
}

}  // namespace

TEST_CASE("composite: a brief is what its four tools say, and names them") {
  World world;
  const auto entry = world.direct(
      "/time/entries?conditions=chargeToType=%22ServiceTicket%22"
      "&pageSize=1&orderBy=id%20desc");
  const auto id = std::to_string(entry.if_array()->front().int64_or("chargeToId", 0));
  const auto brief = good(world, kBrief, R"({"ticketId":)" + id + "}");
  CHECK(brief.value.find("notice") == nullptr);
  for (const char* step : {"ticket", "notes", "time", "configurations"}) {
    CAPTURE(step);
    const auto alone = repeated(world, call_of(brief, step));
    CHECK(json::to_string(alone.value) == json::to_string(member(brief.value, step)));
  }
  CHECK(member(brief.value, "ticket").int64_or("id", 0) == std::stoll(id));
  CHECK(!member(member(brief.value, "time"), "result").if_array()->empty());
}

TEST_CASE("composite: a brief's lists go on with the tool that it names") {
  World world;
  const auto ticket = talked_about(world);
  const auto brief = good(world, kBrief, R"({"limit":1,"ticketId":)" + ticket + "}");
  const auto& notes = member(brief.value, "notes");
  CHECK(member(notes, "result").if_array()->size() == 1);
  const auto all = world.direct_ids("/service/tickets/" + ticket + "/notes");
  auto arguments = member(call_of(brief, "notes"), "arguments");
  std::vector<std::int64_t> ids = {notes.find("result")->if_array()->front().int64_or("id", 0)};
  arguments["next_cursor"] = notes.string_or("next_cursor", "");
  for (const auto next :
       world.follow("list_all_connect_wise_psa_ticket_notes", json::to_string(arguments))) {
    ids.push_back(next);
  }
  std::ranges::sort(ids);
  CHECK(ids == all);
}

TEST_CASE("composite: a brief of no ticket says which step found nothing") {
  World world;
  const auto outcome = world.call(kBrief, R"({"ticketId":99999999})");
  REQUIRE(outcome.result.is_error);
  CHECK(outcome.error().starts_with("step ticket (get_single_connect_wise_psa_ticket_by_id): "));
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 404);
  CHECK(outcome.result.upstream_status == 404);
}

TEST_CASE("composite: stale tickets are the open ones, oldest change first") {
  World world;
  const auto outcome = good(world, kStale, R"({"board":"Triage","days":3,"limit":7})");
  const auto& call = call_of(outcome, "tickets");
  const std::string before(member(call, "arguments").string_or("updatedBefore", ""));
  std::vector<std::pair<std::string, std::int64_t>> expected;
  for (const auto& ticket : all_of(
           world, "/service/tickets?conditions=board/name=%22Triage%22%20AND%20closedFlag=false")) {
    const std::string updated(ticket.find("_info")->string_or("lastUpdated", ""));
    if (updated < before) expected.emplace_back(updated, ticket.int64_or("id", 0));
  }
  std::ranges::sort(expected);
  REQUIRE(expected.size() > 7);
  const auto& records = *member(member(outcome.value, "tickets"), "result").if_array();
  REQUIRE(records.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(records[i].string_or("lastUpdated", "") == expected[i].first);
  }
  // Its cursor goes on with the tool that it names.
  auto arguments = member(call, "arguments");
  CHECK(call.string_or("tool", "") == "list_all_connect_wise_psa_tickets");
  arguments["next_cursor"] = member(outcome.value, "tickets").string_or("next_cursor", "");
  auto ids = world.follow("list_all_connect_wise_psa_tickets", json::to_string(arguments));
  CHECK(ids.size() + 7 == expected.size());

  // By id as by name; what the name became is told.
  const auto& board = member(member(outcome.value, "resolved"), "board");
  const auto by_id =
      good(world, kStale,
           R"({"board":)" + std::to_string(board.int64_or("id", 0)) + R"(,"days":"3","limit":7})");
  CHECK(json::to_string(member(member(by_id.value, "tickets"), "result")) ==
        json::to_string(member(member(outcome.value, "tickets"), "result")));
}

TEST_CASE("composite: the workload of a board is what its open tickets add up to") {
  World world;
  for (const std::string board : {"Triage", "Server Team"}) {
    const auto outcome = good(world, kWorkload, R"({"board":")" + board + "\"}");
    const auto& part = member(outcome.value, "open_tickets");
    std::map<std::int64_t, std::int64_t> by_owner;
    std::map<std::string, std::int64_t> by_status;
    std::string oldest = "9";
    std::int64_t count = 0;
    const std::string quoted = board == "Triage" ? "%22Triage%22" : "%22Server%20Team%22";
    for (const auto& ticket : all_of(world, "/service/tickets?conditions=board/name=" + quoted +
                                                "%20AND%20closedFlag=false")) {
      ++count;
      const auto* owner = ticket.find("owner");
      ++by_owner[owner != nullptr ? owner->int64_or("id", 0) : 0];
      ++by_status[std::string(ticket.find("status")->string_or("name", ""))];
      oldest = std::min(oldest, std::string(ticket.find("_info")->string_or("dateEntered", "")));
    }
    REQUIRE(count > 20);
    CHECK(member(part, "total").int64_or("tickets", 0) == count);
    CHECK(member(part, "total").string_or("oldest_entered", "") == oldest);
    CHECK(member(part, "total").int64_or("oldest_age_days", -1) >= 0);
    CHECK(part.int64_or("records_read", 0) == count);
    const auto& owners = *member(part, "by_owner").if_array();
    CHECK(owners.size() == by_owner.size());
    std::int64_t before = count;
    for (const auto& group : owners) {
      const auto& owner = member(group, "owner");
      CHECK(by_owner[owner.is_null() ? 0 : owner.int64_or("id", -1)] ==
            group.int64_or("tickets", 0));
      CHECK(group.int64_or("tickets", 0) <= before);
      before = group.int64_or("tickets", 0);
    }
    for (const auto& group : *member(part, "by_status").if_array()) {
      CHECK(by_status[std::string(member(group, "status").string_or("name", ""))] ==
            group.int64_or("tickets", 0));
    }
    CHECK(!member(part, "by_priority").if_array()->empty());
  }
}

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

TEST_CASE("composite: thin notes are those shorter than asked, counted by member") {
  World world;
  for (const int characters : {12, 30, 60}) {
    const auto outcome = good(world, kThinNotes,
                              R"({"startAfter":"2026-11-10T00:00:00Z","limit":3,"characters":)" +
                                  std::to_string(characters) + "}");
    const auto& part = member(outcome.value, "time");
    std::int64_t expected = 0;
    std::int64_t read = 0;
    for (const auto& entry :
         all_of(world, "/time/entries?conditions=timeStart%3E=%5B2026-11-10T00:00:00Z%5D")) {
      ++read;
      const auto notes = entry.string_or("notes", "");
      if (count_characters(trim(notes)) < static_cast<std::size_t>(characters)) ++expected;
    }
    CHECK(part.int64_or("records_read", 0) == read);
    CHECK(part.int64_or("matching", -1) == expected);
    CHECK(part.int64_or("result_count", -1) == std::min<std::int64_t>(expected, 3));
    CHECK(member(part, "total").int64_or("entries", -1) == expected);
    std::int64_t of_members = 0;
    for (const auto& group : *member(part, "by_member").if_array()) {
      CHECK(!member(group, "member").string_or("identifier", "").empty());
      of_members += group.int64_or("entries", 0);
    }
    CHECK(of_members == expected);
    for (const auto& record : *member(part, "result").if_array()) {
      CHECK(count_characters(record.string_or("notes", "")) < static_cast<std::size_t>(characters));
    }
    CHECK((expected > 3) == part.string_or("notice", "").contains(" match; "));
  }
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
  const auto revenue = [&](const Outcome& outcome) {
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

TEST_CASE("composite: a span that ends before it begins is refused") {
  World world;
  for (const auto& [tool, arguments] :
       {std::pair{kMargin,
                  R"({"agreement":1,"startAfter":"2026-11-01","startBefore":"2026-10-01"})"},
        std::pair{kMargin, R"({"agreement":1,"startBefore":"2026-09-01"})"},
        std::pair{kMargin, R"({"agreement":1,"startAfter":"2027-01-01"})"},
        std::pair{kUnbilled, R"({"startAfter":"2026-11-01","startBefore":"2026-10-01"})"},
        std::pair{kThinNotes, R"({"startAfter":"2026-11-01","startBefore":"2026-11-01"})"}}) {
    CAPTURE(tool);
    CAPTURE(arguments);
    const auto outcome = world.call(tool, arguments);
    REQUIRE(outcome.result.is_error);
    CHECK_MESSAGE(outcome.error().contains("must be before startBefore ("), outcome.result.text);
    CHECK(outcome.value.find("error")->int64_or("status", 0) == 400);
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

TEST_CASE("composite: names that name nothing are refused before anything is read") {
  World world;
  for (const auto& [tool, arguments, field] :
       {std::tuple{kWorkload, R"({"board":"Trage"})", "board"},
        std::tuple{kStale, R"({"owner":"nobody at all"})", "owner"},
        std::tuple{kUnbilled, R"({"company":"No Such Company"})", "company"},
        std::tuple{kThinNotes, R"({"member":"xyzzy"})", "member"},
        std::tuple{kMargin, R"({"agreement":"No Such Agreement"})", "agreement"},
        std::tuple{kWorkload, R"({})", "board"},
        std::tuple{kBrief, R"({"ticketId":"twelve"})", "ticketId"},
        std::tuple{kStale, R"({"limit":1001})", "limit"},
        std::tuple{kStale, R"({"bord":"Triage"})", "bord"},
        std::tuple{kUnbilled, R"({"startAfter":"yesterday-ish"})", "startAfter"}}) {
    CAPTURE(tool);
    CAPTURE(arguments);
    const auto outcome = world.call(tool, arguments);
    REQUIRE(outcome.result.is_error);
    CHECK_MESSAGE(outcome.error().contains(field), outcome.result.text);
    CHECK(outcome.value.find("error")->int64_or("status", 0) == 400);
  }
}

TEST_CASE("composite: whatever the cap, the answer is JSON within it and its cursors go on") {
  World world;
  const std::string arguments_of_brief = R"({"limit":100,"ticketId":)" + talked_about(world) + "}";
  const auto whole = good(world, kBrief, arguments_of_brief);
  int cut = 0;
  for (const std::size_t cap : {40'000, 8'000, 5'000, 3'000, 2'000, 1'000}) {
    CAPTURE(cap);
    world.harness.context.max_result_bytes = cap;
    const auto brief = good(world, kBrief, arguments_of_brief);
    CHECK(brief.result.text.size() <= cap);
    const auto* notes = brief.value.find("notes");
    if (notes == nullptr || notes->find("next_cursor") == nullptr) continue;
    CHECK(notes->string_or("notice", "").contains("size limit"));
    ++cut;
    auto arguments = member(call_of(brief, "notes"), "arguments");
    arguments["next_cursor"] = notes->string_or("next_cursor", "");
    world.harness.context.max_result_bytes = 100'000;
    const auto rest =
        world.follow("list_all_connect_wise_psa_ticket_notes", json::to_string(arguments));
    CHECK(rest.size() + notes->find("result")->if_array()->size() ==
          member(member(whole.value, "notes"), "result").if_array()->size());
  }
  CHECK(cut > 0);
  for (const std::size_t cap : {6'000, 2'000}) {
    world.harness.context.max_result_bytes = cap;
    const auto outcome = good(world, kUnbilled, "{}");
    CHECK(outcome.result.text.size() <= cap);
    CHECK(outcome.result.text.contains("size limit"));
    CHECK(outcome.value.find("time") != nullptr);
  }
}

}  // namespace patchbay::gateway
