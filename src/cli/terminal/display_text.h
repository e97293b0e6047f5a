// Text that others wrote, made fit for a terminal: nothing in it steers the terminal, and it is
// known how many columns it takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::cli {

// Spaces between two columns.
inline constexpr std::size_t kColumnGap = 2;

// Control characters (also those of Unicode's C1, and what turns the direction of writing) and
// bytes that are no UTF-8 become U+FFFD; line ends and tabs become spaces.
std::string one_line(std::string_view text);
// The same, but line ends stay, and a tab is two spaces.
std::string many_lines(std::string_view text);

// How many columns a line takes: combining characters none, those of East Asia and emoji two.
std::size_t columns_of(std::string_view line);
// The line, with "…" for its end where it takes more than `columns`.
std::string cut_to(std::string_view line, std::size_t columns);
// The whole line in pieces of at most `columns` (from 2 on: a character of East Asia takes two), at
// its spaces where it has any. Of an empty line: one that is empty.
std::vector<std::string> broken_at(std::string_view line, std::size_t columns);

}  // namespace patchbay::cli
