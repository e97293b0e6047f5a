#include "catalog/instructions.h"

#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::catalog {
namespace {

std::shared_ptr<const ToolCatalog> catalog_of(const std::vector<pack::PackFile>& files) {
  const pack::LoadOutcome outcome = pack::load_pack(files);
  for (const pack::Problem& problem : outcome.problems)
    MESSAGE(problem.file << ": " << problem.message);
  REQUIRE(outcome.integration != nullptr);
  auto made = ToolCatalog::generate(outcome.integration);
  REQUIRE(made.has_value());
  return *made;
}

std::string told(const std::shared_ptr<const ToolCatalog>& catalog, const ToolFilter& filter = {}) {
  const auto toolset = Toolset::select(catalog, filter);
  REQUIRE(toolset.has_value());
  return instructions(**toolset, "Europe/Berlin");
}

// An API that has little: no filters, no orders, no counts, no choice of fields, no times.
std::shared_ptr<const ToolCatalog> plain(const std::string& more = "") {
  return catalog_of({{"x/integration.yaml",
                      "name: x\nlabel: Xanadu\nbase_url: https://x.example\n"
                      "pagination: {style: page, max_size: 10}\n" +
                          more},
                     {"x/resources/items.yaml", R"(resource: items
path: /items
fields: {id: integer, name: string}
methods:
  list: Items in stock, as they are counted at night.
  get: One item in stock with all of its fields.
  create: {description: Puts an item into stock after it was counted., body: [name]}
)"}});
}

}  // namespace

TEST_CASE("all tools of ConnectWise are introduced in its own words") {
  const auto catalog = catalog_of(pack::embedded_pack("connectwise_psa"));
  CHECK(
      told(catalog) ==
      "Tools of ConnectWise PSA.\n"
      "- Name other records by name or id (board: \"Triage\" or board: \"7\"); a name that fits "
      "none or several is refused.\n"
      "- Lists return {result_count, next_cursor, result}, 25 unless limit says otherwise, "
      "newest first; go on with next_cursor and the same arguments. fields asks for few; "
      "verbose: true keeps all but nulls; count: true tells only how many.\n"
      "- Never add up rows yourself: a list with groupBy (up to 3; dates as "
      "created:month) or measures (count; sum, avg, min, max, median, p90, share before a name) "
      "tells exact groups and totals, each with the filters of its rows. "
      "where tests rows (ageDays > 7), having groups (count >= 5), orderBy names a measure or "
      "group.\n"
      "- An update changes only what it is given, and null is nothing; clear: [\"owner\"] "
      "empties a field.\n"
      "- Creates and updates of tickets, notes, entries, contacts, additions take records: [{…}, "
      "…], up to 100; what stands beside holds for all. An update "
      "also takes filter: {filters of its list}: it tells how many, and changes them given expect: "
      "that number.\n"
      "- Creates take lists along: companies (sites, contacts), contacts (communications), "
      "projects "
      "(phases, tickets), project phases (tickets), sales orders (lines), purchase orders "
      "(lines).\n"
      "- Custom fields go by caption: customFields: [\"Region: South\"] sets one (\"Region:\" "
      "empties it), customField compares one.\n"
      "- dry_run: true shows what a write would send.\n"
      "- A write repeated with its idempotency_key is done once.\n"
      "- Search before you get, update or delete by id; never guess one.\n"
      "- Times are ISO 8601, without an offset of Europe/Berlin.\n"
      "- A contact may be given by e-mail or phone number.\n"
      "- A company may be given by its web domain.\n"
      "- A filter takes several values, as a list or its JSON; with Not after its name, the "
      "opposite "
      "(statusNot). Fields without a filter compare as well (closedDateAfter, budgetHoursMin), and "
      "conditions do: board/name='X' and id>9.\n"
      "- An error says what to change; on rate_limited wait retry_after_seconds; was_applied says "
      "whether a write happened.");
  // Claude Code cuts at 2 KB.
  CHECK(told(catalog).size() <= 2'048);
  const std::string reads = told(catalog, {{"get"}, {"tickets"}});
  CHECK_FALSE(reads.contains("dry_run"));
  CHECK_FALSE(reads.contains("next_cursor"));
  CHECK_FALSE(reads.contains("count: true"));
  CHECK(reads.contains("- Never guess an id."));
  CHECK(reads.ends_with("wait retry_after_seconds."));
  // Of a server without tickets, what its own tools name.
  const std::string time = told(catalog, {{}, {"procurement"}});
  CHECK_FALSE(time.contains("Triage"));
}

TEST_CASE("nothing is said of what the tools do not have") {
  CHECK(told(plain()) ==
        "Tools of Xanadu.\n"
        "- Lists return {result_count, next_cursor, result}, 10 unless limit says "
        "otherwise; go on with next_cursor and the same arguments. "
        "verbose: true keeps all but nulls.\n"
        "- dry_run: true shows what a write would send.\n"
        "- A write repeated with its idempotency_key is done once.\n"
        "- Search before you get by id; never guess one.\n"
        "- An error says what to change; on rate_limited wait retry_after_seconds; "
        "was_applied says whether a write happened.");
}

TEST_CASE("an integration's own lines are said where the tools have what they name") {
  const auto catalog = plain(
      "instructions:\n"
      "  - Items are counted at night.\n"
      "  - \"Give {name} in capitals, after {items.list}.\"\n");
  const std::string all = told(catalog);
  CHECK(
      all.contains("\n- Items are counted at night.\n- Give name in capitals, after "
                   "list_all_x_items.\n- An error says"));
  const std::string reads = told(catalog, {{"read"}, {}});
  CHECK(reads.contains("\n- Items are counted at night.\n"));
  CHECK_FALSE(reads.contains("in capitals"));
}

}  // namespace patchbay::catalog
