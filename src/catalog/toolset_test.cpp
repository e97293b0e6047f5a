#include <algorithm>

#include <doctest/doctest.h>

#include "catalog/listing.h"
#include "catalog/tool.h"
#include "json/parse.h"
#include "pack/loader.h"

namespace patchbay::catalog {
namespace {

std::shared_ptr<const ToolCatalog> catalog() {
  const std::string items = R"(resource: items
tags: [stock]
path: /items
fields: {id: integer, name: string}
methods:
  list: Items in stock, as they are counted at night.
  get: One item in stock with all of its fields.
  create: {description: Puts an item into stock after it was counted., body: [name]}
  delete: {description: Takes an item out of stock for good and all., tags: [destructive]}
  recount: {description: Counts an item again after it was moved., verb: post}
)";
  const std::string notes = R"(resource: notes
tags: [talk]
path: /notes
fields: {id: integer, text: string}
methods:
  list: Notes that people left on items in stock.
)";
  const pack::LoadOutcome outcome =
      pack::load_pack({{"x/integration.yaml", "name: x\nbase_url: https://x.example\n"},
                       {"x/resources/items.yaml", items},
                       {"x/resources/notes.yaml", notes}});
  REQUIRE(outcome.integration != nullptr);
  auto made = ToolCatalog::generate(outcome.integration);
  REQUIRE(made.has_value());
  return *made;
}

