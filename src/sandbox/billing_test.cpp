// Money: agreements with their additions, invoices that add up, payments, conversions.
#include <cmath>

#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

double amount(const json::Value& record, std::string_view field) {
  const json::Value* value = record.find(field);
  return value == nullptr ? 0 : value->as_double().value_or(0);
}

bool same(double a, double b) {
  return std::abs(a - b) < 0.005;
}

std::string at(const std::string& path, const TestReply& made) {
  CAPTURE(made.text);
  REQUIRE(made.status == 201);
  return path + "/" + std::to_string(made.body.int64_or("id", 0));
}

std::string id_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string replace(const std::string& path, const std::string& value) {
  return R"([{"op":"replace","path":")" + path + R"(","value":)" + value + "}]";
}

std::string new_agreement(TestClient& client) {
  return at("/finance/agreements",
            client.post("/finance/agreements", R"({"name":"Care","company":{"id":250},
                "type":{"name":"Managed Services"},"contact":{"id":1},"billAmount":100})"));
}

void check_sum(const json::Value& invoice) {
  CHECK(same(amount(invoice, "subtotal"),
             amount(invoice, "serviceTotal") + amount(invoice, "expenseTotal") +
                 amount(invoice, "productTotal") + amount(invoice, "agreementAmount")));
  CHECK(same(amount(invoice, "total"), amount(invoice, "subtotal") + amount(invoice, "salesTax")));
  CHECK(same(amount(invoice, "balance"),
             amount(invoice, "total") - amount(invoice, "payments") - amount(invoice, "credits")));
}

}  // namespace

TEST_CASE("an agreement needs a name, type, company and contact, and ends after it starts") {
  TestClient client;
  const TestReply bare = client.post("/finance/agreements", "{}");
  CHECK(bare.status == 400);
  CHECK(bare.body.find("errors")->if_array()->size() == 4);
  const std::string path = new_agreement(client);
  const TestReply made = client.get(path);
  CHECK(made.body.string_or("agreementStatus", "") == "Active");
  CHECK(made.body.bool_or("noEndingDateFlag", false));
  CHECK(client.patch(path, replace("endDate", "\"2020-01-01T00:00:00Z\"")).status == 400);
  const TestReply cancelled = client.patch(path, replace("cancelledFlag", "true"));
  CHECK(cancelled.body.string_or("agreementStatus", "") == "Cancelled");
  CHECK(cancelled.body.find("dateCancelled") != nullptr);
}

TEST_CASE("an addition takes price and cost from the catalog and multiplies what is not included") {
  TestClient client;
  const std::string additions = new_agreement(client) + "/additions";
  CHECK(client.post(additions, "{}").text.find("product is required") != std::string::npos);
  const TestReply made =
      client.post(additions, R"({"product":{"identifier":"MS-USER"},"quantity":10,
      "lessIncluded":2,"billCustomer":"Billable"})");
  const std::string path = at(additions, made);
  CHECK(made.text.find(R"("unitPrice":95.0)") != std::string::npos);
  CHECK(made.text.find(R"("extPrice":760.0)") != std::string::npos);  // 8 × 95
  CHECK(made.text.find(R"("extCost":480.0)") != std::string::npos);   // 10 × 48
  CHECK(made.text.find(R"("margin":280.0)") != std::string::npos);
  CHECK(made.body.int64_or("agreementId", 0) > 0);
  const TestReply more = client.patch(path, replace("quantity", "12"));
  CHECK(more.text.find(R"("extPrice":950.0)") != std::string::npos);
  const TestReply over = client.patch(path, replace("cancelledDate", "\"2026-03-31T00:00:00Z\""));
  CHECK(over.body.string_or("agreementStatus", "") == "Cancelled");
  CHECK(client.get("/finance/agreements/1/additions/" + id_of(path)).status == 404);
  CHECK(client.remove(path).status == 204);
}

TEST_CASE("an agreement's invoice bills its own amount and the additions in force") {
  TestClient client;
  const std::string agreement = new_agreement(client);
  const auto add = [&](const std::string& more) {
    return client.post(
        agreement + "/additions",
        R"({"product":{"identifier":"M365-BP"},"quantity":5,"unitPrice":20)" + more + "}");
  };
  add(R"(,"billCustomer":"Billable")");
  add(R"(,"billCustomer":"DoNotBill")");
  add(R"(,"billCustomer":"Billable","cancelledDate":"2026-03-01T00:00:00Z")");
  const TestReply made = client.post(
      "/finance/invoices",
      R"({"type":"Agreement","company":{"id":250},"agreement":{"id":)" + id_of(agreement) + "}}");
  const std::string path = at("/finance/invoices", made);
  CHECK(same(amount(made.body, "agreementAmount"), 200));
  check_sum(made.body);
  CHECK(made.body.find("dueDate") != nullptr);
  CHECK(std::stoll(std::string(made.body.string_or("invoiceNumber", "0"))) > 12'000);
  const TestReply taxed = client.patch(path, R"([
      {"op":"replace","path":"taxableFlag","value":true},
      {"op":"replace","path":"taxCode","value":{"id":2}}])");
  CHECK(same(amount(taxed.body, "salesTax"), 14));
  check_sum(taxed.body);
  const TestReply adjusted = client.patch(path, replace("serviceAdjustmentAmount", "-50"));
  CHECK(same(amount(adjusted.body, "subtotal"), 150));
  check_sum(adjusted.body);
}

