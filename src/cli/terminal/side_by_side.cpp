#include "cli/terminal/side_by_side.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "cli/terminal/display_text.h"

namespace patchbay::cli {
namespace {

constexpr std::size_t kMostOfName = 30;
constexpr std::size_t kLeastOfColumn = 10;  // however narrow the terminal is

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  const std::string fit = many_lines(text);
  Lines lines;
  for (const std::string_view line : split(fit, '\n')) lines.emplace_back(line);
  return lines;
}

struct Row {
  Lines name;
  Lines before;
  Lines after;
};

std::size_t widest(const std::vector<Row>& rows, Lines Row::* column) {
  std::size_t columns = 0;
  for (const Row& row : rows) {
    for (const std::string& line : row.*column) columns = std::max(columns, columns_of(line));
  }
  return columns;
}

void break_lines(std::vector<Row>& rows, Lines Row::* column, std::size_t width) {
  for (Row& row : rows) {
    Lines broken;
    for (const std::string& line : row.*column) {
      for (std::string& piece : broken_at(line, width)) broken.push_back(std::move(piece));
    }
    row.*column = std::move(broken);
  }
}

void append_cell(std::string& line, const Lines& lines, std::size_t at, std::size_t width) {
  const std::string_view text = at < lines.size() ? std::string_view(lines[at]) : "";
  line += text;
  line.append(width - columns_of(text) + kColumnGap, ' ');
}

}  // namespace

std::string side_by_side(const std::vector<Compared>& compared, std::optional<std::size_t> width) {
  std::vector<Row> rows{{{"FIELD"}, {"BEFORE"}, {"AFTER"}}};
  for (const Compared& each : compared) {
    rows.push_back({lines_of(each.name), lines_of(each.before), lines_of(each.after)});
  }
  if (width) {
    break_lines(rows, &Row::name, kMostOfName);
    const std::size_t taken = widest(rows, &Row::name) + 2 * kColumnGap;
    const std::size_t room = std::max(*width, taken + 2 * kLeastOfColumn) - taken;
    // What one column does not need, the other has.
    const std::size_t half = room / 2;
    const std::size_t before = widest(rows, &Row::before);
    const std::size_t after = widest(rows, &Row::after);
    break_lines(rows, &Row::before, after < half ? room - after : std::min(before, half));
    break_lines(rows, &Row::after, room - widest(rows, &Row::before));
  }
  const std::size_t name = widest(rows, &Row::name);
  const std::size_t before = widest(rows, &Row::before);
  std::string text;
  for (const Row& row : rows) {
    const std::size_t height = std::max({row.name.size(), row.before.size(), row.after.size()});
    for (std::size_t at = 0; at < height; ++at) {
      std::string line;
      append_cell(line, row.name, at, name);
      append_cell(line, row.before, at, before);
      if (at < row.after.size()) line += row.after[at];
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
  }
  return text;
}

}  // namespace patchbay::cli
