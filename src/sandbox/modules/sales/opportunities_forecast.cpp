// An opportunity's forecast: one object with its items and what they add up to:
// /sales/opportunities/{}/forecast.
#include "sandbox/modules/sales/opportunities_forecast.h"

#include <cmath>

#include <fmt/core.h>

#include "json/parse.h"
#include "json/write.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/actions_write.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/operations/render.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

struct Revenue {
  double revenue = 0;
  double cost = 0;
  double weighted = 0;  // by percentage

  void add(double more, double more_cost, double percentage) {
    revenue += more;
    cost += more_cost;
    weighted += more * percentage / 100;
  }
};

json::Number cents(double amount) {
  return json::Number(to_text(std::round(amount * 100) / 100));
}

json::Value show(const Revenue& sum, std::int64_t opportunity) {
  return json::Object{
      {"id", opportunity},
      {"revenue", cents(sum.revenue)},
      {"cost", cents(sum.cost)},
      {"margin", cents(sum.revenue - sum.cost)},
      {"percentage", cents(sum.revenue == 0 ? 0 : sum.weighted / sum.revenue * 100)}};
}

struct Sums {
  Revenue product, service, agreement, other1, other2, total, inclusive, won, lost, open;
  double recurring = 0;
  double taxable = 0;
};

Sums add_up(const Database& db, const Table& items, std::int64_t opportunity) {
  Sums sums;
  for (const std::int64_t id : items.children_of(opportunity)) {
    const Record& item = *items.find(id);
    const double revenue = double_or(items.at(item, "revenue"), 0);
    const double cost = double_or(items.at(item, "cost"), 0);
    const double percentage = double_or(items.at(item, "percentage"), 100);
    const auto add = [&](Revenue& sum) { sum.add(revenue, cost, percentage); };
    add(sums.inclusive);
    if (!bool_or(items.at(item, "includeFlag"), true)) continue;
    add(sums.total);
    const std::string type = text_or(items.at(item, "forecastType"), "");
    add(type == "Product"     ? sums.product
        : type == "Service"   ? sums.service
        : type == "Agreement" ? sums.agreement
        : type == "Other1"    ? sums.other1
                              : sums.other2);
    if (bool_or(db.read(items, item, "status/wonFlag"), false)) {
      add(sums.won);
    } else if (bool_or(db.read(items, item, "status/lostFlag"), false)) {
      add(sums.lost);
    } else {
      add(sums.open);
    }
    if (bool_or(items.at(item, "recurringFlag"), false)) {
      sums.recurring +=
          double_or(items.at(item, "recurringRevenue"), 0) * double_or(items.at(item, "cycles"), 0);
    }
    if (bool_or(items.at(item, "taxableFlag"), false)) sums.taxable += revenue;
  }
  return sums;
}

std::string render_forecast(const ApiCall& call, const Record& opportunity) {
  const Table& opportunities = call.db.table("opportunities");
  const Table& items = call.db.table("forecastItems");
  const Renderer renderer(call.db, call.base_url);
  const std::int64_t id = opportunity.id;
  const Sums sums = add_up(call.db, items, id);
  std::string body = fmt::format("{{\"id\":{},\"forecastItems\":[", id);
  bool first = true;
  for (const std::int64_t item : items.children_of(id)) {
    if (!first) body += ',';
    first = false;
    renderer.append(body, items, *items.find(item), Projection());
  }
  body += ']';
  const auto add = [&](std::string_view name, const json::Value& value) {
    body += fmt::format(",\"{}\":", name);
    json::append(body, value);
  };
  add("productRevenue", show(sums.product, id));
  add("serviceRevenue", show(sums.service, id));
  add("agreementRevenue", show(sums.agreement, id));
  add("timeRevenue", show({}, id));
  add("expenseRevenue", show({}, id));
  add("forecastRevenueTotals", show(sums.total, id));
  add("inclusiveRevenueTotals", show(sums.inclusive, id));
  add("recurringTotal", cents(sums.recurring));
  add("wonRevenue", show(sums.won, id));
  add("lostRevenue", show(sums.lost, id));
  add("openRevenue", show(sums.open, id));
  add("otherRevenue1", show(sums.other1, id));
  add("otherRevenue2", show(sums.other2, id));
  const double tax = double_or(opportunities.at(opportunity, "totalSalesTax"), 0);
  add("salesTaxRevenue", cents(tax));
  add("forecastTotalWithTaxes", cents(sums.total.revenue + tax));
  add("expectedProbability",
      int_or(call.db.read(opportunities, opportunity, "probability/probability"), 0));
  for (const std::string_view name : {"taxCode", "billingTerms", "currency"}) {
    const FieldSpec& field = opportunities.fields()[opportunities.column(name)];
    const std::int64_t to = reference_or(opportunities.at(opportunity, name), 0);
    if (to == 0) continue;
    body += fmt::format(",\"{}\":", name);
    renderer.append_reference(body, *call.db.find_table(field.target), to);
  }
  return body + "}";
}

