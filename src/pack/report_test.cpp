// Reports as definitions: what is read of them, what is refused, and which servers may read them.
#include "integration/report.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "catalog/tool.h"
#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kIntegration = R"(name: x
base_url: https://x.example
pagination: {style: page, order_parameter: sort, fields_parameter: fields, filter_parameter: where}
dialects: {filter: connectwise_conditions}
references: {shelf: shelves}
)";

constexpr std::string_view kShelves = R"(resource: shelves
singular: shelf
tags: [stock]
path: /shelves
fields: {id: integer, name: string, width: number, built: date, sold: date_time}
methods:
  list:
    description: "Shelves of the whole store, as they stand."
    filters: {name: name}
    default_fields: [id, name]
)";

constexpr std::string_view kBills = R"(resource: bills
tags: [money]
path: /bills
fields: {id: integer, shelf: shelf, amount: number, paid: date_time, note: string}
methods:
  list:
    description: Bills for what stands on shelves, newest first.
    filters: {shelfId: shelf/id, paidBefore: "paid <"}
    default_fields: [id, amount]
)";

constexpr std::string_view kReport = R"(resource: shelves
relations:
  bills:
    list: bills
    on: shelf/id
    count: bills
    amounts: {billed: amount, large: amount * amount if note big}
    times: {lastPaid: latest paid past}
    dimensions: {note: note}
dimensions: {shelf: record name, name: name, built: built}
amounts:
  area: width * width - billed
  age: days latest built lastPaid to sold or now if positive
)";

LoadOutcome loaded(std::string_view report) {
  return load_pack({{"x/integration.yaml", std::string(kIntegration)},
                    {"x/resources/shelves.yaml", std::string(kShelves)},
                    {"x/resources/bills.yaml", std::string(kBills)},
                    {"x/reports/shelves.yaml", std::string(report)}});
}

void refuses(std::string_view what, std::string_view by, std::string_view words) {
  std::string text(kReport);
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), by);
  const auto outcome = loaded(text);
  CHECK(!outcome.integration);
  std::string told;
  for (const auto& problem : outcome.problems) {
    CHECK(problem.file == "x/reports/shelves.yaml");
    CHECK(!problem.fix.empty());
    told += problem.message + '\n';
  }
  CHECK_MESSAGE(told.contains(words), told);
}

}  // namespace

TEST_CASE("a report gives its list arguments, and knows what it can be asked for") {
  const auto outcome = loaded(kReport);
  for (const auto& problem : outcome.problems) MESSAGE(problem.message);
  REQUIRE(outcome.integration);
  const auto& list = *outcome.integration->find_resource("shelves")->find_method("list");
  const auto report = integration::report_of(list);
  REQUIRE(report.has_value());
  CHECK(report->most_rows == 50'000);
  CHECK(report->dimensions.size() == 4);
  CHECK(report->relations.size() == 1);
  // The day is an amount as well: the first and the last.
  CHECK(report->amounts.size() == 7);
  const auto schema_of = [&](std::string_view name) {
    const auto found = std::ranges::find(list.arguments, name, &integration::Argument::name);
    if (found == list.arguments.end()) return std::string();
    auto schema = found->schema;
    schema.if_object()->erase(integration::kReportKeyword);
    return json::to_string(schema);
  };
  CHECK(schema_of("groupBy") ==
        R"({"type":"string","description":"Report by filters' names, note, shelf, built:month"})");
  CHECK(schema_of("measures") ==
        R"({"type":"string","description":"Of bills, billed, large, lastPaid, area, age"})");
  CHECK(!schema_of("where").empty());
  CHECK(!schema_of("having").empty());
}

TEST_CASE("what a report says wrongly is told with its place and a fix") {
  refuses("resource: shelves", "resource: shelfs", "there is no list of 'shelfs'");
  refuses("list: bills", "list: bill", "there is no list of 'bill'");
  refuses("on: shelf/id", "on: shelf/number", "have no field 'shelf/number'");
  refuses("    on: shelf/id\n", "", "what it belongs to");
  refuses("billed: amount", "billed: amount +", "cannot read 'amount +'");
  refuses("billed: amount", "billed: paid", "is no number");
  refuses("latest paid past", "newest paid", "cannot read 'newest paid'");
  refuses("latest paid past", "latest amount", "is no time");
  refuses("record name", "record name of it", "cannot read");
  refuses("name: name", "name: title", "have no field 'title'");
  refuses("to sold or now", "until sold", "cannot read");
  refuses("area: width", "billed: width", "'billed' stands twice");
  refuses("dimensions: {shelf", "dimension: {shelf", "unknown");
}

TEST_CASE("a server reads a relation where it offers its list") {
  const auto outcome = loaded(kReport);
  REQUIRE(outcome.integration);
  const auto catalog = catalog::ToolCatalog::generate(outcome.integration);
  REQUIRE(catalog.has_value());
  const auto steps = [&](catalog::ToolFilter filter) {
    const auto toolset = catalog::Toolset::select(*catalog, filter);
    REQUIRE(toolset.has_value());
    const auto* tool = (*toolset)->find("list_all_x_shelves");
    REQUIRE(tool != nullptr);
    REQUIRE(tool->steps.size() == 1);
    CHECK(!json::to_string(tool->input_schema()).contains(integration::kReportKeyword));
    return tool->steps.front() != nullptr;
  };
  CHECK(steps({}));
  CHECK(steps({.methods = {"read"}}));
  CHECK(!steps({.tags = {"stock"}}));
  CHECK(!steps({.allow = {"list_all_x_shelves"}}));
  CHECK(!steps({.deny = {"list_all_x_bills"}}));
}

}  // namespace patchbay::pack