TEST_CASE("an invoice follows the products that are on it, and payments lower its balance") {
  TestClient client;
  const TestReply products =
      client.find("/procurement/products", "invoice/id != null", "&pageSize=1");
  REQUIRE(products.size() == 1);
  const json::Value& product = products.body.if_array()->front();
  const std::string path =
      "/finance/invoices/" + std::to_string(product.find("invoice")->int64_or("id", 0));
  const json::Value before = client.get(path).body;
  const std::string product_path =
      "/procurement/products/" + std::to_string(product.int64_or("id", 0));
  const double price = amount(product, "price") + 1000;
  const TestReply dearer = client.patch(product_path, replace("price", std::to_string(price)));
  REQUIRE(dearer.status == 200);
  const json::Value after = client.get(path).body;
  check_sum(after);
  CHECK(same(amount(after, "productTotal") - amount(before, "productTotal"),
             amount(dearer.body, "extPrice") - amount(product, "extPrice")));
  CHECK(client.remove(product_path).status == 400);  // it is invoiced

  const double open = amount(after, "balance");
  REQUIRE(open > 1);
  CHECK(client.post(path + "/payments", R"({"amount":)" + std::to_string(open + 1) + "}").status ==
        400);
  CHECK(client.post(path + "/payments", R"({"amount":1})").status == 201);
  const json::Value paid = client.get(path).body;
  check_sum(paid);
  CHECK(same(amount(paid, "balance"), open - 1));
  CHECK(client.remove(path).status == 400);  // it has payments
}

TEST_CASE("an invoice that goes frees what was on it") {
  TestClient client;
  const TestReply unpaid = client.find("/finance/invoices",
                                       "type='Standard' and payments=0 and "
                                       "serviceTotal>0",
                                       "&pageSize=1");
  REQUIRE(unpaid.size() == 1);
  const std::string id = std::to_string(unpaid.body.if_array()->front().int64_or("id", 0));
  const TestReply lines = client.find("/time/entries", "invoice/id=" + id, "&pageSize=1");
  REQUIRE(lines.size() == 1);
  const std::string entry =
      "/time/entries/" + std::to_string(lines.body.if_array()->front().int64_or("id", 0));
  CHECK(client.remove("/finance/invoices/" + id).status == 204);
  const TestReply freed = client.get(entry);
  CHECK(freed.body.find("invoice") == nullptr);
  CHECK_FALSE(freed.body.bool_or("invoiceFlag", true));
}

TEST_CASE("time that was billed stays on its invoice when its sheet is opened again") {
  TestClient client;
  const TestReply billed = client.find("/time/entries", "status='Billed'", "&pageSize=1");
  REQUIRE(billed.size() == 1);
  const json::Value& entry = billed.body.if_array()->front();
  const std::string sheet =
      "/time/sheets/" + std::to_string(entry.find("timeSheet")->int64_or("id", 0));
  REQUIRE(client.post(sheet + "/reverse", "").status == 201);
  const std::string path = "/time/entries/" + std::to_string(entry.int64_or("id", 0));
  CHECK(client.get(path).body.string_or("status", "") == "Billed");
  const std::string invoice =
      "/finance/invoices/" + std::to_string(entry.find("invoice")->int64_or("id", 0));
  const double before = amount(client.get(invoice).body, "serviceTotal");
  const TestReply changed = client.patch(path, replace("hourlyRate", "1000"));
  REQUIRE(changed.status == 200);
  const json::Value after = client.get(invoice).body;
  check_sum(after);
  CHECK(same(amount(after, "serviceTotal") - before, amount(changed.body, "extendedInvoiceAmount") -
                                                         amount(entry, "extendedInvoiceAmount")));
}