ApiResult<const Record*> find_opportunity(const ApiCall& call) {
  const Table& table = call.db.table("opportunities");
  const Record* record = table.find(call.ids.front());
  if (record != nullptr) return record;
  return std::unexpected(
      record_not_found(table.resource().label, std::to_string(call.ids.front())));
}

ApiResult<ApiResponse> get_forecast(const ApiCall& call) {
  const auto opportunity = find_opportunity(call);
  if (!opportunity) return std::unexpected(opportunity.error());
  return ApiResponse::json(200, render_forecast(call, **opportunity));
}

ApiResult<ApiResponse> count_forecast(const ApiCall& call) {
  const auto opportunity = find_opportunity(call);
  if (!opportunity) return std::unexpected(opportunity.error());
  return count(call, call.db.table("forecastItems"), (*opportunity)->id);
}

// A Forecast whose forecastItems are added; the sums of the body are the server's to make.
ApiResult<ApiResponse> add_to_forecast(const ApiCall& call) {
  const auto opportunity = find_opportunity(call);
  if (!opportunity) return std::unexpected(opportunity.error());
  auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  const json::Value* items = body ? body->find("forecastItems") : nullptr;
  if (items == nullptr || !items->is_array()) {
    return std::unexpected(invalid_object(
        "forecast",
        {{"MissingRequiredField", "forecastItems is required.", "forecast", "forecastItems"}}));
  }
  for (const json::Value& item : *items->if_array()) {
    auto created = create_record(call, call.db.table("forecastItems"), (*opportunity)->id, item);
    if (!created) return std::unexpected(std::move(created.error()));
  }
  return ApiResponse::json(201, render_forecast(call, **opportunity));
}

constexpr FieldSpec kForecastItemFields[] = {
    text("forecastDescription").at_most(50),
    reference("opportunity", "opportunities"),
    decimal("quantity").or_else(1.0),
    reference("status", "opportunityStatuses").or_else_default(),
    text("productDescription"),
    text("productClass"),
    decimal("revenue").or_else(0.0),
    decimal("cost").or_else(0.0),
    decimal("margin").is_read_only(),
    integer("percentage").between(0, 100).or_else(100),
    boolean("includeFlag").or_else(true),
    choice("forecastType", "Product, Service, Agreement, Other1, Other2").is_required(),
    boolean("linkFlag").or_else(false),
    decimal("recurringRevenue").or_else(0.0),
    decimal("recurringCost").or_else(0.0),
    date_time("recurringDateStart"),
    date_time("recurringDateEnd"),
    text("cycleBasis"),
    integer("cycles").or_else(0),
    boolean("recurringFlag").or_else(false),
    decimal("sequenceNumber"),
    integer("subNumber").or_else(0),
    boolean("taxableFlag").or_else(true),
};

constexpr Rules kForecastItemRules = {
    .fill =
        [](const WriteContext& context, Record& record) {
          const Table& table = context.table;
          const double revenue = double_or(table.at(record, "revenue"), 0);
          const double cost = double_or(table.at(record, "cost"), 0);
          table.at(record, "margin") = revenue - cost;
        },
};

constexpr ResourceSpec kForecastResources[] = {
    {
        .name = "forecastItems",
        .path = "sales/opportunities/{opportunity}/forecast",
        .type = "ForecastItem",
        .label = "Forecast item",
        .href = "forecast",
        .fields = kForecastItemFields,
        // The collection itself is the forecast.
        .methods = {.list = false, .create = false},
        .rules = &kForecastItemRules,
    },
};

}  // namespace

std::span<const ResourceSpec> forecast_resources() {
  return kForecastResources;
}

void add_forecast_endpoints(std::vector<ModuleEndpoint>& out) {
  const std::string path = "sales/opportunities/{}/forecast";
  out.push_back({http::Method::get, path, get_forecast});
  out.push_back({http::Method::get, path + "/count", count_forecast});
  out.push_back({http::Method::post, path, add_to_forecast});
}

}  // namespace patchbay::sandbox
