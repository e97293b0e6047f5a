// What somebody who bills, dispatches and checks finds in the seeds.
#include <cmath>
#include <map>

#include <doctest/doctest.h>

#include "base/iso8601.h"
#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

double amount(const json::Value& record, std::string_view field) {
  const json::Value* value = record.find(field);
  return value == nullptr ? 0 : value->as_double().value_or(0);
}

std::vector<json::Value> all(TestClient& client, const std::string& path,
                             const std::string& conditions = "id > 0") {
  std::vector<json::Value> records;
  for (int page = 1;; ++page) {
    const TestReply reply =
        client.find(path, conditions, "&pageSize=1000&page=" + std::to_string(page));
    REQUIRE(reply.status == 200);
    for (const json::Value& one : *reply.body.if_array()) records.push_back(one);
    if (reply.size() < 1000) return records;
  }
}

std::map<std::int64_t, double> sums_by_invoice(TestClient& client, const std::string& path,
                                               std::string_view field) {
  std::map<std::int64_t, double> sums;
  for (const json::Value& line : all(client, path, "invoice/id != null")) {
    sums[line.find("invoice")->int64_or("id", 0)] += amount(line, field);
  }
  return sums;
}

bool same(double a, double b) {
  return std::abs(a - b) < 0.005;
}

std::int64_t count(TestClient& client, const std::string& path, const std::string& conditions) {
  const TestReply reply = client.find(path + "/count", conditions);
  REQUIRE(reply.status == 200);
  return reply.body.int64_or("count", -1);
}

}  // namespace

TEST_CASE("every seeded invoice is the sum of its lines") {
  TestClient client;
  auto time = sums_by_invoice(client, "/time/entries", "extendedInvoiceAmount");
  auto expenses = sums_by_invoice(client, "/expense/entries", "invoiceAmount");
  auto products = sums_by_invoice(client, "/procurement/products", "extPrice");
  CHECK(time.size() > 100);
  CHECK(expenses.size() > 3);
  CHECK(products.size() > 10);
  for (const json::Value& invoice : all(client, "/finance/invoices")) {
    const std::int64_t id = invoice.int64_or("id", 0);
    CAPTURE(id);
    CHECK(same(amount(invoice, "serviceTotal"), time[id]));
    CHECK(same(amount(invoice, "expenseTotal"), expenses[id]));
    CHECK(same(amount(invoice, "productTotal"), products[id]));
    const double subtotal =
        time[id] + expenses[id] + products[id] + amount(invoice, "agreementAmount");
    CHECK(same(amount(invoice, "subtotal"), subtotal));
    CHECK(same(amount(invoice, "total"), subtotal + amount(invoice, "salesTax")));
    CHECK(same(amount(invoice, "balance"), amount(invoice, "total") - amount(invoice, "payments")));
  }
}

TEST_CASE("unbilled time is what the vendor's condition for it finds, and it was never billed") {
  TestClient client;
  const auto unbilled =
      all(client, "/time/entries", "billableOption='Billable' and invoiceFlag=false");
  CHECK(unbilled.size() > 1000);
  for (const json::Value& entry : unbilled) {
    CHECK_FALSE(entry.string_or("status", "").starts_with("Billed"));
    CHECK(entry.find("invoice") == nullptr);
  }
}

TEST_CASE("agreements run, ran out and were cancelled, and not all of them pay") {
  TestClient client;
  CHECK(count(client, "/finance/agreements", "agreementStatus='Active'") > 30);
  CHECK(count(client, "/finance/agreements", "agreementStatus='Expired'") > 0);
  CHECK(count(client, "/finance/agreements", "agreementStatus='Cancelled'") > 0);
  int losing = 0;
  int ended = 0;
  for (const json::Value& agreement : all(client, "/finance/agreements")) {
    const std::string path =
        "/finance/agreements/" + std::to_string(agreement.int64_or("id", 0)) + "/additions";
    double margin = amount(agreement, "billAmount");
    for (const json::Value& addition : all(client, path)) {
      CHECK(same(amount(addition, "margin"),
                 amount(addition, "extPrice") - amount(addition, "extCost")));
      CHECK(amount(addition, "extCost") > 0);
      margin += amount(addition, "margin");
      if (addition.find("cancelledDate") != nullptr) ++ended;
    }
    if (margin < 0) ++losing;
  }
  CHECK(losing > 0);
  CHECK(ended > 0);
}

TEST_CASE("the dispatch board has a week: what is done, what is to come, who is away") {
  TestClient client;
  const std::string now = "[" + format_utc(client.clock.now()) + "]";
  const std::string week_ago = "[" + format_utc(client.clock.now() - std::chrono::days(7)) + "]";
  const std::string days_ago = "[" + format_utc(client.clock.now() - std::chrono::days(2)) + "]";
  CHECK(count(client, "/schedule/entries",
              "doneFlag=true and dateStart > " + week_ago + " and dateStart < " + days_ago) > 10);
  CHECK(count(client, "/schedule/entries", "doneFlag=false and dateStart > " + now) > 50);
  CHECK(count(client, "/schedule/entries", "type/identifier='V'") > 0);
}

TEST_CASE("time sheets wait, are approved, and one was sent back") {
  TestClient client;
  for (const char* status : {"Open", "PendingApproval", "ApprovedByTierTwo", "Rejected"}) {
    CAPTURE(status);
    CHECK(count(client, "/time/sheets", std::string("status='") + status + "'") > 0);
  }
}

TEST_CASE("the data ages with the clock, and a reset dates it anew") {
  TestClient client;
  const auto last_hour = [&] {
    return count(client, "/service/tickets",
                 "dateEntered > [" + format_utc(client.clock.now() - std::chrono::hours(1)) + "]");
  };
  CHECK(last_hour() >= 12);
  client.clock.advance(std::chrono::hours(6));
  CHECK(last_hour() == 0);
  CHECK(client.post("/service/tickets", R"({"summary":"Now","company":{"id":250}})").status == 201);
  CHECK(last_hour() == 1);
  CHECK(client.post("//_sandbox/reset", "").status == 204);
  CHECK(last_hour() >= 12);
}