TEST_CASE("an invoice knows where it goes, and waits among the unposted ones until it is deleted") {
  TestClient client;
  const TestReply made =
      client.post("/finance/invoices", R"({"type":"Miscellaneous","company":{"id":250}})");
  const std::string path = at("/finance/invoices", made);
  CHECK_FALSE(made.body.string_or("billingSiteAddressLine1", "").empty());
  CHECK(made.body.find("department")->string_or("name", "") == "Service");
  CHECK(made.body.find("closedBy") == nullptr);
  const std::string unposted = "/finance/accounting/unpostedinvoices/" + id_of(path);
  CHECK(client.get(unposted).body.string_or("invoiceNumber", "") ==
        made.body.string_or("invoiceNumber", "-"));
  const TestReply paid = client.patch(path, replace("status", R"({"name":"Paid"})"));
  CHECK_FALSE(paid.body.string_or("closedBy", "").empty());
  CHECK(client.remove(path).status == 204);
  CHECK(client.get(unposted).status == 404);
}

TEST_CASE("an opportunity becomes a ticket, a project, an order or an agreement") {
  TestClient client;
  const std::string from = "/sales/opportunities/301";
  const TestReply opportunity = client.get(from);
  client.post(from + "/notes", R"({"text":"They want it in May."})");
  const auto company = [](const TestReply& made) {
    return made.body.find("company")->int64_or("id", 0);
  };
  const std::int64_t customer = company(opportunity);

  const TestReply ticket = client.post(from + "/convertToServiceTicket",
                                       R"({"summary":"Install it","includeAllNotesFlag":true})");
  CAPTURE(ticket.text);
  REQUIRE(ticket.status == 201);
  CHECK(ticket.body.string_or("summary", "") == "Install it");
  CHECK(company(ticket) == customer);
  CHECK(client.get("/service/tickets/" + std::to_string(ticket.body.int64_or("id", 0)) + "/notes")
            .text.find("They want it in May.") != std::string::npos);

  const TestReply project = client.post(from + "/convertToProject",
                                        R"({"name":"Rollout","manager":{"identifier":"pnovak"}})");
  CAPTURE(project.text);
  REQUIRE(project.status == 201);
  CHECK(project.body.find("board")->string_or("name", "") == "Project Delivery");
  CHECK(project.body.find("opportunity")->int64_or("id", 0) == 301);
  CHECK(company(project) == customer);

  const TestReply order =
      client.post(from + "/convertToSalesOrder", R"({"includeAllNotesFlag":true})");
  CAPTURE(order.text);
  REQUIRE(order.status == 201);
  CHECK(order.body.string_or("notes", "").find("They want it in May.") != std::string::npos);

  const TestReply agreement = client.post(from + "/convertToAgreement", R"({"name":"Care",
      "noEndingDateFlag":true})");
  CAPTURE(agreement.text);
  REQUIRE(agreement.status == 201);
  CHECK(agreement.body.find("type")->string_or("name", "") == "Managed Services");
  CHECK(company(agreement) == customer);
}

TEST_CASE("products and documents of an opportunity come along as the conversion says") {
  TestClient client;
  const TestReply product =
      client.post("/procurement/products", R"({"catalogItem":{"identifier":"MS-USER"},
      "quantity":3,"opportunity":{"id":301},"billableOption":"Billable"})");
  REQUIRE(product.status == 201);
  const std::string id = std::to_string(product.body.int64_or("id", 0));
  const TestReply without =
      client.post("/sales/opportunities/301/convertToAgreement", R"({"name":"A"})");
  const std::string path = "/finance/agreements/";
  CHECK(client.get(path + std::to_string(without.body.int64_or("id", 0)) + "/additions").size() ==
        0);
  const TestReply order = client.post("/sales/opportunities/301/convertToSalesOrder",
                                      R"({"includeProductIds":[)" + id + "]}");
  CHECK(order.text.find(R"("subTotal":285.0)") != std::string::npos);  // 3 × 95
  const TestReply with = client.post("/sales/opportunities/301/convertToAgreement",
                                     R"({"name":"B","includeProductIds":[)" + id + "]}");
  const TestReply additions =
      client.get(path + std::to_string(with.body.int64_or("id", 0)) + "/additions");
  REQUIRE(additions.size() == 1);
  CHECK(additions.text.find(R"("quantity":3.0)") != std::string::npos);
}

TEST_CASE("a conversion knows its members, goes to a record that is there, or to none") {
  TestClient client;
  const std::string from = "/sales/opportunities/301/convertToServiceTicket";
  CHECK(client.post(from, R"({"board":{"id":1}})").text.find("Could not find member 'board'") !=
        std::string::npos);
  CHECK(client.post(from, R"({"ticketId":999999})").status == 404);
  CHECK(client.post(from, R"({"ticketId":5012})").body.int64_or("id", 0) == 5012);
  CHECK(client.post("/sales/opportunities/999999/convertToProject", "{}").status == 404);
}
