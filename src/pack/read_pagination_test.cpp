// How lists are divided: what is read of it, and what contradicts itself.
#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kThings = R"(resource: things
path: /things
fields: {id: integer, name: string}
methods:
  list: Things of all groups, newest first, for when you need one.
)";

LoadOutcome load(std::string_view pagination, std::string_view things = kThings) {
  const std::string head = "name: acme\nbase_url: https://acme.example\n";
  return load_pack({{"acme/integration.yaml", head + std::string(pagination)},
                    {"acme/resources/things.yaml", std::string(things)}});
}

integration::Pagination read(std::string_view pagination, std::string_view things = kThings) {
  const LoadOutcome outcome = load(pagination, things);
  for (const Problem& problem : outcome.problems) MESSAGE(problem.line << ": " << problem.message);
  REQUIRE(outcome.integration != nullptr);
  return outcome.integration->pagination;
}

// "line: message (fix)" of each problem.
std::string problems_of(std::string_view pagination, std::string_view things = kThings) {
  std::string out;
  for (const Problem& problem : load(pagination, things).problems) {
    out += std::to_string(problem.line) + ": " + problem.message + " (" + problem.fix + ")\n";
  }
  return out;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  return out.replace(out.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("each style of pages is read with what it needs") {
  using integration::PaginationStyle;
  CHECK(read("").style == PaginationStyle::none);
  CHECK(read("").size_parameter.empty());
  const auto page = read("pagination: {style: page, max_size: 50, total_header: X-Total}\n");
  CHECK(page.style == PaginationStyle::page);
  CHECK(page.page_parameter == "page");
  CHECK(page.size_parameter == "pageSize");
  CHECK(page.max_size == 50);
  CHECK(page.total_header == "X-Total");
  const auto offset =
      read("pagination: {style: offset, page_parameter: start, size_parameter: rows}\n");
  CHECK(offset.style == PaginationStyle::offset);
  CHECK(offset.page_parameter == "start");
  const auto cursor = read(
      "pagination: {style: cursor, cursor_parameter: after, cursor_path: /paging/next, "
      "records_path: /items, size_parameter: limit}\n");
  CHECK(cursor.style == PaginationStyle::cursor);
  CHECK(cursor.cursor_parameter == "after");
  CHECK(cursor.cursor_path == "/paging/next");
  CHECK(cursor.size_parameter == "limit");
  const auto link = read("pagination: {style: link_header, size_parameter: per_page}\n");
  CHECK(link.style == PaginationStyle::link_header);
  CHECK(link.page_parameter.empty());
}

TEST_CASE("where the records stand in an answer is said once, or by a list itself") {
  const auto records_of = [](std::string_view pagination, std::string_view list) {
    const LoadOutcome outcome =
        load(pagination, replaced(kThings,
                                  "list: Things of all groups, newest first, for when you need "
                                  "one.",
                                  list));
    REQUIRE(outcome.integration != nullptr);
    return outcome.integration->find_resource("things")->find_method("list")->records_path;
  };
  CHECK(records_of("", "list: {description: Things.}").empty());
  CHECK(records_of("pagination: {records_path: /items}\n", "list: Things.") == "/items");
  CHECK(records_of("pagination: {records_path: /items}\n",
                   "list: {description: Things., records_path: /things}") == "/things");
  CHECK(records_of("pagination: {records_path: /items}\n",
                   "list: {description: Things., records_path: \"\"}")
            .empty());
  CHECK(records_of("pagination: {style: page, total_path: /record_count}\n",
                   "list: {description: Things., records_path: /things}") == "/things");
}

TEST_CASE("pagination that contradicts itself is refused, and says what would go") {
  CHECK(problems_of("pagination: {style: pages}\n") ==
        "3: pagination: 'style' cannot be 'pages' (use one of none, page, offset, cursor, "
        "link_header)\n");
  CHECK(problems_of("pagination:\n  style: cursor\n") ==
        "4: pagination: style: cursor needs 'cursor_parameter' (add `cursor_parameter: cursor`)\n"
        "4: pagination: style: cursor needs 'cursor_path' (add `cursor_path: /next_cursor`)\n");
  CHECK(problems_of("pagination: {style: offset, page_parameter: start}\n")
            .contains("style: offset needs 'size_parameter'"));
  CHECK(problems_of("pagination: {style: page, size_parameter: \"\"}\n")
            .contains("style: page needs 'size_parameter'"));
  CHECK(problems_of("pagination:\n  style: page\n  cursor_parameter: after\n") ==
        "5: pagination: 'cursor_parameter' says nothing to style: page (it goes with style: "
        "cursor, or leave it out)\n");
  CHECK(problems_of("pagination: {style: link_header, page_parameter: page}\n")
            .contains("'page_parameter' says nothing to style: link_header"));
  CHECK(problems_of("pagination: {max_size: 10}\n")
            .contains("'max_size' says nothing to style: none"));
  CHECK(problems_of("pagination: {style: link_header, total_header: X-Total}\n")
            .contains("'total_header' says nothing to style: link_header"));
  CHECK(
      problems_of("pagination: {style: page, records_path: /a, total_path: /n, total_header: N}\n")
          .contains("both say where the total is"));
  CHECK(problems_of("pagination: {style: page, max_size: 0}\n").contains("max_size must be 1"));
  CHECK(problems_of("pagination: {records_path: items}\n")
            .contains("'records_path' is no pointer into an answer"));
  CHECK(problems_of("pagination: {style: page, total_path: /total}\n")
            .contains("'total_path' is never found: every answer is a list"));
}

TEST_CASE("a filter needs a language as well as a parameter, and an order a language") {
  CHECK(problems_of("pagination:\n  filter_parameter: q\n  order_parameter: sort\n") ==
        "4: pagination: 'filter_parameter' without a filter dialect, which would write what it "
        "carries (add `dialects: {filter: …}`, or leave it out)\n"
        "5: pagination: 'order_parameter' without a filter dialect, which would write what it "
        "carries (add `dialects: {filter: …}`, or leave it out)\n");
  CHECK(problems_of("dialects: {filter: connectwise_conditions}\n")
            .contains("a filter is written, and no parameter carries it"));
  CHECK(
      problems_of("pagination: {filter_parameter: q}\ndialects: {filter: connectwise_conditions}\n")
          .empty());
}

}  // namespace patchbay::pack
