#include "search/index.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "catalog/tool.h"
#include "pack/loader.h"
#include "search/tool_search.h"

namespace patchbay::search {
namespace {

const std::vector<Entry>& entries() {
  static const std::vector<Entry> kEntries = {{.name = "list_all_tickets",
                                               .subject = "tickets",
                                               .title = "List tickets",
                                               .description = "Lists service tickets.",
                                               .arguments = "board owner",
                                               .action = Action::list},
                                              {.name = "create_a_ticket",
                                               .subject = "tickets",
                                               .title = "Create ticket",
                                               .description = "Creates a service ticket.",
                                               .action = Action::create},
                                              {.name = "list_all_ticket_notes",
                                               .subject = "ticket notes",
                                               .title = "List ticket notes",
                                               .description = "Lists what was said on a ticket.",
                                               .action = Action::list},
                                              {.name = "list_all_companies",
                                               .subject = "companies",
                                               .title = "List companies",
                                               .description = "Lists companies.",
                                               .action = Action::list},
                                              {.name = "tickets_merge",
                                               .subject = "tickets",
                                               .verb = "merge",
                                               .title = "Merge tickets",
                                               .description = "Makes one ticket of several."},
                                              {.name = "list_all_purchaseorders",
                                               .subject = "purchaseorders",
                                               .title = "List purchaseorders",
                                               .action = Action::list}};
  return kEntries;
}

std::vector<std::string> found(
    std::string_view wanted, std::size_t at_most = 5,
    const Index::Offered& offered = [](std::uint32_t) { return true; }) {
  static const std::vector<Synonym> kSynonyms = {{"customer", "company"}, {"no such", "nothing"}};
  static const Index kIndex(entries(), kSynonyms);
  std::vector<std::string> names;
  for (const Hit& hit : kIndex.find(wanted, at_most, offered)) {
    names.emplace_back(entries()[hit.entry].name);
  }
  return names;
}

std::string first(std::string_view wanted) {
  const auto names = found(wanted);
  return names.empty() ? std::string() : names.front();
}

TEST_CASE("what is wanted is found by subject and verb") {
  CHECK(first("show me the tickets") == "list_all_tickets");
  CHECK(first("open a ticket") == "create_a_ticket");
  CHECK(first("notes on a ticket") == "list_all_ticket_notes");
  CHECK(first("merge two tickets") == "tickets_merge");
  CHECK(first("purchase orders") == "list_all_purchaseorders");
}

TEST_CASE("synonyms and misspelt words are understood") {
  CHECK(first("our customers") == "list_all_companies");
  CHECK(first("custmoers") == "list_all_companies");
  CHECK(first("shwo tikcets") == "list_all_tickets");
}

TEST_CASE("a name that is said comes first, also among other words") {
  CHECK(first("tickets_merge") == "tickets_merge");
  CHECK(first("LIST_ALL_COMPANIES") == "list_all_companies");
  CHECK(first("show tickets with list_all_ticket_notes please") == "list_all_ticket_notes");
  const auto names = found("list_all_companies tickets", 1);
  CHECK(names == std::vector<std::string>{"list_all_companies"});
}

TEST_CASE("what is not offered is not told, also by its name") {
  const auto only_companies = [](std::uint32_t entry) { return entry == 3; };
  CHECK(found("tickets_merge ticket companies", 5, only_companies) ==
        std::vector<std::string>{"list_all_companies"});
}

TEST_CASE("no text finds nothing, any text ends, and each is told once") {
  CHECK(found("").empty());
  CHECK(found("tickets", 0).empty());
  CHECK(found("zzzzzz qqqqqq").empty());
  std::string noise;
  std::uint32_t state = 11;
  for (int turn = 0; turn < 200; ++turn) {
    for (int at = 0; at < 40; ++at) {
      state = (state * 1'664'525U) + 1'013'904'223U;
      noise += static_cast<char>(state >> 24U);
    }
    CHECK(found(noise, 3).size() <= 3);
  }
  const auto names = found("list_all_tickets list_all_tickets tickets", 5);
  CHECK(std::ranges::count(names, "list_all_tickets") == 1);
}

TEST_CASE("the shipped pack's tools are found, within a server's own alone") {
  const auto outcome = pack::load_pack(pack::embedded_pack("connectwise_psa"));
  REQUIRE(outcome.integration != nullptr);
  const auto catalog = catalog::ToolCatalog::generate(outcome.integration).value();
  const ToolSearch search(*catalog);
  const auto all = catalog::Toolset::select(catalog, {}).value();
  CHECK(search.find(*all, "log 30 minutes of work", 5).front()->name ==
        "create_a_connect_wise_psa_time_entry");
  const auto reads = catalog::Toolset::select(catalog, {.methods = {"read"}}).value();
  for (const catalog::Tool* tool : search.find(*reads, "create_a_connect_wise_psa_ticket", 20)) {
    CHECK(reads->find(tool->name) == tool);
  }
  CHECK(search.index().bytes() < 8'000'000);
}

}  // namespace
}  // namespace patchbay::search
