// What cannot be undone, or bills, tells what it touches before it is sent and beside its answer.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "gateway/test_least_arguments.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

using integration::MethodKind;

const std::string kPrefix = "connect_wise_psa_";

bool has_tag(const catalog::Tool& tool, const std::string& tag) {
  return std::ranges::find(tool.method->tags, tag) != tool.method->tags.end() ||
         std::ranges::find(tool.resource->tags, tag) != tool.resource->tags.end();
}

bool bills(const catalog::Tool& tool) {
  return has_tag(tool, "billing") || has_tag(tool, "finance") || has_tag(tool, "procurement") ||
         has_tag(tool, "expenses");
}

// What it makes stands on nothing that was there: the company that it is for is told as resolved.
const std::set<std::string> kStandAlone = {"agreements.create", "purchase_orders.create",
                                           "catalog_items.create", "catalog_items.update"};

const json::Value* told_of(const Answered& outcome, std::string_view record) {
  const auto* touches = outcome.value.find("touches");
  if (touches == nullptr) return nullptr;
  for (const auto& each : *touches->if_array()) {
    if (each.string_or("record", "") == record) return &each;
  }
  return nullptr;
}

// The first record of the tool's resource, with its parent in the path.
std::optional<json::Object> first_record(World& world, const catalog::Tool& tool) {
  const std::string path = tool.resource->path.text();
  if (!path.contains('{')) {
    // Documents are listed by what has them.
    const bool alone = !tool.resource->find_method("list")->needs.empty();
    const auto ids = world.direct_ids(path + (alone ? "?recordType=Ticket&recordId=5012" : ""));
    if (ids.empty()) return std::nullopt;
    return json::Object{{"id", ids.front()}};
  }
  const auto open = path.find('{');
  const auto close = path.find('}');
  const auto parent = path.substr(open + 1, close - open - 1);
  auto parents = world.direct_ids(path.substr(0, open - 1));
  if (parents.size() > 300) parents.resize(300);
  for (const auto id : parents) {
    const auto at = path.substr(0, open) + std::to_string(id) + path.substr(close + 1);
    if (at.ends_with("/{id}")) {
      const auto forecast = world.direct(at.substr(0, at.rfind('/')));
      const auto* items = forecast.find("forecastItems");
      if (items == nullptr || items->if_array()->empty()) continue;
      return json::Object{{parent, id}, {"id", items->if_array()->front().int64_or("id", 0)}};
    }
    const auto ids = world.direct_ids(at);
    if (!ids.empty()) return json::Object{{parent, id}, {"id", ids.front()}};
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("touches: every write that cannot be undone or bills says what it looks at") {
  for (const auto& each : shipped_tools()->tools()) {
    const auto& tool = *each;
    if (!tool.method->writes()) continue;
    const auto kind = tool.method->kind;
    const bool final =
        kind == MethodKind::delete_ || kind == MethodKind::custom || has_tag(tool, "destructive");
    if (!final && !bills(tool)) continue;
    const auto name = tool.resource->name + '.' + tool.method->name;
    if (kStandAlone.contains(name)) continue;
    CAPTURE(name);
    if (tool.method->composite) {
      // Its writes are shown as those of the tools that they are.
      CHECK(std::ranges::any_of(tool.steps, [](const catalog::Tool* step) {
        return step != nullptr && step->method->writes() && !step->method->looks_at.empty();
      }));
      continue;
    }
    const auto& looks_at = tool.method->looks_at;
    CHECK_FALSE(looks_at.empty());
    for (const auto& looked : looks_at) CHECK_FALSE(looked.show.empty());
    // What is gone afterwards is told itself, not only what it belonged to.
    if (kind != MethodKind::delete_) continue;
    CHECK(std::ranges::any_of(
        looks_at, [&](const auto& looked) { return looked.resource == tool.resource->name; }));
  }
}

TEST_CASE("touches: whatever is deleted is told by what it says, before it is gone") {
  World world;
  int tried = 0;
  for (const auto& each : shipped_tools()->tools()) {
    const auto& tool = *each;
    if (tool.method->kind != MethodKind::delete_) continue;
    CAPTURE(tool.name);
    auto arguments = first_record(world, tool);
    if (!arguments) {
      MESSAGE(tool.name << ": nothing in the sandbox to delete");
      continue;
    }
    const auto id = arguments->find("id")->as_int64();
    arguments->append("dry_run", true);
    const auto shown = world.harness.call_value(tool.name, std::move(*arguments));
    REQUIRE_MESSAGE(!shown.result.is_error, shown.result.text);
    const auto* told = told_of(shown, tool.resource->singular);
    REQUIRE_MESSAGE(told != nullptr, shown.result.text);
    CHECK(told->int64_or("id", 0) == id);
    CHECK_MESSAGE(told->if_object()->size() > 2, shown.result.text);
    ++tried;
  }
  CHECK(tried >= 20);
}

TEST_CASE("touches: a conversion tells what the opportunity is worth") {
  World world;
  const auto products = world.direct("/procurement/products?conditions=opportunity/id!=null");
  const auto& product = products.if_array()->front();
  const auto id = product.find("opportunity")->int64_or("id", 0);
  for (const std::string kind : {"order", "project", "ticket", "agreement"}) {
    CAPTURE(kind);
    json::Value arguments = json::Object{
        {"id", id}, {"dry_run", true}, {"allow_not_won", true}, {"allow_duplicate", true}};
    if (kind == "order") arguments["includeAllProductsFlag"] = true;
    if (kind == "project") {
      arguments["board"] = world.direct_ids("/service/boards?conditions=projectFlag=true").front();
    }
    if (kind == "ticket") arguments["summary"] = "Install it";
    if (kind == "agreement") {
      arguments["type"] = world.direct_ids("/finance/agreements/types").front();
    }
    const auto shown =
        world.harness.call_value(kPrefix + "sales_opportunities_convert_to_" + kind, arguments);
    REQUIRE_MESSAGE(!shown.result.is_error, shown.result.text);
    const auto* told = told_of(shown, "sales_opportunity");
    REQUIRE(told != nullptr);
    CHECK(told->find("company") != nullptr);
    const auto* sold = told->find("products");
    REQUIRE_MESSAGE(sold != nullptr, shown.result.text);
    CHECK(sold->int64_or("count", 0) > 0);
    CHECK(sold->find("price")->as_double().value_or(0) > 0);
    const auto* forecast = told_of(shown, "opportunity_forecast");
    REQUIRE_MESSAGE(forecast != nullptr, shown.result.text);
    CHECK(forecast->find("forecastRevenueTotals/revenue") != nullptr);
  }
}

TEST_CASE("touches: an invoice tells what of the ticket is not billed yet, exactly") {
  World world;
  const auto entries = world.direct(
      "/time/entries?pageSize=1000&conditions=invoiceFlag=false%20and%20"
      "billableOption=%22Billable%22%20and%20chargeToType=%22ServiceTicket%22");
  std::map<std::int64_t, std::int64_t> by_ticket;
  for (const auto& entry : *entries.if_array()) ++by_ticket[entry.int64_or("chargeToId", 0)];
  REQUIRE_FALSE(by_ticket.empty());
  const auto most = std::ranges::max_element(by_ticket, {}, [](const auto& e) { return e.second; });
  const auto ticket = most->first;
  double hours = 0;
  for (const auto& entry : *entries.if_array()) {
    if (entry.int64_or("chargeToId", 0) == ticket) {
      hours += entry.find("actualHours")->as_double().value_or(0);
    }
  }
  const auto company =
      world.direct("/service/tickets/" + std::to_string(ticket)).find("company")->int64_or("id", 0);
  json::Value arguments = json::Object{{"type", "Standard"},
                                       {"company", company},
                                       {"applyToType", "Ticket"},
                                       {"applyToId", ticket},
                                       {"dry_run", true}};
  const auto shown = world.harness.call_value("create_a_connect_wise_psa_invoice", arguments);
  REQUIRE_MESSAGE(!shown.result.is_error, shown.result.text);
  const auto* told = told_of(shown, "ticket");
  REQUIRE_MESSAGE(told != nullptr, shown.result.text);
  const auto* time = told->find("unbilledTime");
  REQUIRE_MESSAGE(time != nullptr, shown.result.text);
  CHECK(time->int64_or("count", 0) == most->second);
  CHECK(time->find("hours")->as_double().value_or(0) == doctest::Approx(hours));
  CHECK(time->find("amount") != nullptr);
}

TEST_CASE("touches: a payment that is removed is told with its amount and its invoice") {
  World world;
  for (const auto invoice : world.direct_ids("/finance/invoices?conditions=payments%3E0")) {
    const auto payments =
        world.direct("/finance/invoices/" + std::to_string(invoice) + "/payments");
    if (payments.if_array()->empty()) continue;
    const auto& payment = payments.if_array()->front();
    const auto shown = world.harness.call_value(
        "delete_a_connect_wise_psa_invoice_payment_by_id",
        json::Object{{"invoiceId", invoice}, {"id", payment.int64_or("id", 0)}, {"dry_run", true}});
    REQUIRE_MESSAGE(!shown.result.is_error, shown.result.text);
    const auto* told = told_of(shown, "invoice_payment");
    REQUIRE_MESSAGE(told != nullptr, shown.result.text);
    CHECK(*told->find("amount") == *payment.find("amount"));
    CHECK(told_of(shown, "invoice")->find("company") != nullptr);
    return;
  }
  FAIL("no payment in the sandbox");
}

TEST_CASE("touches: an update's own record is told as it stood, and says so") {
  World world;
  const auto product =
      world.direct("/procurement/products?pageSize=1&conditions=invoice/id=null&orderBy=id%20desc")
          .if_array()
          ->front();
  const auto was = product.find("quantity")->as_double().value_or(0);
  const auto changed = world.harness.call_value(
      "update_a_connect_wise_psa_product_by_id",
      json::Object{{"id", product.int64_or("id", 0)}, {"quantity", was + 1}});
  REQUIRE_MESSAGE(!changed.result.is_error, changed.result.text);
  const auto* told = told_of(changed, "product");
  REQUIRE_MESSAGE(told != nullptr, changed.result.text);
  CHECK(told->string_or("state", "") == "before");
  CHECK(told->find("quantity")->as_double() == was);
  CHECK(changed.value.find("quantity")->as_double() == was + 1);
}

TEST_CASE("touches: hours that were booked on an agreement are told when the ticket leaves it") {
  World world;
  const auto entries = world.direct(
      "/time/entries?pageSize=1000&conditions=agreement/id!=null%20and%20"
      "chargeToType=%22ServiceTicket%22");
  int told = 0;
  for (const auto& entry : *entries.if_array()) {
    const auto id = entry.int64_or("chargeToId", 0);
    const auto ticket = world.direct("/service/tickets/" + std::to_string(id));
    const auto* agreement = ticket.find("agreement");
    if (agreement == nullptr ||
        agreement->int64_or("id", 0) != entry.find("agreement")->int64_or("id", -1)) {
      continue;
    }
    const auto company = ticket.find("company")->int64_or("id", 0);
    const auto other =
        world.direct_ids("/company/companies?conditions=id!=" + std::to_string(company) +
                         "%20and%20deletedFlag=false");
    json::Value move = json::Object{{"id", id}, {"clear", json::Array{"agreement"}}};
    json::Value away = json::Object{{"id", id}, {"company", other.front()}};
    for (auto* change : {&move, &away}) {
      (*change)["dry_run"] = true;
      const auto shown =
          world.harness.call_value("update_a_connect_wise_psa_ticket_by_id", *change);
      REQUIRE_MESSAGE(!shown.result.is_error, shown.result.text);
      const auto notice = shown.value.string_or("notice", "");
      CHECK_MESSAGE(notice.contains("time entries (hours "), shown.result.text);
      CHECK_MESSAGE(notice.contains(agreement->string_or("name", "-")), shown.result.text);
    }
    // A change of something else says nothing of it.
    const auto still = world.harness.call_value(
        "update_a_connect_wise_psa_ticket_by_id",
        json::Object{{"id", id}, {"summary", "Another"}, {"dry_run", true}});
    CHECK_FALSE(still.value.string_or("notice", "").contains("time entries"));
    if (++told == 2) break;
  }
  CHECK(told > 0);
}

}  // namespace patchbay::gateway
