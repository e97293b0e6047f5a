#include "pack/read_pagination.h"

#include <algorithm>
#include <array>

namespace patchbay::pack {
namespace {

constexpr std::int64_t kLargestPage = 100'000;  // that one answer may hold

// The styles that a key says something to; a key that is not here goes with all of them.
struct StyleKey {
  std::string_view key;
  std::array<PaginationStyle, 4> styles;
  std::string_view fix;
};

constexpr auto kNoStyle = PaginationStyle::none;
constexpr std::array kStyleKeys = {
    StyleKey{"page_parameter",
             {PaginationStyle::page, PaginationStyle::offset, kNoStyle, kNoStyle},
             "it goes with style: page or offset"},
    StyleKey{"size_parameter",
             {PaginationStyle::page, PaginationStyle::offset, PaginationStyle::cursor,
              PaginationStyle::link_header},
             "give the style of pages first"},
    StyleKey{"max_size",
             {PaginationStyle::page, PaginationStyle::offset, PaginationStyle::cursor,
              PaginationStyle::link_header},
             "give the style of pages first"},
    StyleKey{"query",
             {PaginationStyle::page, PaginationStyle::offset, PaginationStyle::cursor,
              PaginationStyle::link_header},
             "give the style of pages first"},
    StyleKey{"cursor_parameter",
             {PaginationStyle::cursor, kNoStyle, kNoStyle, kNoStyle},
             "it goes with style: cursor"},
    StyleKey{"cursor_path",
             {PaginationStyle::cursor, kNoStyle, kNoStyle, kNoStyle},
             "it goes with style: cursor"},
    StyleKey{"total_path",
             {PaginationStyle::page, PaginationStyle::offset, kNoStyle, kNoStyle},
             "other styles say by themselves whether there is more"},
    StyleKey{"total_header",
             {PaginationStyle::page, PaginationStyle::offset, kNoStyle, kNoStyle},
             "other styles say by themselves whether there is more"},
};

bool concerns(const StyleKey& key, PaginationStyle style) {
  return style != kNoStyle && std::ranges::find(key.styles, style) != key.styles.end();
}

void check_style(const Node& node, std::string_view style_name, Definition& definition) {
  const Pagination& page = definition.integration.pagination;
  for (const StyleKey& key : kStyleKeys) {
    const Node* given = node.find(key.key);
    if (given == nullptr || concerns(key, page.style)) continue;
    definition.problems.error(given->line,
                              "pagination: '" + std::string(key.key) +
                                  "' says nothing to style: " + std::string(style_name),
                              std::string(key.fix) + ", or leave it out");
  }
  const auto need = [&](const std::string& value, std::string_view key, std::string_view example) {
    if (!value.empty()) return;
    definition.problems.error(
        node.line,
        "pagination: style: " + std::string(style_name) + " needs '" + std::string(key) + "'",
        "add `" + std::string(key) + ": " + std::string(example) + "`");
  };
  if (page.style == PaginationStyle::page || page.style == PaginationStyle::offset) {
    need(page.page_parameter, "page_parameter",
         page.style == PaginationStyle::page ? "page" : "offset");
    need(page.size_parameter, "size_parameter", "pageSize");
  }
  if (page.style == PaginationStyle::cursor) {
    need(page.cursor_parameter, "cursor_parameter", "cursor");
    need(page.cursor_path, "cursor_path", "/next_cursor");
  }
  if (!page.total_path.empty() && !page.total_header.empty()) {
    definition.problems.error(node.find("total_header")->line,
                              "pagination: total_path and total_header both say where the total is",
                              "keep one of them");
  }
}

// A total and a cursor stand beside the list, which an answer that is a list has no room for.
void check_answers_later(const Node& node, Definition& definition) {
  for (const char* key : {"total_path", "cursor_path"}) {
    const Node* given = node.find(key);
    if (given == nullptr) continue;
    definition.later([&definition, key = std::string(key), line = given->line] {
      const bool found =
          std::ranges::any_of(definition.integration.resources, [](const Resource& resource) {
            return std::ranges::any_of(resource.methods, [](const Method& method) {
              return method.kind == MethodKind::list && !method.records_path.empty();
            });
          });
      if (found) return;
      definition.problems.error(line,
                                "pagination: '" + key + "' is never found: every answer is a list",
                                "say where the list stands in the answer: `records_path: /items`");
    });
  }
}

}  // namespace

void read_pagination(const Node& node, Definition& definition) {
  MappingReader reader(node, "pagination", definition.problems);
  Pagination& page = definition.integration.pagination;
  const auto problems_before = definition.problems.size();
  page.style = reader.word("style", kPaginationStyles, PaginationStyle::none);
  const bool known = definition.problems.size() == problems_before;
  const bool by_number = page.style == PaginationStyle::page;
  page.page_parameter = reader.text("page_parameter", by_number ? "page" : "");
  page.size_parameter = reader.text("size_parameter", by_number ? "pageSize" : "");
  page.max_size = reader.integer("max_size", page.max_size);
  page.cursor_parameter = reader.text("cursor_parameter");
  page.cursor_path = reader.pointer("cursor_path");
  page.records_path = reader.pointer("records_path");
  page.total_path = reader.pointer("total_path");
  page.total_header = reader.text("total_header");
  page.order_parameter = reader.text("order_parameter");
  page.fields_parameter = reader.text("fields_parameter");
  page.filter_parameter = reader.text("filter_parameter");
  page.id_field = reader.text("id_field", page.id_field);
  for (auto& [name, value] : reader.text_map("query")) page.constants.emplace(name, value);
  if (page.max_size < 1 || page.max_size > kLargestPage) {
    definition.problems.error(node.line, "pagination: max_size must be 1 to 100000",
                              "write the largest page that the API gives");
  }
  // Of a style that there is not, nobody knows what it takes.
  if (known) check_style(node, word_of(kPaginationStyles, page.style), definition);
  check_answers_later(node, definition);
}

void check_pagination(const Node& root, Definition& definition) {
  const Pagination& page = definition.integration.pagination;
  const bool has_language = definition.names_filter_dialect;
  const Node* pagination = root.find("pagination");
  for (const char* key : {"filter_parameter", "order_parameter"}) {
    const Node* given = pagination != nullptr ? pagination->find(key) : nullptr;
    if (given == nullptr || given->text.empty() || has_language) continue;
    definition.problems.error(given->line,
                              std::string("pagination: '") + key +
                                  "' without a filter dialect, "
                                  "which would write what it carries",
                              "add `dialects: {filter: …}`, or leave it out");
  }
  if (!definition.integration.dialects.filter.empty() && page.filter_parameter.empty()) {
    definition.problems.error(root.find("dialects")->line,
                              "dialects: a filter is written, and no parameter carries it",
                              "add `filter_parameter` under `pagination`, or leave `filter` out");
  }
}

}  // namespace patchbay::pack
