#include "catalog/field_guide.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::catalog {
namespace {

std::shared_ptr<const ToolCatalog> catalog_of(const std::vector<pack::PackFile>& files) {
  const pack::LoadOutcome outcome = pack::load_pack(files);
  for (const pack::Problem& problem : outcome.problems) {
    MESSAGE(problem.file << ": " << problem.message);
  }
  REQUIRE(outcome.integration != nullptr);
  auto made = ToolCatalog::generate(outcome.integration);
  REQUIRE(made.has_value());
  return *made;
}

std::shared_ptr<const Toolset> connectwise(const ToolFilter& filter = {}) {
  static const auto catalog = catalog_of(pack::embedded_pack("connectwise_psa"));
  return Toolset::select(catalog, filter).value();
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string guide(const Toolset& toolset, std::string_view name, const reach::Reach* reach = {}) {
  const integration::Resource* resource =
      find_field_guide(toolset, "patchbay://connectwise_psa/fields/" + std::string(name));
  REQUIRE(resource != nullptr);
  return field_guide(toolset, *resource, reach);
}

std::string line_of(const std::string& guide, std::string_view begins) {
  const auto at = guide.find('\n' + std::string(begins));
  if (at == std::string::npos) return {};
  return guide.substr(at + 1, guide.find('\n', at + 1) - at - 1);
}

}  // namespace

TEST_CASE("each kind of record that a server's tools have has an address for its fields") {
  const auto all = connectwise();
  const auto names = field_guide_names(*all);
  CHECK(has(names, "tickets"));
  CHECK(has(names, "companies"));
  CHECK(field_guide_template(all->catalog().integration()) ==
        "patchbay://connectwise_psa/fields/{resource}");
  for (const auto& name : names) {
    const auto* resource =
        find_field_guide(*all, "patchbay://connectwise_psa/fields/" + std::string(name));
    REQUIRE(resource != nullptr);
    CHECK(resource->name == name);
  }
  for (const char* other : {"patchbay://connectwise_psa/fields/", "patchbay://x/fields/tickets",
                            "patchbay://connectwise_psa/fields/tickets/", "tickets", ""}) {
    CHECK(find_field_guide(*all, other) == nullptr);
  }
}

TEST_CASE("of what a server has no tools for, it has no fields either") {
  const auto billing = connectwise({{}, {"billing"}});
  CHECK_FALSE(has(field_guide_names(*billing), "tickets"));
  CHECK(find_field_guide(*billing, "patchbay://connectwise_psa/fields/tickets") == nullptr);
  // Composites and what merely acts on a record answer with no record of their resource.
  const auto actions = connectwise({{"merge", "brief"}, {}});
  CHECK(field_guide_names(*actions).empty());
}

TEST_CASE("fields stand by what they hold, with what writes and what compares them") {
  const std::string text = guide(*connectwise(), "tickets");
  CAPTURE(text);
  const std::string texts = line_of(text, "text: ");
  CHECK(texts.contains("summary+(summaryContains)"));
  CHECK(texts.contains("recordType=ServiceTicket|ProjectTicket|ProjectIssue"));
  CHECK(line_of(text, "time: ").contains("dateEntered(createdAfter, createdBefore)"));
  CHECK(line_of(text, "time: ").contains("requiredDate+(dueBefore"));
  CHECK(text.contains("owner+(owner, unassigned)"));
  CHECK(line_of(text, "number: ").contains("budgetHours+"));
  CHECK(line_of(text, "list").contains("customFields+-"));
  CHECK(text.contains("A write takes [\"caption: value\"]"));
  CHECK(text.contains("list_all_connect_wise_psa_tickets compares them by customField."));
  // What is taken and never given back is no field to ask for.
  CHECK_FALSE(text.contains("initialDescription"));
}

TEST_CASE("a server says of its own tools alone what they write and compare") {
  const std::string reads = guide(*connectwise({{"read"}, {}}), "tickets");
  CHECK_FALSE(reads.contains("create or update takes it"));
  CHECK_FALSE(reads.contains('+'));
  const std::string writes = guide(*connectwise({{"update"}, {}}), "tickets");
  CHECK_FALSE(writes.contains("summaryContains"));
  CHECK(writes.contains("summary+"));
  const std::string brief = guide(*connectwise({.names = NameForm::brief}), "tickets");
  CHECK(brief.contains("the filters of tickets_list"));
}

TEST_CASE("a server that is held to a company compares by what is shown only") {
  const auto toolset = connectwise();
  const auto reach = reach::Reach::make(toolset->catalog().ways(),
                                        json::Object{{"companyId", json::Array{json::Value(7)}}});
  REQUIRE(reach.has_value());
  const std::string text = guide(*toolset, "tickets", reach->get());
  CAPTURE(text);
  CHECK_FALSE(text.contains("companyId"));
  CHECK_FALSE(text.contains("compare all the same"));
  CHECK(text.contains("(board)"));
}

TEST_CASE("the longest is within its bound, and says what it leaves out") {
  const auto toolset = connectwise();
  for (const auto& name : field_guide_names(*toolset)) {
    CAPTURE(name);
    const std::string text = guide(*toolset, name);
    CHECK(text.size() <= kMostGuideBytes + 100);  // the sentence that says so
    CHECK_FALSE(text.contains(" more: a get without fields"));
  }
  std::string fields = "resource: items\npath: /items\nmore_fields:\n  string: [";
  for (int i = 0; i < 900; ++i) fields += (i > 0 ? ", field" : "field") + std::to_string(i);
  fields += "]\nfields: {id: integer}\nmethods: {list: Items in stock as they are counted.}\n";
  const auto wide = Toolset::select(
      catalog_of({{"x/integration.yaml", "name: x\nlabel: X\nbase_url: https://x.example\n"},
                  {"x/resources/items.yaml", fields}}),
      {});
  const auto* items = find_field_guide(**wide, "patchbay://x/fields/items");
  REQUIRE(items != nullptr);
  const std::string text = field_guide(**wide, *items, nullptr);
  CHECK(text.size() <= kMostGuideBytes + 100);
  CHECK(text.contains("field0, field1,"));
  CHECK_FALSE(text.contains("field899"));
  CHECK(text.contains(" more: a get without fields"));
}

}  // namespace patchbay::catalog
