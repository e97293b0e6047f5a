// What is and what would be, in two columns, whole: whoever decides by it must see all of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace patchbay::cli {

struct Compared {
  std::string name;
  std::string before;  // may have lines
  std::string after;
};

// Lines under the heads FIELD, BEFORE and AFTER. Each text is made fit for a terminal, and is
// broken where it is wider than its column; nothing is cut. `width`: the columns of the terminal;
// nothing: no line is broken.
std::string side_by_side(const std::vector<Compared>& rows, std::optional<std::size_t> width);

}  // namespace patchbay::cli