std::vector<std::string> names(const ToolFilter& filter) {
  const auto toolset = Toolset::select(catalog(), filter);
  std::vector<std::string> out;
  if (!toolset) return {"error: " + toolset.error().message + " " + toolset.error().hint};
  for (const Tool* tool : (*toolset)->tools()) out.push_back(tool->name);
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("an empty filter leaves all tools, by resource and in the order of methods") {
  CHECK(names({}) == Names{"list_all_x_items", "get_single_x_item_by_id", "create_a_x_item",
                           "delete_a_x_item_by_id", "x_items_recount", "list_all_x_notes"});
}

TEST_CASE("methods are ORed groups and exact names") {
  CHECK(names({{"read"}, {}}) ==
        Names{"list_all_x_items", "get_single_x_item_by_id", "list_all_x_notes"});
  CHECK(names({{"write"}, {}}) == Names{"create_a_x_item", "delete_a_x_item_by_id"});
  CHECK(names({{"custom"}, {}}) == Names{"x_items_recount"});
  CHECK(names({{"recount", "create"}, {}}) == Names{"create_a_x_item", "x_items_recount"});
  CHECK(names({{"read", "write"}, {"stock"}}).size() == 4);
}

TEST_CASE("tags are ORed, ANDed with methods, and may stand on single methods") {
  CHECK(names({{}, {"talk"}}) == Names{"list_all_x_notes"});
  CHECK(names({{}, {"talk", "destructive"}}) == Names{"delete_a_x_item_by_id", "list_all_x_notes"});
  CHECK(names({{"get"}, {"stock"}}) == Names{"get_single_x_item_by_id"});
}

TEST_CASE("what does not exist is refused, and what exists is named") {
  CHECK(names({{"readonly"}, {}})[0] ==
        "error: Unknown method 'readonly'. Did you mean 'read'? There are: read, write, custom, "
        "list, get, create, update, delete, recount.");
  CHECK(names({{}, {"stocks"}})[0] ==
        "error: Unknown tag 'stocks'. Did you mean 'stock'? There are: destructive, stock, talk.");
  CHECK(names({{"write"}, {"talk"}})[0].starts_with(
      "error: No tool has one of these methods and one of these tags."));
}

TEST_CASE(
    "tools are allowed by name out of what methods and tags leave, and denied from all of it") {
  CHECK(names({.allow = {"list_all_x_items", "list_all_x_notes"}}) ==
        Names{"list_all_x_items", "list_all_x_notes"});
  CHECK(names({.methods = {"read"}, .allow = {"list_all_x_items", "create_a_x_item"}}) ==
        Names{"list_all_x_items"});
  CHECK(names({.tags = {"talk"}, .deny = {"list_all_x_items"}}) == Names{"list_all_x_notes"});
  CHECK(names({.methods = {"write"}, .deny = {"delete_a_x_item_by_id"}}) ==
        Names{"create_a_x_item"});
  // Deny wins.
  CHECK(names({.allow = {"list_all_x_items", "list_all_x_notes"}, .deny = {"list_all_x_items"}}) ==
        Names{"list_all_x_notes"});
  const auto toolset = Toolset::select(catalog(), {.tags = {"talk"}, .deny = {"list_all_x_items"}});
  CHECK((*toolset)->denies("list_all_x_items"));
  CHECK_FALSE((*toolset)->denies("create_a_x_item"));  // left out, and not denied
}

TEST_CASE("a tool that there is none of is refused with the nearest names, patterns too") {
  for (const char* wrong : {"list_all_x_item", "LIST_ALL_X_ITEMS", "list_all_*", "*"}) {
    const std::string allowed = names({.allow = {wrong}})[0];
    CHECK_MESSAGE(
        allowed.starts_with("error: Unknown tool '" + std::string(wrong) + "'. Nearest: "),
        allowed);
    CHECK(names({.deny = {wrong}})[0] == allowed);
  }
  CHECK(names({.deny = {"list_all_x_item"}})[0].contains("Nearest: list_all_x_items"));
}

TEST_CASE("a choice of tools that leaves none is refused") {
  CHECK(names({.methods = {"write"}, .allow = {"list_all_x_items"}})[0].starts_with(
      "error: This choice leaves no tool of the 6 of this integration."));
  CHECK(names({.allow = {"list_all_x_items"}, .deny = {"list_all_x_items"}})[0].starts_with(
      "error: This choice leaves no tool"));
  CHECK(names({.tags = {"talk"}, .deny = {"list_all_x_notes"}})[0].starts_with(
      "error: This choice leaves no tool"));
}

TEST_CASE("a toolset finds its own tools only") {
  const auto toolset = Toolset::select(catalog(), {{"read"}, {}});
  REQUIRE(toolset.has_value());
  CHECK((*toolset)->find("list_all_x_items") != nullptr);
  CHECK((*toolset)->find("create_a_x_item") == nullptr);
  CHECK((*toolset)->catalog().find("create_a_x_item") != nullptr);
  CHECK((*toolset)->listing()->starts_with(R"([{"name":"list_all_x_items","title":"List items",)"));
}

TEST_CASE("a tool is called, allowed and denied by either of its names") {
  const std::vector<std::string> all = names({});
  const std::vector<std::string> notes = {"list_all_x_notes"};
  CHECK(names({.allow = {"notes_list"}}) == notes);
  CHECK(names({.allow = {"notes_list", "items_recount"}, .deny = {"items_recount"}}) == notes);
  CHECK(names({.deny = {"items_list"}}) == names({.deny = {"list_all_x_items"}}));
  CHECK(names({.names = NameForm::brief}) == all);
  CHECK(names({.deny = {"item_list"}})[0].contains("Nearest: items_list"));
  const auto toolset = Toolset::select(catalog(), {.deny = {"items_list"}});
  REQUIRE(toolset.has_value());
  CHECK((*toolset)->find("notes_list")->name == "list_all_x_notes");
  CHECK((*toolset)->find("items_list") == nullptr);
  CHECK((*toolset)->denies("list_all_x_items"));
}

TEST_CASE("short names are listed, and stand in texts, where a server says so") {
  const auto toolset = Toolset::select(catalog(), {.names = NameForm::brief});
  REQUIRE(toolset.has_value());
  CHECK((*toolset)->listing()->starts_with(R"([{"name":"items_list","title":"List items",)"));
  CHECK((*toolset)->in_shown_names("See list_all_x_items, or list_all_x_notes.") ==
        "See items_list, or notes_list.");
  CHECK((*toolset)->in_shown_names("list_all_x_itemsx items_list") ==
        "list_all_x_itemsx items_list");
}

TEST_CASE("four tools that find and call the others cost no more than they may") {
  // With as many areas as there can be.
  std::string integration = "name: x\nlabel: An API of a long name\nbase_url: https://x.example\n";
  std::vector<pack::PackFile> files = {{"x/integration.yaml", integration}};
  for (int i = 0; i < 60; ++i) {
    const std::string name = "things_of_kind_" + std::to_string(i) + "s";
    files.push_back({"x/resources/" + name + ".yaml",
                     "resource: " + name +
                         "\npath: /things\nfields: {id: integer}\nmethods:\n"
                         "  list: Things of this kind, of which there are many.\n"});
  }
  const pack::LoadOutcome outcome = pack::load_pack(files);
  REQUIRE(outcome.integration != nullptr);
  const auto toolset = Toolset::select(ToolCatalog::generate(outcome.integration).value(),
                                       {.exposure = Exposure::discovery});
  REQUIRE(toolset.has_value());
  CHECK((*toolset)->listed_count() == 4);
  CHECK((*toolset)->tools().size() == 60);
  const auto listing = json::parse(*(*toolset)->listing());
  REQUIRE(listing.has_value());
  std::int64_t tokens = 0;
  for (const json::Value& tool : *listing->if_array()) tokens += tokens_estimate(tool);
  CHECK(tokens <= 1'200);
}

TEST_CASE("two methods that would have one short name have a suffix each, whatever their order") {
  const pack::LoadOutcome outcome = pack::load_pack(
      {{"x/integration.yaml", "name: x\nbase_url: https://x.example\n"},
       {"x/resources/a.yaml",
        "resource: a\npath: /a\nfields: {id: integer}\nmethods:\n  b_list: {description: Lists "
        "all of b that there are., path: /b}\n"},
       {"x/resources/a_b.yaml",
        "resource: a_b\npath: /ab\nfields: {id: integer}\nmethods:\n  list: Lists all of a and b "
        "that there are.\n"},
       {"x/resources/search.yaml",
        "resource: search\npath: /s\nfields: {id: integer}\nmethods:\n  tools: {description: Lists "
        "the tools of a workshop., path: /tools}\n"}});
  REQUIRE(outcome.integration != nullptr);
  const auto made = ToolCatalog::generate(outcome.integration).value();
  std::vector<std::string> short_names;
  for (const auto& tool : made->tools()) short_names.push_back(tool->short_name);
  REQUIRE(short_names.size() == 3);
  CHECK(short_names[0].starts_with("a_b_list_"));
  CHECK(short_names[1].starts_with("a_b_list_"));
  CHECK(short_names[0] != short_names[1]);
  // Patchbay's own has that name.
  CHECK(short_names[2].starts_with("search_tools_"));
}

}  // namespace patchbay::catalog
