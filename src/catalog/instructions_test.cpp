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
      "- Name other records by name or by id (board: \"Triage\" or board: \"7\"). A name that fits "
      "none or several fails before anything is written, and the error lists the candidates.\n"
      "- Lists return {result_count, next_cursor, result}, 25 records unless limit says "
      "otherwise, newest first. Call again with next_cursor and the same arguments until it is "
      "absent. Ask for few fields with fields; verbose: true keeps all but nulls; count: true "
      "tells only how many there are.\n"
      "- Never count or add up rows yourself: a list with groupBy (up to 3, dates as "
      "created:day, week, month, quarter or year) or measures (count; sum, avg, min, max, "
      "median, p90 or share before a name) answers with exact groups and totals, each group "
      "with the filters that list its rows. where tests rows (ageDays > 7), having groups "
      "(count >= 5), orderBy names a measure or group, limit is how many groups.\n"
      "- An update changes only what it is given: null means left out. To empty a field name it in "
      "clear (clear: [\"owner\"]).\n"
      "- Creates and updates of tickets, notes, entries, contacts, additions take records: [{…}, "
      "…], up to 100, in place of one record's arguments; what stands beside it holds for all. "
      "Each is done or refused by itself. An update takes filter: {filters of its list} as well: "
      "it tells how many there are, and changes them once it is given expect: that number.\n"
      "- Creates take along lists of what belongs to the record: companies (sites, "
      "contacts), contacts (communications), projects (phases, tickets), project phases (tickets), "
      "sales orders (lines), purchase orders (lines).\n"
      "- Custom fields go by caption: customFields: [\"Region: South\"] sets one (\"Region:\" "
      "empties it), customField compares one.\n"
      "- dry_run: true shows what a write would send, and sends nothing.\n"
      "- A write that is repeated with its idempotency_key is done once.\n"
      "- Search or list before you get, update or delete by id; never guess an id.\n"
      "- Times are ISO 8601; without an offset they are in the account's time zone "
      "(Europe/Berlin).\n"
      "- A contact may be given by e-mail address or phone number as well.\n"
      "- A company may be given by its web domain as well.\n"
      "- A list's filter takes several values as well, a JSON list of them or a text that is one; "
      "with Not after its name, the opposite (statusNot). Fields that are no listed filter compare "
      "all the same (impact, city, closedDateAfter, budgetHoursMin), or by conditions: "
      "board/name='X' and id>9.\n"
      "- An error says what to change. On code rate_limited wait retry_after_seconds; "
      "was_applied says whether a write happened before you repeat it.");
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
        "- Lists return {result_count, next_cursor, result}, 10 records unless limit says "
        "otherwise. Call again with next_cursor and the same arguments until it is absent. "
        "verbose: true keeps all but nulls.\n"
        "- dry_run: true shows what a write would send, and sends nothing.\n"
        "- A write that is repeated with its idempotency_key is done once.\n"
        "- Search or list before you get by id; never guess an id.\n"
        "- An error says what to change. On code rate_limited wait retry_after_seconds; "
        "was_applied says whether a write happened before you repeat it.");
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
