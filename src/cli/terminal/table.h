// Rows in columns, for people.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::cli {

struct Column {
  std::string_view title;
  bool whole = false;  // never cut: it is there to be copied
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as there are columns; each is made fit for a terminal here.
  void add(const std::vector<std::string>& cells);
  // With a head. `width`: the columns of the terminal, in which each line finds room if its whole
  // cells do; nothing: no cell is cut. `bold_head`: the head is styled for a terminal.
  std::string text(std::optional<std::size_t> width, bool bold_head) const;

 private:
  std::vector<std::size_t> widths(std::optional<std::size_t> width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace patchbay::cli
