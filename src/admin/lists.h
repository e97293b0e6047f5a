// Lists: {"result": [...], "next_cursor": "..." or null}, newest first, with limit and next_cursor.
#pragma once

#include <utility>
#include <vector>

#include "admin/api_request.h"
#include "control/approvals.h"

namespace patchbay::admin {

inline constexpr std::string_view kLimitHelp = "How many at most: 1 to 1000; 100 if not given.";
inline constexpr std::string_view kCursorHelp =
    "next_cursor of the page before, exactly as it was received.";

// One record more than was asked for, which tells whether there is another page.
// Errors: invalid_argument (limit, next_cursor).
Result<control::Page> read_page(const ApiRequest& request);

std::string cursor_of(const control::Page::Position& position);

template <class Row>
control::Page::Position position_of(const Row& row) {
  return {row.created_at, row.id};
}
inline control::Page::Position position_of(const control::Approval& approval) {
  return position_of(approval.row);
}

// `rows` as they came for read_page's page; `view` makes the JSON of one.
template <class Row, class View>
json::Value list_view(const std::vector<Row>& rows, const control::Page& page, View view) {
  const std::size_t shown = std::min(rows.size(), page.limit - 1);
  json::Array result;
  for (std::size_t i = 0; i < shown; ++i) result.push_back(view(rows[i]));
  json::Value next;
  if (rows.size() > shown) {
    next = cursor_of(position_of(rows[shown - 1]));
  }
  return json::Object{{"result", std::move(result)}, {"next_cursor", std::move(next)}};
}

}  // namespace patchbay::admin
