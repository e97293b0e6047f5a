#include "cli/terminal/table.h"

#include <algorithm>
#include <numeric>

#include "cli/terminal/display_text.h"

namespace patchbay::cli {
namespace {

// Less of a cell tells nothing.
constexpr std::size_t kLeastOfCell = 6;

void append_line(std::string& text, const std::vector<std::string>& cells,
                 const std::vector<std::size_t>& widths) {
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const std::string cell = cut_to(cells[at], widths[at]);
    text += cell;
    if (at + 1 == cells.size()) break;
    text.append(widths[at] - columns_of(cell) + kColumnGap, ' ');
  }
  text.erase(text.find_last_not_of(' ') + 1);
}

}  // namespace

void Table::add(const std::vector<std::string>& cells) {
  std::vector<std::string>& row = rows_.emplace_back();
  for (const std::string& cell : cells) row.push_back(one_line(cell));
}

std::vector<std::size_t> Table::widths(std::optional<std::size_t> width) const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(columns_of(column.title));
  for (const auto& row : rows_) {
    for (std::size_t at = 0; at < row.size(); ++at) {
      widths[at] = std::max(widths[at], columns_of(row[at]));
    }
  }
  if (!width) return widths;
  std::size_t taken =
      std::accumulate(widths.begin(), widths.end(), kColumnGap * (widths.size() - 1));
  // The widest that may be cut gives, a column at a time.
  while (taken > *width) {
    std::size_t widest = widths.size();
    for (std::size_t at = 0; at < widths.size(); ++at) {
      if (columns_[at].whole || widths[at] <= kLeastOfCell) continue;
      if (widest == widths.size() || widths[at] > widths[widest]) widest = at;
    }
    if (widest == widths.size()) break;
    --widths[widest];
    --taken;
  }
  return widths;
}

std::string Table::text(std::optional<std::size_t> width, bool bold_head) const {
  const std::vector<std::size_t> wide = widths(width);
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.emplace_back(column.title);
  std::string text;
  append_line(text, titles, wide);
  if (bold_head) text = "\x1b[1m" + text + "\x1b[0m";
  text += '\n';
  for (const auto& row : rows_) {
    append_line(text, row, wide);
    text += '\n';
  }
  return text;
}

}  // namespace patchbay::cli
